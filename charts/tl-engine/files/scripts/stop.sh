#!/bin/sh
# Before the pod stops: SIGINT, a fast shutdown. The kubelet's SIGTERM alone would wait for every client to leave.
# It does not wait: the server ends as process 1, and this script with it, which the kubelet would report as a failure.
set -eu
[ ! -s "$PGDATA/postmaster.pid" ] || kill -INT "$(head -n 1 "$PGDATA/postmaster.pid")"
