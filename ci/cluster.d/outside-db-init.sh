#!/usr/bin/env bash
# The first process of the outside database, in namespaces of its own: outside-db-init.sh ROOT COMMAND...
set -euo pipefail
root=$1
shift
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mkdir -p "$root/run/postgresql"
chown 999:999 "$root/run/postgresql"
cd /
exec chroot "$root" setpriv --reuid=999 --regid=999 --clear-groups "$@"
