#!/bin/sh
# server-kill.sh PID SERVER: SIGKILL to PID, if it is a child of the server.
while read -r key value _; do
  [ "$key" != PPid: ] || parent=$value
done <"/proc/$1/status" || exit 1
if [ "${parent:-}" != "$2" ]; then
  echo "process $1 is no child of process $2" >&2
  exit 1
fi
kill -s KILL "$1"
