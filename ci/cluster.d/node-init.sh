#!/usr/bin/env bash
# The first process of a node, run by node.sh in new network, mount, process and host name namespaces:
# node-init.sh NODE NODE-DIRECTORY PAUSE. It lays out what the node's programs shall see and then waits.
# All of it ends with this process: its mounts are seen by the node alone.
set -euo pipefail
node=$1 dir=$2 pause=$3

hostname "$node"
mount -t proc proc /proc
# Pods may ask for mounts that propagate; among ourselves, not to the host.
mount --make-rshared /

# The places that the programs know by heart, and would write to on the host.
mount -t tmpfs -o mode=755 node-run /run
mkdir -p /run/netns /run/lock "$dir/log" "$dir/cni"
mount --bind "$dir/log" /var/log
mount --bind "$dir/cni" /var/lib/cni

# The kubelet insists on these settings of the kernel and writes them when they differ. They are the whole host's, so it is
# shown what it wants to see instead. None of them matters to a test cluster.
seen() {
  [[ -e "/proc/sys/$1" ]] || return 0
  mkdir -p "/run/seen/$(dirname "$1")"
  printf '%s\n' "$2" >"/run/seen/$1"
  mount --bind "/run/seen/$1" "/proc/sys/$1"
}
seen vm/overcommit_memory 1
seen vm/panic_on_oom 0
seen kernel/panic 10
seen kernel/panic_on_oops 1
seen kernel/keys/root_maxkeys 1000000
seen kernel/keys/root_maxbytes 25000000

# These two are the namespace's own.
ip link set lo up
printf '1\n' >/proc/sys/net/ipv4/ip_forward

: >"$dir/laid-out"
exec "$pause"
