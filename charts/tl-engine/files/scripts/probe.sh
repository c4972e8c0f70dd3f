#!/bin/sh
# probe.sh alive | ready. pg_isready: 0 accepts, 1 refuses for now (recovery, starting, stopping), 2 no answer.
# A server in recovery is alive: killing it would only begin the recovery again.
set -eu
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
find_server
answer=0
pg_isready --quiet --timeout=3 --host=localhost || answer=$?
case $1 in
  alive) [ "$answer" -le 1 ] ;;
  ready) [ "$answer" -eq 0 ] ;;
esac
