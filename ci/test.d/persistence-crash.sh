#!/usr/bin/env bash
# Kills, places, names and standbys: what a sound database shows, and that each verdict can be another one.
# --all adds PostgreSQL 15 and Helm 3.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/say.sh
source ci/lib/say.sh
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh

namespace=tl-crash
pod=tl-postgres-0

k() { kubectl -n "$namespace" "$@"; }
super() { k exec "$1" -c postgres -- psql -XqAt -U postgres -d "${3:-enginedb}" -c "$2"; }
install_database() { # MAJOR [ARGUMENTS...]
  local major=$1
  shift
  "$helm" install tl charts/tl-engine -n "$namespace" -f values/statefulset.yaml -f ci/images/values.yaml \
    --set-string database.statefulset.image.tag="$major" --set engine.enabled=false \
    --set database.statefulset.resources.requests.cpu=50m --wait --timeout 3m "$@"
}
# result CODE CONDITION: of the last report.
result() { jq -e --arg code "$1" ".results[] | select(.code == \$code) | $2" "$tap_dir/out"; }
crash() { run_pgcheck persistence tl -n "$namespace" --yes --only PGC-706 -o json; }
no_schema() { [[ "$(super "$pod" "SELECT count(*) FROM pg_namespace WHERE nspname = 'pgcheck_lab'")" == 0 ]]; }
no_ledger() { [[ -z "$(ls "$tap_dir/ledgers")" ]]; }
shows() { [[ "$(super "$pod" "$2")" == "$1" ]]; }
# set_and_reload SQL...: as the superuser; each is a statement of its own.
set_and_reload() {
  local sql
  for sql in "$@" 'SELECT pg_reload_conf()'; do super "$pod" "$sql" >/dev/null || return 1; done
}

# ---- a sound database -----------------------------------------------------------------------------------------
sound() { # MAJOR HELM
  local what="PostgreSQL $1, Helm $2:"
  fresh_database_namespace "$namespace"
  check "$what installs" install_database "$1"
  mkdir -p "$tap_dir/ledgers"
  # The ledger is a temporary file of Java's.
  JAVA_TOOL_OPTIONS="-Djava.io.tmpdir=$tap_dir/ledgers" \
    run_pgcheck persistence tl -n "$namespace" --yes --only PGC-704,PGC-706,PGC-710 -o json
  check "$what names, kills and places pass" test "$status" = 0
  # The checkpointer is ended once more when the first time came between two checkpoints.
  check "$what   kills of three processes count, with 1000 acknowledged writes and more each" result PGC-706 \
    '.evidence | .killsThatCount == (.kills | length) and (.kills | map(.victim) | unique | length) == 3 and
     all(.kills[]; .acknowledged >= 1000)'
  check "$what   the figures add up, and no recovery is longer than its gap" result PGC-706 '.evidence |
    (.kills | map(.acknowledged) | add) == .acknowledged and .kills[-1].rowsSoFar.acknowledged == .acknowledged and
    all(.kills[]; .recoveryMillis <= .longestGapMillis and
      .acknowledged == .acknowledgedBeforeKill + .acknowledgedDuringKill + .acknowledgedAfterRecovery)'
  check "$what   one of them came during a checkpoint" result PGC-706 \
    'any(.evidence.kills[]; .checkpoint == "during a checkpoint")'
  check "$what   each crash is proven by the processes and by the log" result PGC-706 \
    'all(.evidence.kills[]; .proof | contains("every process") and contains("automatic recovery"))'
  check "$what   the level and what is not shown are named" result PGC-706 \
    '.evidence.level == "process killed" and (.evidence.cannotShow | contains("page cache"))'
  check "$what   data directory and WAL lie on the claim" result PGC-710 \
    "[.evidence[\"$pod data directory\", \"$pod pg_wal\"]] | all(contains(\"postgres-storage-$pod\"))"
  check "$what   the name leads to the new pod" result PGC-704 \
    ".evidence[\"$pod after\"] | .dns == .addresses and .server == .addresses[0]"
  check "$what   the schema is gone" no_schema
  check "$what   the ledger is gone" no_ledger
  check "$what   the timeline has what was done for which check, and to which pod" jq -e --arg pod "$pod" '
    .timeline.phases | (map(.codes[]) | unique) == ["PGC-704", "PGC-706", "PGC-710"] and
    all(.[]; .durationMillis >= 0 and (.pod == $pod or .codes == [])) and
    (. as $all | all(range(1; length); $all[.].startMillis >= $all[. - 1].startMillis))' "$tap_dir/out"
  check "$what   and what each round of writers saw: writes, recovery, a gap in service, the tunnel" jq -e '
    .timeline.loads | length >= 3 and all(.[]; .tunnelIncluded and .acknowledged >= 1000 and .writesPerSecond > 0 and
    (.slices | add) == .acknowledged and .recoveryMillis > 0 and
    (.startMillis + .durationMillis - (.gaps[-1] | .startMillis + .durationMillis) | fabs) <= 2)' "$tap_dir/out"
  check "$what   the report is valid" valid_report "$tap_dir/out"
}

# ---- each verdict can be another one ---------------------------------------------------------------------------
held_back() { # MAJOR HELM
  local what="PostgreSQL $1, Helm $2: commits held back"
  set_and_reload 'ALTER ROLE engine SET synchronous_commit = off' 'ALTER SYSTEM SET wal_writer_delay = 10000' \
    "ALTER SYSTEM SET wal_writer_flush_after = '1GB'"
  crash
  check "$what are lost by a kill: exit code 3" test "$status" = 3
  check "$what   rows are lost" result PGC-706 'any(.findings[]; .message | test("acknowledged rows .* are lost"))'
  check "$what   the setting is named" result PGC-706 \
    'any(.findings[]; .message | startswith("synchronous_commit is off"))'
  # Each line is a statement of its own; the other settings here are no finding.
  super "$pod" "$(jq -r '.results[] | select(.code == "PGC-706") | .findings[]
    | select(.message | startswith("synchronous_commit")).remedy' "$tap_dir/out")" >/dev/null
  set_and_reload 'ALTER SYSTEM RESET ALL'
  check "$what   its remedy sets it back" shows 0 \
    "SELECT count(*) FROM pg_db_role_setting WHERE setconfig::text LIKE '%synchronous_commit%'"
}

without_flushes() {
  set_and_reload 'ALTER SYSTEM SET fsync = off'
  crash
  check "fsync off fails by its setting" result PGC-706 \
    '.status == "failed" and (.findings | length == 1) and (.findings[0].message | startswith("fsync is off"))'
  check "  and says that kills cannot show it" result PGC-706 \
    '.findings[0].detail | contains("kills cannot show it")'
  check "  no row was lost" result PGC-706 '(.evidence.kills | length > 0) and all(.evidence.kills[]; .rowsSoFar.lost == 0)'
  remedies PGC-706 'ALTER SYSTEM RESET' | grep ';$' >"$tap_dir/sql"
  check "  its remedy can be pasted into psql" k exec -i "$pod" -c postgres -- \
    psql -Xqv ON_ERROR_STOP=1 -U postgres -d enginedb -f - <"$tap_dir/sql"
  check "  and sets it back" within 30 shows on 'SHOW fsync'
}

# Where a kill has just come before it, once again.
tampered() {
  within 30 super "$pod" "UPDATE pgcheck_lab.ledger SET payload = 'x'
    WHERE id = (SELECT id FROM pgcheck_lab.ledger ORDER BY id LIMIT 1)" &&
    within 30 super "$pod" "INSERT INTO pgcheck_lab.ledger VALUES (gen_random_uuid(), 'theirs')"
}
behind_its_back() {
  local run
  : >"$tap_dir/progress"
  "$helm" pgcheck persistence tl -n "$namespace" --yes --only PGC-706 -o json >"$tap_dir/out" \
    2>"$tap_dir/progress" </dev/null &
  run=$!
  wait_for 90 "the first kill" grep -q 'accepts writes again' "$tap_dir/progress" || true
  check "while it runs, somebody writes to its table" paused "$run" tampered
  status=0
  wait "$run" || status=$?
  check "a row changed and one added behind its back: exit code 3" test "$status" = 3
  check "  the changed one is altered" result PGC-706 'any(.findings[]; .message | startswith("1 of") and
    contains("altered"))'
  check "  the added one is unexpected" result PGC-706 'any(.findings[]; .message | startswith("1 of") and
    contains("unexpected"))'
}

# Everything but exec.
without_exec() {
  k create serviceaccount half >/dev/null
  k create role half --verb='*' --resource=pods,pods/portforward,pods/log,secrets,configmaps,services,events \
    --resource=persistentvolumeclaims,statefulsets.apps,deployments.apps,leases.coordination.k8s.io >/dev/null
  k create role half-slices --verb=list --resource=endpointslices.discovery.k8s.io >/dev/null
  k create rolebinding half --role=half --serviceaccount="$namespace:half" >/dev/null
  k create rolebinding half-slices --role=half-slices --serviceaccount="$namespace:half" >/dev/null
  kubectl config view --raw --minify --flatten >"$tap_dir/half"
  KUBECONFIG="$tap_dir/half" kubectl config set-credentials half --token="$(k create token half)" >/dev/null
  KUBECONFIG="$tap_dir/half" kubectl config set-context --current --user=half >/dev/null
  KUBECONFIG="$tap_dir/half" run_pgcheck persistence tl -n "$namespace" --yes --only PGC-706,PGC-710 -o json
  check "without the right to exec: exit code 4" test "$status" = 4
  check "  kills are unknown, and the right is named" result PGC-706 \
    '.status == "unknown" and (.remedy | contains("pods/exec"))'
  check "  places are unknown" result PGC-710 '.status == "unknown"'
  check "  the right can be pasted" pasted \
    "$(remedies PGC-710 'kubectl create' | sed 's/;.*//')"
  KUBECONFIG="$tap_dir/half" run_pgcheck persistence tl -n "$namespace" --yes --only PGC-706,PGC-710 -o json
  check "  then both pass" test "$status" = 0
}

# A server straight from the image: with what as its volume, where its data is, and what else is to be of it.
plain_server() { # NAME PGDATA VOLUMES-JSON [FILTER]
  jq -n --arg name "$1" --arg data "$2" --arg password "$test_password" --argjson volumes "$3" '{
    apiVersion: "apps/v1", kind: "StatefulSet",
    metadata: {name: $name, labels: {"app.kubernetes.io/instance": $name}},
    spec: {serviceName: $name, selector: {matchLabels: {app: $name}}, template: {
      metadata: {labels: {app: $name}},
      spec: {
        securityContext: {fsGroup: 999}, terminationGracePeriodSeconds: 5, volumes: $volumes,
        containers: [{name: "postgres", image: "localhost:5001/postgres:17",
          ports: [{containerPort: 5432}], volumeMounts: [{name: "data", mountPath: "/data"}],
          env: [{name: "PGDATA", value: $data}, {name: "POSTGRES_USER", value: "postgres"},
            {name: "POSTGRES_PASSWORD", value: $password}],
          readinessProbe: {periodSeconds: 1, exec: {command: ["pg_isready", "-q", "-h", "localhost"]}},
          command: ["sh", "-c", "printf %s \"$POSTGRES_PASSWORD\" >/tmp/pw && initdb -U postgres -A scram-sha-256 \\
            --pwfile=/tmp/pw >/dev/null && echo \"host all all all scram-sha-256\" >>\"$PGDATA/pg_hba.conf\" && \\
            exec postgres -c listen_addresses=\"*\" -c unix_socket_directories=/tmp"]}]}}}}' |
    jq "${4:-.}" | k apply -f - >/dev/null
}
claim_spec='{accessModes: ["ReadWriteOnce"], resources: {requests: {storage: "100Mi"}}}'
places() { # NAME WORDS
  check "$1: the server is ready" k rollout status "statefulset/$1" --timeout=120s
  run_pgcheck persistence "$1" -n "$namespace" --yes --only PGC-710 -o json
  check "$1: PGC-710 fails" test "$status" = 3
  check "$1:   $2" result PGC-710 "(.findings | length > 0) and all(.findings[]; .message | contains(\"$2\"))"
}
wrong_places() {
  plain_server ephemeral /data/pgdata "$(jq -nc \
    "[{name: \"data\", ephemeral: {volumeClaimTemplate: {spec: $claim_spec}}}]")"
  plain_server emptydir /data/pgdata '[{"name": "data", "emptyDir": {}}]'
  jq -n "{apiVersion: \"v1\", kind: \"PersistentVolumeClaim\", metadata: {name: \"beside\"}, spec: $claim_spec}" |
    k apply -f - >/dev/null
  plain_server outside /var/tmp/pgdata '[{"name": "data", "persistentVolumeClaim": {"claimName": "beside"}}]'
  places ephemeral 'which the pod ephemeral-0 owns'
  places emptydir 'on an emptyDir'
  places outside "container's own layer"
  # Its role is a superuser, so the checkpoint and amcheck go the other way.
  run_pgcheck persistence outside -n "$namespace" --yes --only PGC-706 -o json
  check "a superuser's role: amcheck finds nothing" result PGC-706 \
    '.status == "passed" and (.evidence.reading | startswith("amcheck"))'
}

# Every shell of it is a file that nobody may run, from its first moment on.
no_shell() {
  k create configmap nothing --from-literal=nothing= >/dev/null
  plain_server shellless /data/pgdata \
    '[{"name": "data", "emptyDir": {}}, {"name": "nothing", "configMap": {"name": "nothing"}}]' '
    .spec.template.spec |= (
      .initContainers = [.containers[0] | .name = "initdb" | del(.readinessProbe, .ports)
        | .command[2] |= (sub("-A scram"; "--auth-local=trust --auth-host=scram") | sub("exec postgres.*"; "true"))]
      | .containers[0] |= (.command = ["postgres", "-c", "listen_addresses=*", "-c", "unix_socket_directories=/tmp"]
        | .volumeMounts += [("sh", "bash", "dash")
            | {name: "nothing", subPath: "nothing", mountPath: "/usr/bin/\(.)"}]))'
  check "no shell: the server is ready" k rollout status statefulset/shellless --timeout=120s
  check "no shell: no command runs in one" bash -c "! kubectl exec -n $namespace shellless-0 -- sh -c true"
  run_pgcheck persistence shellless -n "$namespace" --yes --only PGC-706 -o json
  check "no shell: exit code 4" test "$status" = 4
  check "no shell:   kills are unknown, and it says why" result PGC-706 '.status == "unknown" and
    (.reason | contains("no command can be run in shellless-0")) and (.remedy | contains("the image needs a shell"))'
  check "no shell:   nothing is left of it" test "$(k exec shellless-0 -- psql -XqAt -h /tmp -U postgres -c \
    "SELECT count(*) FROM pg_namespace WHERE nspname = 'pgcheck_lab'")" = 0
  check "no shell:   the server is the one that it was" test \
    "$(k get pod shellless-0 -o jsonpath='{.status.containerStatuses[0].restartCount}')" = 0
}

# ---- copies ------------------------------------------------------------------------------------------------------
replicated() { # MAJOR HELM
  local what="PostgreSQL $1, Helm $2:"
  fresh_database_namespace "$namespace"
  k delete secret postgresql-secret >/dev/null
  k create secret generic postgresql-secret --from-file="$tap_dir/username" --from-file="$tap_dir/password" \
    --from-file=replication-password="$tap_dir/password" >/dev/null
  check "$what a replicated database is ready" install_database "$1" -f values/replicated.yaml \
    -f ci/images/values.yaml --set-string database.statefulset.image.tag="$1"
  run_pgcheck persistence tl -n "$namespace" --yes --only PGC-707 -o json
  check "$what PGC-707 passes" test "$status" = 0
  check "$what   both standbys have the rows, and after a restart" result PGC-707 \
    '[.evidence["tl-postgres-read-0", "tl-postgres-read-1"]] |
      all((.arrivedAfterMillis | type) == "number" and (.arrivedAfterRestartMillis | type) == "number")'
  check "$what   the Service for reading has both behind it" result PGC-707 \
    '.evidence["Service/tl-postgres-read"] == ["tl-postgres-read-0", "tl-postgres-read-1"]'
  k scale statefulset/tl-postgres --replicas=0 >/dev/null
  k wait --for=delete "pod/$pod" --timeout=60s >/dev/null 2>&1
  run_pgcheck persistence tl -n "$namespace" --yes --only PGC-707 -o json
  check "$what a lost primary: exit code 3" test "$status" = 3
  check "$what   its standbys are reported as what they are" result PGC-707 \
    '[.findings[] | select(.message | startswith("its primary tl-postgres-0 is lost"))] | length == 2'
  check "$what   its look can be pasted" pasted "$(looks)"
}

install_plugin_for_test 4
sound 17 4
held_back 17 4
without_flushes
behind_its_back
without_exec
wrong_places
no_shell
replicated 17 4

if [[ -n "${TL_TEST_ALL:-}" ]]; then
  for pair in '15 4' '17 3' '15 3'; do
    read -r major helm_major <<<"$pair"
    if [[ "$helm_major" == 3 && "$helm" != helm3 ]]; then install_plugin_for_test 3; else use_helm "$helm_major"; fi
    sound "$major" "$helm_major"
    held_back "$major" "$helm_major"
    replicated "$major" "$helm_major"
  done
fi

not_there() { ! grep -qF "$test_password" "$1"; }
check "the password is in no output" not_there "$tap_dir/all-output"
check "no stack trace in any output" no_stack_trace "$tap_dir/all-output"

finish persistence-crash
