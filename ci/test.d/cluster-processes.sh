#!/usr/bin/env bash
# What ci/cluster records of a process that it started in a process namespace is the program, never the unshare or the
# shell before it: nsenter into those would enter the host's process namespace with the node's /proc.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/say.sh
source ci/lib/say.sh
# shellcheck source=ci/cluster.d/processes.sh
source ci/cluster.d/processes.sh
cluster_parts=$PWD/ci/cluster.d pid_dir=$tap_dir/pids log_dir=$tap_dir/log
mkdir "$tap_dir/slow"

# The record is made by mv. This one stands still behind it, as a busy machine does.
printf '#!/bin/sh\n%s "$@" && sleep 1\n' "$(command -v mv)" >"$tap_dir/slow/mv"
chmod +x "$tap_dir/slow/mv"

# started NAME PATH: what is known of it runs in a process namespace that is not this test's.
started() {
  (PATH=$2:$PATH start_inside "$1" unshare --pid --fork --kill-child -- sleep 1000)
  at_end "stop $1 0"
  [[ "$(cat "/proc/$(pid_of "$1")/comm")" == sleep ]] &&
    [[ "$(readlink "/proc/$(pid_of "$1")/ns/pid")" != "$(readlink /proc/self/ns/pid)" ]]
}

check 'a program in a process namespace is recorded itself' started at-once "$PATH"
check 'also when its record is there a second before unshare is' started later "$tap_dir/slow"
finish cluster-processes
