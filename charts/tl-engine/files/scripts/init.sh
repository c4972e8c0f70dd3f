#!/bin/sh
# Init container: leaves a data directory that this image's PostgreSQL can run, or stops and says why.
# An empty volume is filled beside PGDATA and renamed at the very end, so an interrupted start begins again.
set -eu
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
umask 077
# As process 1 this shell would ignore the kubelet's SIGTERM.
trap 'exit 143' INT TERM

new=$PGDATA.new

refuse_foreign_files() {
  [ -z "$(ls -A "$PGDATA" 2>/dev/null)" ] ||
    die "$PGDATA holds files but no PG_VERSION: not a complete data directory. Nothing was changed."
  for found in "$volume/PG_VERSION" "$volume"/*/PG_VERSION "$volume"/*/docker/PG_VERSION; do
    [ "$found" = "$new/PG_VERSION" ] || [ ! -e "$found" ] ||
      die "the volume holds a data directory in another place ($(dirname "$found"))." \
        "Move it to $PGDATA, or use another claim. Nothing was changed."
  done
}

# Before initdb, because the roles made now stay as they are.
check_credentials() {
  [ -n "${PGUSER:-}" ] || die "the Secret's user name is empty"
  [ -n "${PGPASSWORD:-}" ] || die "the Secret's password is empty"
  case $PGUSER in
    postgres) die "the Secret's user name is postgres: that is the superuser, the application needs its own role" ;;
    pg_*) die "the Secret's user name begins with pg_: PostgreSQL keeps such names for itself" ;;
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

# The server listens on a socket in a directory of its own only, and never logs a statement: one holds the password.
create_roles() {
  socket=$(mktemp -d)
  pg_ctl --pgdata="$new" --wait --silent start --options="-c listen_addresses='' -c unix_socket_directories='$socket' \
    -c log_statement=none -c log_min_error_statement=panic -c password_encryption=scram-sha-256 -c fsync=off"
  PGCLIENTENCODING=UTF8 psql --no-psqlrc --quiet --host="$socket" --username=postgres --dbname=postgres \
    --set=ON_ERROR_STOP=1 --set=VERBOSITY=terse --file="$(dirname "$0")/roles.sql"
  pg_ctl --pgdata="$new" --wait --silent --mode=fast stop
  rmdir "$socket"
}

publish() {
  initdb --sync-only --pgdata="$new" >/dev/null
  [ ! -d "$PGDATA" ] || rmdir "$PGDATA"
  mv "$new" "$PGDATA"
  sync "$volume" 2>/dev/null || sync
}

find_server
lock_volume
if has_data; then
  check_major
  say "found the data of PostgreSQL $major in $PGDATA"
  exit 0
fi
refuse_foreign_files
check_credentials
[ "$(image_major)" -ge 15 ] || die "the image holds PostgreSQL $(image_major): 15 or later is needed"
say "the volume is empty: creating $PGDATA"
create_cluster
create_roles
publish
say "created $PGDATA for PostgreSQL $(image_major)"
