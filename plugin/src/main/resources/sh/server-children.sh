#!/bin/sh
# server-children.sh BACKEND: the server that the process BACKEND belongs to, and its children, one line each.
# Runs inside the database's container; needs nothing but a shell and /proc.
parent() {
  while read -r key value _; do
    [ "$key" != PPid: ] || echo "$value"
  done <"/proc/$1/status"
}

server=$(parent "$1") || exit 1
[ -n "$server" ] || exit 1
echo "server $server"
for folder in /proc/[0-9]*; do
  pid=${folder#/proc/}
  # A process may end while it is looked at.
  [ "$(parent "$pid" 2>/dev/null)" = "$server" ] || continue
  title=
  read -r title <"$folder/cmdline" || true
  echo "child $pid $title"
done 2>/dev/null
