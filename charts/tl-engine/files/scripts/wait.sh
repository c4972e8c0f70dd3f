#!/bin/sh
# wait.sh: until the database at PGHOST accepts connections, WAIT_SECONDS at most.
set -eu
trap 'exit 143' INT TERM
PATH=$PATH:$(echo /usr/lib/postgresql/*/bin | tr ' ' ':')
end=$(($(date +%s) + WAIT_SECONDS))
# A name for the user, since libpq would look its own user id up, which the image may not know.
until pg_isready --quiet --timeout=3 --username=nobody; do
  [ "$(date +%s)" -lt "$end" ] || {
    printf 'tl-engine: the database at %s did not answer within %s s\n' "$PGHOST" "$WAIT_SECONDS" >&2
    exit 1
  }
  sleep 1
done
