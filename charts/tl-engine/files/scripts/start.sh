#!/bin/sh
# Main container: guards what must hold at every start (init containers do not run again when only the container
# restarts), then becomes PostgreSQL.
set -eu
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

find_server
lock_volume
has_data || die "$PGDATA holds no data, though the init container had made sure of it: is the volume mounted?"
check_major
# Volumes whose group the kubelet sets come group-writable, which PostgreSQL refuses.
chmod 0700 "$PGDATA"
# For psql in this container; the server needs none of it.
unset PGUSER PGPASSWORD PGDATABASE
exec postgres -D "$PGDATA" -c config_file=/etc/tl-engine/config/postgresql.conf \
  -c hba_file=/etc/tl-engine/config/pg_hba.conf
