#!/bin/sh
# Main container: guards what must hold at every start (init containers do not run again when only the container
# restarts), then becomes PostgreSQL.
set -eu
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

find_server
lock_volume
has_data || die "$PGDATA holds no data, though the init container had made sure of it: is the volume mounted?"
check_major
# Volumes whose group the kubelet sets come group-writable, which PostgreSQL refuses.
chmod 0700 "$PGDATA"
# For psql in this container; the server needs none of it.
unset PGUSER PGPASSWORD PGDATABASE
/bin/sh "$(dirname "$0")/watch.sh" $$ "$(config_state)" 9>&- &
# What probes, Services and scripts rest on stands here, where no configuration file can change it.
exec postgres -D "$PGDATA" -c data_directory="$PGDATA" -c config_file="$config/postgresql.conf" \
  -c hba_file="$config/pg_hba.conf" -c ident_file="$config/pg_ident.conf" -c listen_addresses='*' -c port=5432 \
  -c unix_socket_directories=/var/run/postgresql,/tmp
