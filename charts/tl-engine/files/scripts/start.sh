#!/bin/sh
# Main container: guards what must hold at every start (init containers do not run again when only the container
# restarts), then becomes PostgreSQL.
set -eu
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# A shell that is process 1 hears no signal without a trap: a pod deleted now would live until its grace period ends.
trap 'exit 143' INT TERM

# The password stands in a file that only this user can read, never in an argument.
passfile=/tmp/replication.pgpass
write_passfile() {
  escaped=$(printf %s "$REPLICATION_PASSWORD" | sed 's/[\\:]/\\&/g')
  (umask 077 && printf '*:*:*:tl_replication:%s\n' "$escaped" >"$passfile")
}

configured() { postgres -D "$PGDATA" -c config_file="$config/postgresql.conf" -C "$1"; }

find_server
lock_volume
has_data || die "$PGDATA holds no data, though the init container had made sure of it: is the volume mounted?"
check_major
# Volumes whose group the kubelet sets come group-writable, which PostgreSQL refuses.
chmod 0700 "$PGDATA"
set --
if [ -n "${PRIMARY:-}" ]; then
  [ -e "$PGDATA/standby.signal" ] || die "$PGDATA is no standby's: it was promoted. Nothing was changed."
  write_passfile
  # Bounds, because the primary's address changes hands while its pod is replaced: an attempt that went to the old one
  # would otherwise last as long as the kernel's, two minutes. connect_timeout counts for nothing in a WAL receiver.
  set -- -c primary_slot_name="$(slot_name)" -c "primary_conninfo=host=$PRIMARY port=5432 user=tl_replication\
 passfile=$passfile application_name=$POD_NAME tcp_user_timeout=10000\
 keepalives_idle=30 keepalives_interval=10 keepalives_count=3"
  # A standby may not start with less of these than the primary had when it wrote the WAL to be read next. A lower
  # setting counts at the first start after it came through.
  for name in max_connections max_worker_processes max_wal_senders max_prepared_xacts max_locks_per_xact; do
    had=$(control "$name setting")
    setting=$(echo "$name" | sed 's/xact/transaction/')
    [ "$had" -le "$(configured "$setting")" ] || set -- "$@" -c "$setting=$had"
  done
fi
# For psql in this container; the server needs none of it.
unset PGUSER PGPASSWORD PGDATABASE REPLICATION_PASSWORD
/bin/sh "$(dirname "$0")/watch.sh" $$ "$(config_state)" 9>&- &
# What probes, Services and scripts rest on stands here, where no configuration file can change it.
exec postgres -D "$PGDATA" -c data_directory="$PGDATA" -c config_file="$config/postgresql.conf" \
  -c hba_file="$config/pg_hba.conf" -c ident_file="$config/pg_ident.conf" -c listen_addresses='*' -c port=5432 \
  -c unix_socket_directories=/var/run/postgresql,/tmp "$@"
