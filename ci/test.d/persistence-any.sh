#!/usr/bin/env bash
# A PostgreSQL that no chart of ours made, named by its StatefulSet: tested in the same way, each pod in turn and all at
# once; left alone where an operator or Argo CD would work against the test. Needs the cluster.
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

namespace=tl-any
k() { kubectl -n "$namespace" "$@"; }
statuses() { jq -r '[.results[] | "\(.code[4:]) \(.status)"] | join(", ")' "$tap_dir/out"; }
result() { jq -e --arg code "$1" ".results[] | select(.code == \$code) | $2" "$tap_dir/out"; }
any() { run_pgcheck persistence --statefulset legacy -n "$namespace" "$@"; }

# The official image's variables, and what its entry point does with them: the image here has none. No port is named.
legacy() { # NAME REPLICAS ENVIRONMENT [CHANGE]: the change is a jq filter for the StatefulSet
  jq -n --arg name "$1" --argjson replicas "$2" --argjson environment "$3" '
    {apiVersion: "v1", kind: "Service", metadata: {name: "\($name)-pods"},
      spec: {clusterIP: "None", selector: {run: $name}, ports: [{port: 5432}]}},
    {apiVersion: "apps/v1", kind: "StatefulSet", metadata: {name: $name}, spec: {
      replicas: $replicas, serviceName: "\($name)-pods", selector: {matchLabels: {run: $name}},
      template: {metadata: {labels: {run: $name}}, spec: {
        securityContext: {runAsUser: 999, runAsGroup: 999, fsGroup: 999},
        containers: [{name: "db", image: "localhost:5001/postgres:17", command: ["bash", "-c"], args: [
          "set -e
          if [ ! -s \"$PGDATA/PG_VERSION\" ]; then
            initdb -U \"$POSTGRES_USER\" --pwfile=<(printf %s \"$POSTGRES_PASSWORD\") --auth-host=scram-sha-256 >&2
            echo \"host all all all scram-sha-256\" >>\"$PGDATA/pg_hba.conf\"
            echo \"CREATE DATABASE $POSTGRES_DB\" | postgres --single postgres >&2
          fi
          exec postgres -c listen_addresses=* -c unix_socket_directories=/tmp"],
          resources: {requests: {cpu: "20m"}},
          readinessProbe: {exec: {command: ["pg_isready", "-q", "-h", "127.0.0.1"]}, periodSeconds: 1},
          volumeMounts: [{name: "data", mountPath: "/var/lib/postgresql/data"}]}
          + {env: [{name: "PGDATA", value: "/var/lib/postgresql/data/pgdata"}]}
          | .env += ($environment.env // []) | .envFrom = ($environment.envFrom // [])]}},
      volumeClaimTemplates: [{metadata: {name: "data"},
        spec: {accessModes: ["ReadWriteOnce"], resources: {requests: {storage: "1Gi"}}}}]}}
    | if .kind == "StatefulSet" then '"${4:-.}"' else . end' | k apply -f -
}
is_ready() { k rollout status "statefulset/$1" --timeout=180s; }
variables='{"env": [{"name": "POSTGRES_USER", "value": "app"}, {"name": "POSTGRES_DB", "value": "appdb"},
  {"name": "POSTGRES_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "app-db", "key": "password"}}}]}'
no_variables='{"envFrom": [{"secretRef": {"name": "app-env"}}]}'

fresh_namespace "$namespace"
install_plugin_for_test 4
# One that looks another way in each place where it may be written.
password='S0me/pass w%rd+'
encoded=$(printf %s "$password" | jq -sRr @uri)
printf '%s\n' "$password" "$encoded" "$(printf %s "$password" | base64)" >"$tap_dir/secrets"
printf %s "$password" >"$tap_dir/password"
printf 'postgresql://app:%s@somewhere:5432/appdb' "$encoded" >"$tap_dir/uri"
k create secret generic app-db --from-literal=username=app --from-literal=dbname=appdb \
  --from-file="$tap_dir/password" --from-file="$tap_dir/uri" >/dev/null
k create secret generic app-env --from-literal=POSTGRES_USER=app --from-literal=POSTGRES_DB=appdb \
  --from-file=POSTGRES_PASSWORD="$tap_dir/password" >/dev/null

# ---- as a whole ------------------------------------------------------------------------------------------------
legacy silent 1 "$no_variables" >/dev/null
legacy legacy 2 "$variables" >/dev/null
check "two pods of another's PostgreSQL, each with its own data" is_ready legacy
check "one whose container says nothing of user and password" is_ready silent
remember_objects "$namespace" "$tap_dir/before"
watch_for "$tap_dir/secrets" "$namespace"
any --yes -o json -o "html=$tap_dir/report.html"
check "it passes" test "$status" = 0
check "what suits was run, the rest was not" test "$(statuses)" = "701 passed, 702 passed, 703 passed, 704 passed, \
705 passed, 706 passed, 707 skipped, 708 skipped, 709 skipped, 710 passed"
check "each pod was deleted in turn, then all at once" result PGC-701 '.evidence.deleted | keys_unsorted ==
  ["legacy-0", "legacy-1", "legacy-0, all at once", "legacy-1, all at once"]'
check "  new pods, the same claims, volumes and databases, all rows" result PGC-701 '[.evidence.deleted[]] | all(
  .podUidBefore != .podUidAfter and (.claim | startswith("data-legacy-")) and .rows.usuarios.kept == 3 and
  .rows["random rows"].kept == 1000 and .withoutServiceMillis >= .readyAfterMillis) and
  (map(.systemIdentifier) | unique | length == 2)'
check "  the reasons of the others" result PGC-709 '.reason | contains("a StatefulSet was named")'
check "every object is as before" as_before "$tap_dir/before" "$namespace"
check "the report is valid" valid_report "$tap_dir/out"
sed -n '/<svg/,/<\/svg>/p' "$tap_dir/report.html" >"$tap_dir/picture"
check "its page has the timeline as a picture" test "$(grep -o '<svg' "$tap_dir/report.html" | wc -l)" = 1
for word in PGC-701 PGC-702 PGC-706 legacy-0 legacy-1; do
  check "  with $word in it" grep -qF "$word" "$tap_dir/picture"
done
seen_so_far() { [[ -s "$tap_dir/watched/$1" ]] && grep -q "$2" "$tap_dir/watched/$1"; }
check "while it ran: its journal, its Lease and new pods were seen" eval 'seen_so_far configmaps pgcheck-journal-statefulset &&
  seen_so_far leases pgcheck-statefulset-legacy && seen_so_far pods legacy-1 && seen_so_far persistentvolumeclaims data-legacy-2'
check "  no object but the Secret has the password, plain, encoded or in base64" bash -c \
  "! grep -rlFf '$tap_dir/secrets' '$tap_dir/watched'"
check "  no process had it in its arguments" test ! -s "$tap_dir/argued"
# That one would have been seen:
bash -c 'sleep 60 & wait' like-this "$encoded" &
like_this=$!
check "  one that has it is seen" within 30 grep -q "/$like_this/" "$tap_dir/argued"
kill "$like_this"

# ---- who else deletes pods -------------------------------------------------------------------------------------
: >"$tap_dir/progress"
"$helm" pgcheck persistence --statefulset legacy -n "$namespace" --yes --only PGC-701 -o json >"$tap_dir/out" \
  2>"$tap_dir/progress" </dev/null &
run=$!
wait_for 60 "the first deletion" grep -q 'deleted the pod legacy-0' "$tap_dir/progress" || true
paused "$run" k delete pod legacy-1 --wait=false >/dev/null
status=0
wait "$run" || status=$?
check "a pod that goes by itself is not called our deletion: exit code 4" test "$status" = 4
check "  it is unknown, and says so" result PGC-701 '.status == "unknown" and (.reason | contains("legacy-1") and
  contains("by somebody else"))'
check "  its look can be pasted" pasted "$(looks)"
is_ready legacy >/dev/null

# ---- another run takes the Lease --------------------------------------------------------------------------------
pod_uid() { k get pod "$1" -o jsonpath='{.metadata.uid}'; }
uid=$(pod_uid legacy-1)
: >"$tap_dir/progress"
"$helm" pgcheck persistence --statefulset legacy -n "$namespace" --yes --only PGC-701 -o json >"$tap_dir/out" \
  2>"$tap_dir/progress" </dev/null &
run=$!
wait_for 60 "the first deletion" grep -q 'deleted the pod legacy-0' "$tap_dir/progress" || true
paused "$run" k patch lease pgcheck-statefulset-legacy --type merge -p '{"spec":{"holderIdentity":"somebody else"}}' >/dev/null
status=0
wait "$run" || status=$?
check "the Lease is taken in the middle of a run: exit code 4" test "$status" = 4
check "  it says who has it" result PGC-701 '.status == "unknown" and
  (.reason | contains("the Lease pgcheck-statefulset-legacy is no longer ours: it is held by somebody else"))'
check "  no other pod was deleted" test "$(pod_uid legacy-1)" = "$uid"
check "  it leaves the way back to the other one" grep -q 'whoever has it puts back what was changed' "$tap_dir/progress"
check "  whose Lease stays" test "$(k get lease pgcheck-statefulset-legacy -o jsonpath='{.spec.holderIdentity}')" = \
  'somebody else'
check "  and so does the journal" k get configmap/pgcheck-journal-statefulset-legacy
k delete lease pgcheck-statefulset-legacy >/dev/null
is_ready legacy >/dev/null
any --restore
check "  --restore ends well" test "$status" = 0
check "  then every object is as before" as_before "$tap_dir/before" "$namespace"

# Deleted by somebody who tidies up, nobody else is at work: what was begun is put back, and no more is done.
uid=$(pod_uid legacy-1)
: >"$tap_dir/progress"
"$helm" pgcheck persistence --statefulset legacy -n "$namespace" --yes --only PGC-701 -o json >"$tap_dir/out" \
  2>"$tap_dir/progress" </dev/null &
run=$!
wait_for 60 "the first deletion" grep -q 'deleted the pod legacy-0' "$tap_dir/progress" || true
k delete lease pgcheck-statefulset-legacy >/dev/null
status=0
wait "$run" || status=$?
check "the Lease is deleted in the middle of a run: exit code 4" test "$status" = 4
check "  it says so" result PGC-701 '.status == "unknown" and (.reason | contains("is no longer ours: somebody deleted it"))'
check "  no other pod was deleted" test "$(pod_uid legacy-1)" = "$uid"
is_ready legacy >/dev/null
check "  and every object is as before" as_before "$tap_dir/before" "$namespace"

# ---- a killed run ----------------------------------------------------------------------------------------------
# killed_behind CODE STEP: a run of this check, when it has said so.
killed_behind() {
  local run
  : >"$tap_dir/progress"
  setsid "$helm" pgcheck persistence --statefulset legacy -n "$namespace" --yes --only "$1" >/dev/null \
    2>"$tap_dir/progress" </dev/null &
  run=$!
  check "a run that is to be killed: $2" wait_for 60 "the step" grep -q "$2" "$tap_dir/progress"
  kill -KILL -- "-$run"
  wait "$run" 2>/dev/null
}
killed_behind PGC-701 'deleted the pod legacy-0'
check "SIGKILL leaves a journal" k get configmap/pgcheck-journal-statefulset-legacy
any --restore
check "--restore ends well" test "$status" = 0
check "  then every object is as before" as_before "$tap_dir/before" "$namespace"

# Between a run that is killed while it has scaled the set down, and --restore, somebody else scales it.
killed_behind PGC-702 'from 2 to 1'
k wait --for=delete pod/legacy-1 --timeout=60s >/dev/null 2>&1
# It has one pod now, as somebody's own number, too.
k scale statefulset legacy --replicas=0 >/dev/null
k wait --for=delete pod/legacy-0 --timeout=60s >/dev/null 2>&1
k scale statefulset legacy --replicas=1 >/dev/null
any --restore
check "scaled to 1 by somebody: what lies in the other pod's claim is not put back, and --restore says so" bash -c "
  test '$status' = 4 && grep -q 'StatefulSet/legacy is scaled to 1, so legacy-1 does not run' '$tap_dir/err'"
check "  the journal stays" k get configmap/pgcheck-journal-statefulset-legacy
check "  its remedy can be pasted" pasted "$(grep -oE 'kubectl scale [^;]+' "$tap_dir/err" | tail -n 1)"
is_ready legacy >/dev/null
any --restore
check "  and then --restore ends well" test "$status" = 0
no_schema() {
  local schemas
  schemas=$(k exec "$1" -- psql -XqAt -h /tmp -U app -d appdb -c '\dn') && grep -q public <<<"$schemas" &&
    ! grep pgcheck <<<"$schemas"
}
for pod in legacy-0 legacy-1; do check "  nothing of it is in $pod" no_schema "$pod"; done

# ---- left alone ------------------------------------------------------------------------------------------------
crd() { # GROUP KIND PLURAL
  kubectl get crd "$3.$1" >/dev/null 2>&1 && return
  at_end "kubectl delete crd '$3.$1' --wait=false >/dev/null 2>&1"
  jq -n --arg group "$1" --arg kind "$2" --arg plural "$3" '{apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition", metadata: {name: "\($plural).\($group)"}, spec: {group: $group,
      names: {kind: $kind, plural: $plural, singular: ($kind | ascii_downcase)}, scope: "Namespaced",
      versions: [{name: "v1alpha1", served: true, storage: true, schema: {openAPIV3Schema: {type: "object",
        "x-kubernetes-preserve-unknown-fields": true}}}]}}' | kubectl apply -f - >/dev/null &&
    kubectl wait --for=condition=Established "crd/$3.$1" --timeout=60s >/dev/null
}
# listed STATUS CODE WORDS: what --list says of a code.
listed() { grep -A1 "^  $1  *$2" "$tap_dir/out" | grep "$3"; }

crd argoproj.io Application applications
k apply -f - <<'YAML' >/dev/null
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop}
spec:
  destination: {namespace: tl-any}
  syncPolicy: {automated: {selfHeal: true}}
YAML
k annotate statefulset legacy "argocd.argoproj.io/tracking-id=shop:apps/StatefulSet:$namespace/legacy" >/dev/null
any --list
check "Argo CD heals it: scaling is refused" listed refused PGC-702 'Application shop heals itself'
check "  and a pod may still be deleted" listed run PGC-701 .
generation() { k get statefulset legacy -o jsonpath='{.spec.replicas} {.metadata.generation}'; }
before=$(generation)
any --yes --only PGC-702 -o json
check "  whatever --yes says: exit code 4" test "$status" = 4
check "  its replicas were not touched" test "$(generation)" = "$before"
k patch application.argoproj.io shop --type merge -p '{"spec":{"syncPolicy":{"automated":{"selfHeal":false}}}}' \
  >/dev/null
any --list
check "it heals no more: scaling is possible" listed run PGC-702 .
k annotate statefulset legacy argocd.argoproj.io/tracking-id- >/dev/null

crd operator.example.test Postgres postgreses
k apply -f - <<'YAML' >/dev/null
{apiVersion: operator.example.test/v1alpha1, kind: Postgres, metadata: {name: main}}
YAML
owner=$(k get postgreses.operator.example.test main -o jsonpath='{.metadata.uid}')
owned() { k patch statefulset legacy --type merge -p "{\"metadata\":{\"ownerReferences\":$1}}" >/dev/null; }
owned "[{\"apiVersion\":\"operator.example.test/v1alpha1\",\"kind\":\"Postgres\",\"name\":\"main\",\"uid\":\"$owner\",
  \"controller\":true}]"
before=$(k get pods -o jsonpath='{.items[*].metadata.uid}')
any --yes --only PGC-701,PGC-702,PGC-706 -o json
check "an operator's set is left alone whatever --yes says: exit code 4" test "$status" = 4
check "  it names the operator's object" result PGC-701 '.reason | contains("belongs to Postgres/main")'
check "  no pod was touched" test "$(k get pods -o jsonpath='{.items[*].metadata.uid}')" = "$before"
owned null

# Where nobody looks for it, its second pod is running and never ready.
on_port() { k exec legacy-1 -- psql -XqAt -h /tmp -p "$1" -U app -d appdb -c "$2"; }
on_port 5432 'ALTER SYSTEM SET port = 5433'
k delete pod legacy-1 >/dev/null
within 60 on_port 5433 'SELECT 1' >/dev/null 2>&1
before=$(k get pods -o jsonpath='{.items[*].metadata.uid}')
any --yes --only PGC-701 -o json
check "a set that is not healthy is left alone: exit code 4" test "$status" = 4
check "  it says how many are ready" result PGC-701 '.reason | contains("is not healthy: 1 of 2 pods are ready")'
check "  no pod was touched" test "$(k get pods -o jsonpath='{.items[*].metadata.uid}')" = "$before"
on_port 5433 'ALTER SYSTEM RESET port'

# ---- another node ----------------------------------------------------------------------------------------------
# The test's nodes see the same directories, and this volume is on both of them. The pod goes where the label is.
mkdir -m 777 "$tap_dir/volume"
at_end "kubectl delete pv tl-any-volume --ignore-not-found --wait=false >/dev/null 2>&1
  kubectl label nodes --all tl-any-likes- >/dev/null 2>&1"
jq -n --arg path "$tap_dir/volume" --arg namespace "$namespace" '{apiVersion: "v1", kind: "PersistentVolume",
  metadata: {name: "tl-any-volume"}, spec: {capacity: {storage: "1Gi"}, accessModes: ["ReadWriteOnce"],
  storageClassName: "tl-any-none", hostPath: {path: $path}, claimRef: {name: "data-mover-0", namespace: $namespace}}}' |
  kubectl apply -f - >/dev/null
mapfile -t nodes < <(kubectl get nodes -o name)
kubectl label "${nodes[0]}" tl-any-likes=it >/dev/null
legacy mover 1 "$variables" '.spec.volumeClaimTemplates[0].spec.storageClassName = "tl-any-none"
  | .spec.template.spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution = [{weight: 100,
    preference: {matchExpressions: [{key: "tl-any-likes", operator: "Exists"}]}}]' >/dev/null
check "a pod that may go to another node" is_ready mover
kubectl label "${nodes[0]}" tl-any-likes- >/dev/null
kubectl label "${nodes[1]}" tl-any-likes=it >/dev/null
run_pgcheck persistence --statefulset mover -n "$namespace" --yes --only PGC-701 -o json
check "deleted, it comes up on the other: all rows are there" test "$status" = 0
check "  and the level says so" result PGC-701 '.evidence.level == "pod deleted, node changed" and
  (.evidence.deleted["mover-0"] | .nodeBefore != .nodeAfter and .rows["random rows"].kept == 1000)'
k delete statefulset mover --wait=false >/dev/null

# ---- how to log in ---------------------------------------------------------------------------------------------
silent() { run_pgcheck persistence --statefulset silent -n "$namespace" "$@"; }
silent --yes --only PGC-710 -o json
check "no user and password: it is unknown, and says what to name" result PGC-710 '.status == "unknown" and
  (.remedy | contains("--database-secret"))'
for secret in app-db/uri app-env; do
  silent --database-secret "$secret" --yes --only PGC-710 -o json
  check "--database-secret $secret" test "$status" = 0
done

# ---- on a terminal ----------------------------------------------------------------------------------------------
# asked ANSWER: whoever runs it sits at a terminal.
asked() {
  status=0
  printf '%s\n' "$1" | TERM=xterm script -qec "$helm pgcheck persistence --statefulset silent -n $namespace \
    --database-secret app-db --only PGC-701 -o json=$tap_dir/out" "$tap_dir/typescript" >/dev/null || status=$?
  cat "$tap_dir/typescript" >>"$tap_dir/all-output"
}
uid=$(pod_uid silent-0)
asked n
check "it asks, and takes no for an answer: exit code 2" test "$status" = 2
check "  it says so" grep -q 'nothing was changed' "$tap_dir/typescript"
check "  the pod is the same" test "$(pod_uid silent-0)" = "$uid"
check "  and there is no journal" bash -c "! kubectl get configmaps -n '$namespace' -o name | grep pgcheck"
asked y
check "it goes on with a yes" test "$status" = 0
check "one pod is deleted once" result PGC-701 '.status == "passed" and (.evidence.deleted | keys == ["silent-0"])'
check "  the pod is another one" test "$(pod_uid silent-0)" != "$uid"
live=$(tr '\r' '\n' <"$tap_dir/typescript" | grep -o 'PGC-701 survives-pod-deletion  silent-0  *[0-9.]* s' | sort -u | wc -l)
check "  a line below said all the while what was going on, and for how long" test "$live" -ge 2

silent --database-secret absent --list
check "a Secret that is not there: exit code 2" test "$status" = 2
run_pgcheck persistence legacy --statefulset legacy -n "$namespace"
check "a release and a set at once: exit code 2" test "$status" = 2
run_pgcheck persistence --statefulset nothing -n "$namespace" --list
check "no such set: exit code 2" test "$status" = 2

check "no password in any output" bash -c "! grep -rFf '$tap_dir/secrets' '$tap_dir/all-output'"
check "no stack trace" no_stack_trace "$tap_dir/all-output"
finish persistence-any
