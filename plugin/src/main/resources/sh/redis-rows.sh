#!/bin/sh
# redis-rows.sh PORT ping|write|read|others|remove [PREFIX | KEY VALUE...]: the keys of a scenario in the container's own Redis.
# A password comes from the container's own variables: nobody sees it in an argument.
port=$1 verb=$2
shift 2
REDISCLI_AUTH=${REDISCLI_AUTH:-${REDIS_PASSWORD:-}}
if [ -n "$REDISCLI_AUTH" ]; then export REDISCLI_AUTH; else unset REDISCLI_AUTH; fi
cli() { redis-cli -p "$port" "$@" </dev/null; }

case $verb in
  ping) cli PING ;;
  write) cli MSET "$@" ;;
  # What could not be asked for must not look like what is not there.
  read)
    keys=$(cli --scan --pattern "$1*") || exit 1
    [ -z "$keys" ] || echo "$keys" | while IFS= read -r key; do
      value=$(cli --raw GET "$key") || exit 1
      echo "key $key"
      echo "value $value" | head -n 1
    done
    ;;
  others)
    all=$(cli DBSIZE) && own=$(cli --scan --pattern "$1*") || exit 1
    echo "$((${all#"(integer) "} - $(printf '%s' "$own" | grep -c '')))"
    ;;
  remove)
    keys=$(cli --scan --pattern "$1*") || exit 1
    [ -z "$keys" ] || echo "$keys" | while IFS= read -r key; do cli DEL "$key" || exit 1; done >/dev/null
    ;;
esac
