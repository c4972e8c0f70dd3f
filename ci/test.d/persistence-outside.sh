#!/usr/bin/env bash
# A database that the release does not own: what a provider's suspending shows and what it does not, and that nothing of
# it is ever ended. Needs the cluster.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/say.sh
source ci/lib/say.sh
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh
# shellcheck source=ci/lib/as-before.sh
source ci/lib/as-before.sh

namespace=tl-outside
k() { kubectl -n "$namespace" "$@"; }
result() { jq -e --arg code "$1" ".results[] | select(.code == \$code) | $2" "$tap_dir/out"; }

install_plugin_for_test 4
fresh_database_namespace "$namespace"
fresh_namespace "$namespace-provider"

# ---- a provider of our own --------------------------------------------------------------------------------------
# Its server is no child of the container's first process, so that it can be stopped and started.
provider() { kubectl -n "$namespace-provider" "$@"; }
provider create secret generic owner --from-file="$tap_dir/password" >/dev/null
provider apply -f - >/dev/null <<'POD'
apiVersion: v1
kind: Pod
metadata: {name: provider}
spec:
  terminationGracePeriodSeconds: 1
  containers:
    - name: postgres
      image: localhost:5001/postgres:17
      env: [{name: PGDATA, value: /tmp/data}, {name: PASSWORD, valueFrom: {secretKeyRef: {name: owner, key: password}}}]
      readinessProbe: {periodSeconds: 1, exec: {command: [test, -e, /tmp/begun]}}
      command:
        - sh
        - -c
        - |
          printf %s "$PASSWORD" >/tmp/password
          initdb -U engine -A scram-sha-256 --auth-local=trust --pwfile=/tmp/password >/dev/null
          echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
          printf '%s\n' "listen_addresses = '*'" "unix_socket_directories = '/tmp'" >>"$PGDATA/postgresql.conf"
          pg_ctl start -w -l /tmp/log && touch /tmp/begun
          exec sleep infinity
POD
check "a provider's database is there" provider wait --for=condition=Ready pod/provider --timeout=120s
in_provider() { provider exec provider -- sh -c "$1" >/dev/null; }
asleep='pg_ctl stop -w -m fast' awake='pg_ctl status >/dev/null || pg_ctl start -w -l /tmp/log >/dev/null'
started() { provider exec provider -- psql -XqAt -h /tmp -U engine -d postgres -c 'SELECT pg_postmaster_start_time()'; }
schemas() {
  provider exec provider -- psql -XqAt -h /tmp -U engine -d postgres -c \
    "SELECT count(*) FROM pg_namespace WHERE nspname = 'pgcheck_lab'"
}
python3 ci/lib/sleeping.py "$(provider get pod provider -o jsonpath='{.status.podIP}')" 5432 "$tap_dir/port" \
  kubectl -n "$namespace-provider" exec provider -- sh -c "$awake" &
at_end "kill $! 2>/dev/null"
wait_for 10 "the way to it" test -s "$tap_dir/port"

# ---- an application that never connects: it would keep the database awake ---------------------------------------
mkdir -p "$tap_dir/app/templates"
printf 'apiVersion: v2\nname: app\nversion: 1.0.0\n' >"$tap_dir/app/Chart.yaml"
cat >"$tap_dir/app/templates/app.yaml" <<'YAML'
apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec:
  replicas: 2
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: app
          image: localhost:5001/busybox:dev
          command: [sleep, infinity]
          env: [{name: DATABASE_URL, valueFrom: {secretKeyRef: {name: outside, key: DATABASE_URL}}}]
YAML
printf 'postgresql://engine:%s@127.0.0.1:%s/postgres?sslmode=disable' "$test_password" "$(<"$tap_dir/port")" >"$tap_dir/url"
k create secret generic outside --from-file=DATABASE_URL="$tap_dir/url" >/dev/null
check "its application is there" "$helm" install app "$tap_dir/app" -n "$namespace" --wait --timeout 2m
remember_objects "$namespace" "$tap_dir/before"

# stays_away SECONDS [COMMAND]: the command is the provider's, while nothing is connected.
stays_away() {
  local run
  : >"$tap_dir/progress"
  "$helm" pgcheck persistence app -n "$namespace" --yes --only PGC-708 --wait-suspend "$1s" -o json >"$tap_dir/out" \
    2>"$tap_dir/progress" </dev/null &
  run=$!
  wait_for 60 "the wait" grep -q 'nothing is connected for' "$tap_dir/progress" || true
  [[ -z "${2:-}" ]] || check "  the provider does its part" in_provider "$2"
  status=0
  wait "$run" || status=$?
  cat "$tap_dir/out" "$tap_dir/progress" >>"$tap_dir/all-output"
}

# ---- what a wait shows ------------------------------------------------------------------------------------------
stays_away 15 "$asleep"
check "suspended, and woken by the connection: exit code 0" test "$status" = 0
check "  a cold start is proven" result PGC-708 '.status == "passed" and .evidence.level == "cold start" and
  .evidence.coldStart.proven and .evidence.coldStart.serverAgeMillis <= .evidence.coldStart.connectMillis + 1000'
check "  all rows are there, before and after it" result PGC-708 '[.evidence.rows, .evidence.coldStart.rows] |
  all(.usuarios.kept == 3 and .["random rows"].kept == 1000)'
check "  behind new pods of the application" result PGC-708 '.evidence.replacedPods == 2'
check "  it is said in the timeline" jq -e 'any(.timeline.phases[]; .text | startswith("a cold start: connected after"))' \
  "$tap_dir/out"
check "  the report is valid" valid_report "$tap_dir/out"

stays_away 2
check "not suspended: exit code 4" test "$status" = 4
check "  no cold start is proven, and it says why" result PGC-708 '.status == "unknown" and (.reason |
  startswith("no cold start is proven after 2 s: the server is the one from before the wait"))'

stays_away 20 "$asleep && $awake"
check "restarted by somebody else meanwhile: exit code 4" test "$status" = 4
check "  that is no cold start either" result PGC-708 '.status == "unknown" and (.reason |
  contains("the server was started meanwhile, but not by this connection"))'
check "every object is as before" as_before "$tap_dir/before" "$namespace"
check "the schema is gone" test "$(schemas)" = 0

# ---- nothing of it is ended -------------------------------------------------------------------------------------
start=$(started)
run_pgcheck persistence app -n "$namespace" --yes --only PGC-706 -o json
check "kills are for what the release runs itself: skipped" result PGC-706 '.status == "skipped"'
check "  all was skipped: exit code 4" test "$status" = 4
check "  the server is the one that it was" test "$(started)" = "$start"
check "  and nothing was asked to be changed" bash -c "! grep -q 'going to change' '$tap_dir/err'"

not_there() { ! grep -qF "$test_password" "$1"; }
check "the password is in no output" not_there "$tap_dir/all-output"
check "no stack trace in any output" no_stack_trace "$tap_dir/all-output"

finish persistence-outside
