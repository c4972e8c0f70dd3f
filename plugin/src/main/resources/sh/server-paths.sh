#!/bin/sh
# server-paths.sh BACKEND [FOLDER]: the data directory of the server that the process BACKEND belongs to, and where its
# pg_wal really lies. FOLDER is the data directory where the server itself has told it.
parent() {
  while read -r key value _; do
    [ "$key" != PPid: ] || echo "$value"
  done <"/proc/$1/status"
}

folder=${2:-}
if [ -z "$folder" ]; then
  server=$(parent "$1") || exit 1
  # The server's working directory is its data directory. Another user may not see it.
  folder=$(readlink "/proc/$server/cwd") || exit 1
fi
[ -d "$folder" ] || exit 1
echo "data $(readlink -f "$folder")"
wal=$(readlink -f "$folder/pg_wal") || exit 1
echo "wal $wal"
for link in "$folder"/pg_tblspc/*; do
  [ ! -L "$link" ] || echo "tablespace $(readlink -f "$link")"
done
