#!/bin/sh
# helm test: writes a row as the application, reads it back over another connection, and on each host of STANDBYS.
# The table is its own and goes away again, whatever happens.
set -eu
say() { printf 'tl-engine: %s\n' "$*"; }
PATH=$PATH:$(echo /usr/lib/postgresql/*/bin | tr ' ' ':')
export PGCONNECT_TIMEOUT=10
table=tl_engine_test_$(date +%s)_$$

ask() { psql --no-psqlrc --no-password --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --command="$1"; }
on() { PGHOST=$1 ask "$2"; }

trap 'ask "DROP TABLE IF EXISTS $table"' EXIT
trap 'exit 143' INT TERM
ask "CREATE TABLE $table (word text)"
ask "INSERT INTO $table VALUES ('kept')"
[ "$(ask "SELECT word FROM $table")" = kept ]
say "written to $PGHOST and read back"
for host in $STANDBYS; do
  left=30
  until [ "$(on "$host" "SELECT word FROM $table" 2>/dev/null)" = kept ]; do
    left=$((left - 1))
    [ $left -gt 0 ] || { say "the row did not come to $host within 30 s"; exit 1; }
    sleep 1
  done
  say "read on the standby $host"
done
