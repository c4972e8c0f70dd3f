#!/bin/sh
# server-name.sh NAME PORT: what the cluster's DNS answers to NAME, and the address of the server that answers there,
# one line each as far as the image has the programs to ask.
if command -v getent >/dev/null; then
  getent ahosts "$1" | while read -r address _; do echo "dns $address"; done
fi
PATH=$PATH:$(echo /usr/lib/postgresql/*/bin | tr ' ' ':')
if command -v psql >/dev/null; then
  export PGUSER="${PGUSER:-${POSTGRES_USER:-}}" PGPASSWORD="${PGPASSWORD:-${POSTGRES_PASSWORD:-}}" PGCONNECT_TIMEOUT=5
  answer=$(psql -XqAtw -h "$1" -p "$2" -d "${PGDATABASE:-${POSTGRES_DB:-$PGUSER}}" \
    -c 'SELECT host(inet_server_addr())' 2>&1) && echo "server $answer" || echo "refused $answer"
fi
