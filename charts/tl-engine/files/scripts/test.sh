#!/bin/sh
# helm test: writes a row as the application, reads it back, and reads on each host of STANDBYS. What it makes is its
# own and goes away again, whatever happens.
set -eu
say() { printf 'tl-engine: %s\n' "$*"; }
die() {
  say "$*"
  exit 1
}
trap 'exit 143' INT TERM
PATH=$PATH:$(echo /usr/lib/postgresql/*/bin | tr ' ' ':')
export PGCONNECT_TIMEOUT=10

# ask QUERY [URL WITHOUT PASSWORD]
ask() {
  psql --no-psqlrc --no-password --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --command="$1" ${2:+"$2"}
}

# The database of this release: a table, so that another connection and the standbys can read it.
round_trip_here() {
  table=tl_engine_test_$(date +%s)
  trap 'ask "DROP TABLE IF EXISTS $table"' EXIT
  ask "CREATE TABLE $table (word text)"
  ask "INSERT INTO $table VALUES ('kept')"
  [ "$(ask "SELECT word FROM $table")" = kept ]
  say "written to $PGHOST and read back"
  for host in $STANDBYS; do
    left=30
    until [ "$(PGHOST=$host ask "SELECT word FROM $table" 2>/dev/null)" = kept ]; do
      left=$((left - 1))
      [ $left -gt 0 ] || die "the row did not come to $host within 30 s"
      sleep 1
    done
    say "read on the standby $host"
  done
}

percent_decoded() {
  rest=$1
  while [ "$rest" != "${rest#*%}" ]; do
    printf %s "${rest%%\%*}"
    rest=${rest#*%}
    # shellcheck disable=SC2059 # the format is one character, by its number
    printf "\\$(printf %03o "0x${rest%"${rest#??}"}")"
    rest=${rest#??}
  done
  printf %s "$rest"
}

# by_url URL QUERY: the password goes by environment, since everybody on the node can read arguments. A dot behind it
# keeps a line break at its end.
by_url() {
  user_info=${1#*://}
  user_info=${user_info%%[/?]*}
  case $1 in
    *[?\&]password=* | *[?\&]sslpassword=*) die "a URL names a password behind the '?': it belongs before the '@'" ;;
    *://*) ;;
    *) die "a URL does not begin with postgresql://" ;;
  esac
  case $user_info in
    *:*@*)
      password=${user_info%@*}
      password=$(percent_decoded "${password#*:}" && echo .)
      PGPASSWORD=${password%.} ask "$2" "${1%%://*}://${user_info%%:*}@${user_info##*@}${1#*://"$user_info"}"
      ;;
    *) ask "$2" "$1" ;;
  esac
}

# Somebody else's database: a temporary table, which no other connection sees, in one transaction, which a pooler keeps
# together.
round_trip_there() {
  [ "$(by_url "$2" "CREATE TEMPORARY TABLE tl_engine_test (word text) ON COMMIT DROP;
    INSERT INTO tl_engine_test VALUES ('kept'); SELECT word FROM tl_engine_test")" = kept ]
  say "written by $1 and read back"
}

if [ -n "${PGHOST:-}" ]; then
  round_trip_here
  exit 0
fi
round_trip_there DATABASE_URL "$DATABASE_URL"
[ -z "${DATABASE_URL_DIRECT:-}" ] || round_trip_there DATABASE_URL_DIRECT "$DATABASE_URL_DIRECT"
if [ -n "${DATABASE_URL_READ:-}" ]; then
  [ "$(by_url "$DATABASE_URL_READ" 'SELECT 1')" = 1 ]
  say "read by DATABASE_URL_READ"
fi
