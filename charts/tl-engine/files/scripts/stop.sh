#!/bin/sh
# Before the pod stops: SIGINT, a fast shutdown. The kubelet's SIGTERM alone would wait for every client to leave.
# It does not wait: the rest of the grace period belongs to the server, and its end would kill this script too.
set -eu
[ ! -s "$PGDATA/postmaster.pid" ] || kill -INT "$(head -n 1 "$PGDATA/postmaster.pid")"
