#!/bin/sh
# Init container: leaves a data directory that this image's PostgreSQL can run, or stops and says why.
# An empty volume is filled beside PGDATA and renamed at the very end, so an interrupted start begins again.
set -eu
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
umask 077
# As process 1 this shell would ignore the kubelet's SIGTERM.
trap 'exit 143' INT TERM

scripts=$(dirname "$0")
# Init scripts run in the order of their names, whatever the image's language.
export LC_ALL=C

# Before initdb, because the roles made now keep their names.
check_credentials() {
  [ -n "${PGUSER:-}" ] || die "the Secret's user name is empty"
  [ -n "${PGPASSWORD:-}" ] || die "the Secret's password is empty"
  case $PGUSER in
    postgres) die "the Secret's user name is postgres: that is the superuser, the application needs its own role" ;;
    pg_*) die "the Secret's user name begins with pg_: PostgreSQL keeps such names for itself" ;;
    tl_monitoring | tl_replication) die "the Secret's user name is $PGUSER: the chart has a role of that name" ;;
  esac
  case ${PGDATABASE:-} in
    '' | *[!A-Za-z0-9_.-]*) die "the database's name is '${PGDATABASE:-}': use letters, digits, _, . or -" ;;
    postgres | template0 | template1) die "the database's name is $PGDATABASE, which PostgreSQL keeps for itself" ;;
  esac
  case $PGUSER$PGPASSWORD in
    *"
"*) die "the Secret's user name or password holds a line break: was it written by echo? Use printf %s" ;;
  esac
}

# Sort order by code point: the same on every image, so no index breaks when the C library changes.
# The superuser has no password and logs in by peer only.
create_cluster() {
  rm -rf "$new"
  initdb --pgdata="$new" --username=postgres --auth-local=peer --auth-host=scram-sha-256 \
    --data-checksums --encoding=UTF8 --locale=C.UTF-8 --lc-collate=C --no-sync >/dev/null
}

# with_server DIRECTORY COMMAND...: a server on DIRECTORY while COMMAND runs. It listens on a socket in a directory of
# its own only, with the settings that the data is used to (a slot or a prepared transaction may need them), and never
# logs a statement: one holds the password. Recovery after a crash takes as long as it takes.
with_server() {
  directory=$1
  shift
  socket=$(mktemp -d)
  # A directory that is not published yet is thrown away after a crash.
  fsync=off
  [ "$directory" = "$new" ] || fsync=on
  pg_ctl --pgdata="$directory" --wait --timeout=86400 --silent start --options="-c data_directory='$directory' \
    -c config_file='$config/postgresql.conf' -c hba_file='$config/pg_hba.conf' -c ident_file='$config/pg_ident.conf' \
    -c listen_addresses='' -c port=5432 -c unix_socket_directories='$socket' -c fsync=$fsync \
    -c log_statement=none -c log_min_error_statement=panic \
    -c log_min_duration_statement=-1 -c log_destination=stderr -c logging_collector=off -c log_min_messages=fatal"
  "$@"
  pg_ctl --pgdata="$directory" --wait --timeout=86400 --silent --mode=fast stop
  rmdir "$socket"
}

run_sql() {
  PGCLIENTENCODING=UTF8 psql --no-psqlrc --quiet --tuples-only --host="$socket" --username=postgres \
    --set=ON_ERROR_STOP=1 --set=VERBOSITY=terse "$@"
}

create_roles() {
  run_sql --dbname=postgres --file="$scripts/roles.sql" --file="$scripts/passwords.sql"
  for script in "$scripts"/user.*.sql; do
    [ -e "$script" ] || continue
    say "running the init script ${script#"$scripts/user."}"
    run_sql --dbname="$PGDATABASE" --command='\getenv app_user PGUSER' --file="$script"
  done
}

# The standbys may hold what this volume lost: a new, empty database would only look well.
refuse_to_forget() {
  answer=0
  pg_isready --quiet --timeout=3 --host="$STANDBYS" || answer=$?
  [ "$answer" -gt 1 ] || die "this volume is empty, but a standby answers at $STANDBYS and holds data." \
    "No new database was made. To take the data over: database.statefulset.recoverFrom=POD-OF-A-STANDBY, then delete" \
    "this pod (README: Promotion by hand). To begin without it: uninstall, and delete the claims of the standbys."
}

# A copy of the standby, promoted: it begins a new timeline, which the other standbys can follow.
recover() {
  say "the volume is empty: copying $RECOVER_FROM"
  copy_server "$RECOVER_FROM"
  touch "$new/standby.signal"
  with_server "$new" promote
}

promote() {
  pg_ctl --pgdata="$new" --wait --timeout=86400 --silent promote
  renew_passwords
}

renew_passwords() { run_sql --dbname=postgres --file="$scripts/passwords.sql"; }

find_server
lock_volume
if has_data; then
  check_major
  check_credentials
  chmod 0700 "$PGDATA"
  with_server "$PGDATA" renew_passwords
  say "found the data of PostgreSQL $major in $PGDATA, its passwords are those of the Secret"
  exit 0
fi
refuse_foreign_files
check_credentials
[ "$(image_major)" -ge 15 ] || die "the image holds PostgreSQL $(image_major): 15 or later is needed"
if [ -n "${RECOVER_FROM:-}" ]; then
  recover
else
  [ -z "${STANDBYS:-}" ] || refuse_to_forget
  say "the volume is empty: creating $PGDATA"
  create_cluster
  with_server "$new" create_roles
fi
publish
say "$PGDATA is complete, for PostgreSQL $(image_major)"
