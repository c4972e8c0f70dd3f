# shellcheck shell=bash disable=SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# A PostgreSQL outside the cluster, as a provider would run it: TLS, SCRAM, one role without rights beyond its database.
# It runs from the files of the image postgres:17 in namespaces of its own (mounts, processes, shared memory), on the
# host's network, as user 999.

outside_dir="$cluster_dir/outside-db"
outside_root="$outside_dir/root"
outside_data=/var/lib/postgresql/outside
outside_bin=/usr/lib/postgresql/17/bin
outside_url_file="$outside_dir/url"
outside_ca_file="$outside_dir/tls/ca.crt"

outside_up() {
  runs lan || fail "the cluster's network is not up, and the outside database listens on it ($host_address)" "Start it first: ci/cluster up"
  if ! runs outside-db; then
    say "starting the database outside the cluster, on $host_address:$outside_port"
    outside_unpack
    outside_initialize
    start_inside outside-db unshare --mount --pid --ipc --fork --kill-child -- bash "$cluster_parts/outside-db-init.sh" \
      "$outside_root" "$outside_bin/postgres" -D "$outside_data"
  else
    record_child outside-db || component_failed outside-db
  fi
  need outside-db 30 outside_answers
  say_ok "the outside database is up; its URL is in $outside_url_file"
}

outside_down() {
  # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for the clients.
  local pid
  if pid=$(pid_of outside-db); then
    kill -INT "$pid" 2>/dev/null || true
    wait_for 5 "the outside database to stop" stopped outside-db || true
  fi
  stop outside-db 0
}

outside_status() {
  local pid
  if pid=$(pid_of outside-db) && outside_answers; then
    printf 'up: %s:%s (process %s)\nurl file: %s\nca file: %s\n' "$host_address" "$outside_port" "$pid" "$outside_url_file" "$outside_ca_file"
  else
    printf 'down\n'
    return 3
  fi
}

outside_answers() { outside_psql --dbname=enginedb --tuples-only --command='SELECT 1' >/dev/null 2>&1; }

# outside_psql ARGUMENTS: as the superuser, which can log in on the server's own socket only.
outside_psql() {
  nsenter --target "$(pid_of outside-db)" --mount --ipc -- chroot "$outside_root" \
    setpriv --reuid=999 --regid=999 --clear-groups "$outside_bin/psql" --host=/run/postgresql --port="$outside_port" --username=postgres --no-psqlrc "$@"
}

outside_run() { chroot "$outside_root" setpriv --reuid=999 --regid=999 --clear-groups "$@"; }

outside_unpack() {
  local partial layer
  [[ ! -d "$outside_root" ]] || return 0
  [[ -n "$go_command" ]] || tools_need_go
  images_build postgres:17 >/dev/null
  layer=$(layer_file postgres-17 "$(postgres_key postgres:17)")
  mkdir -p "$outside_dir"
  partial=$(mktemp -d "$outside_root.partial.XXXXXX")
  chmod 755 "$partial"
  tar -C "$partial" -xzf "$layer"
  mv -T -- "$partial" "$outside_root"
}

outside_initialize() {
  local partial=$outside_data.partial password
  [[ ! -d "$outside_root$outside_data" ]] || return 0
  rm -rf -- "${outside_root:?}$partial" "$outside_dir/tls"
  # initdb wants /dev/null, which an unpacked image does not have.
  mkdir -p "$outside_root/dev"
  [[ -c "$outside_root/dev/null" ]] || { rm -f "$outside_root/dev/null"; mknod -m 666 "$outside_root/dev/null" c 1 3; }
  outside_run "$outside_bin/initdb" --pgdata="$partial" --username=postgres --encoding=UTF8 --locale=C.UTF-8 \
    --auth-local=trust --auth-host=reject --data-checksums >>"$(log_of outside-db)" 2>&1 ||
    { last_lines "$(log_of outside-db)"; fail "the outside database could not be initialised"; }
  outside_certificates "$outside_root$partial"
  outside_settings "$outside_root$partial"
  # 32 characters that need no encoding in a URL.
  password=$(openssl rand -hex 64 | tr -d '\n' | sha256sum | cut -c1-32)
  # By standard input, and kept out of the log even if a statement should fail.
  outside_run "$outside_bin/postgres" --single -D "$partial" -c log_min_error_statement=panic -c exit_on_error=on postgres \
    >>"$(log_of outside-db)" 2>&1 <<EOF || { last_lines "$(log_of outside-db)"; fail "the outside database could not be prepared"; }
CREATE ROLE engine LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '$password'
CREATE DATABASE enginedb OWNER engine
EOF
  # No line break at the end: --from-file takes the file as it is.
  (umask 077 && printf 'postgresql://engine:%s@%s:%s/enginedb?sslmode=require&channel_binding=require' "$password" "$host_address" "$outside_port" >"$outside_url_file")
  mv -T -- "$outside_root$partial" "$outside_root$outside_data"
}

outside_certificates() {
  local pki_dir="$outside_dir/tls"
  mkdir -p "$pki_dir"
  new_authority ca tl-engine-outside-database
  new_pair ca server "$outside_name" "" "IP:$host_address,DNS:$outside_name"
  install -m 600 -o 999 -g 999 "$pki_dir/server.key" "$pki_dir/server.crt" "$1/"
}

outside_settings() {
  cat >>"$1/postgresql.conf" <<EOF
listen_addresses = '$host_address'
port = $outside_port
unix_socket_directories = '/run/postgresql'
max_connections = 50
ssl = on
ssl_cert_file = 'server.crt'
ssl_key_file = 'server.key'
password_encryption = 'scram-sha-256'
# There is no shared memory file system where it runs.
dynamic_shared_memory_type = mmap
EOF
  cat >"$1/pg_hba.conf" <<EOF
local    all  postgres              peer
hostssl  all  all       0.0.0.0/0  scram-sha-256
EOF
}
