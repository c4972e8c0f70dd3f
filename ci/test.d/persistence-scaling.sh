#!/usr/bin/env bash
# Scaling and reinstalling prove that the data stays, put everything back, and refuse what would destroy data.
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

scaling=PGC-702,PGC-703,PGC-705
statuses() { jq -r '.results[] | "\(.code) \(.status)"' "$1"; }
result() { jq -e --arg c "$1" '.results[] | select(.code == $c) | '"$2" "$tap_dir/out"; }
said() { grep -q "$1" "$tap_dir/progress"; }
sql() { kubectl exec -n "$namespace" "$1" -c postgres -- psql -d testdb -Atc "$2" >/dev/null; }

# lab NAMESPACE MAJOR: one independent pod, with the lab's names.
lab() {
  namespace=$1
  fresh_namespace "$namespace"
  check "$helm installs the lab with PostgreSQL $2" "$helm" install lab03 charts/tl-engine -f values/lab03.yaml \
    -f ci/images/values.yaml --set-string "database.statefulset.image.tag=$2" \
    --set database.statefulset.runAsUser=999 -n "$namespace" --wait --timeout 3m
}

# begin ARGUMENTS...: a run of $release in the background; ended waits for it and fills $status.
release=lab03
begin() {
  : >"$tap_dir/progress"
  "$helm" pgcheck persistence "$release" -n "$namespace" --yes -o json "$@" >"$tap_dir/out" 2>"$tap_dir/progress" \
    </dev/null &
  run=$!
}
ended() {
  status=0
  wait "$run" || status=$?
}

# passes HELM MAJOR: everything that suits the lab, then the reinstall, then upgrades.
passes() {
  local replicas
  install_plugin_for_test "$1"
  lab "tl-scaling-$1" "$2"
  remember_objects "$namespace" "$tap_dir/before"
  begin --only "$scaling"
  wait_for 60 "the first run's rows" said 'wrote rows of their own' || true
  "$helm" pgcheck persistence lab03 -n "$namespace" --yes >/dev/null 2>"$tap_dir/second" </dev/null
  check "Helm $1: a second run is shut out with exit code 4" test "$?" = 4
  check "Helm $1: it says who holds the Lease, and since when" \
    grep -qE 'another run works on lab03: .*@.* pid .*, since 2' "$tap_dir/second"
  ended
  check "Helm $1: scaling: exit code 0" test "$status" = 0
  check "Helm $1: 702, 703 and 705 passed" test "$(statuses "$tap_dir/out")" = \
    $'PGC-702 passed\nPGC-703 passed\nPGC-705 passed'
  check "Helm $1: it went the lab's way" result PGC-702 '.evidence.path == [1, 3, 0, 3, 1]'
  check "Helm $1: stopped from the highest" result PGC-705 '.evidence.watched["3 -> 0"] | map(select(endswith("gone")))
    == ["2 gone", "1 gone", "0 gone"]'
  check "Helm $1: every object is as before" as_before "$tap_dir/before" "$namespace"
  for replicas in 2 1; do
    check "Helm $1: an upgrade to $replicas pods meets no conflict" "$helm" upgrade lab03 charts/tl-engine \
      --reuse-values --set "database.statefulset.replicas=$replicas" -n "$namespace" --wait --timeout 3m
  done
  # What the upgrade made stays, and is data of an earlier time: it is not touched.
  run_pgcheck persistence lab03 -n "$namespace" --yes --only PGC-702 -o json
  check "Helm $1: a claim of an earlier time is left alone: exit code 4" test "$status" = 4
  check "Helm $1: and named" result PGC-702 '.reason | contains("postgres-storage-postgres-1")'
  check "Helm $1:   its remedy can be pasted" pasted "$(remedies PGC-702 'kubectl delete')"
  run_pgcheck persistence lab03 -n "$namespace" --yes --only PGC-709 -o json
  check "Helm $1: the claims outlive an uninstall" result PGC-709 '.status == "passed"'
  check "Helm $1: an upgrade after it works" "$helm" upgrade lab03 charts/tl-engine --reuse-values -n "$namespace" \
    --wait --timeout 3m
}

passes 4 15
[[ -z "${TL_TEST_ALL:-}" ]] || passes 3 17
use_helm 4
namespace=tl-scaling-4

# ---- behind its back ------------------------------------------------------------------------------------------
remember_objects "$namespace" "$tap_dir/before"
begin --only "$scaling"
wait_for 60 "the rows" said 'wrote rows of their own' || true
sql postgres-0 "UPDATE pgcheck_lab.usuarios SET nombre = 'Eve' WHERE email = 'juan@example.com'"
sql postgres-0 "INSERT INTO pgcheck_lab.usuarios (nombre, email) VALUES ('Mallory', 'mallory@example.com')"
wait_for 120 "no pods" said 'from 3 to 0' || true
kubectl delete pvc postgres-storage-postgres-1 -n "$namespace" --timeout=60s >/dev/null
ended
check "tampered with: exit code 3" test "$status" = 3
# finding POD WORDS
finding() {
  jq -e --arg pod "Pod/$1" --arg words "$2" '.results[] | select(.code == "PGC-702")
    | any(.findings[]; .subject == $pod and (.message | contains($words)))' "$tap_dir/out"
}
check "a row changed behind its back is altered" finding postgres-0 '1 of 3 acknowledged rows of usuarios are altered'
check "a row added is unexpected" finding postgres-0 'rows of usuarios are unexpected'
check "a new volume behind the same claim name is another claim" finding postgres-1 'another claim or volume'
check "and all its rows are lost" result PGC-702 \
  '.evidence.pods["postgres-1"].rows | .usuarios.lost == 3 and .["random rows"].lost == .["random rows"].written'
check "its looks can be pasted" pasted "$(looks)"

check "and everything is as before" as_before "$tap_dir/before" "$namespace"

# ---- refusals: seen without a change --------------------------------------------------------------------------
# refused WORDS: scaling is, and a pod's deletion is not.
refused() {
  "$helm" pgcheck persistence lab03 -n "$namespace" --list >"$tap_dir/list" 2>&1
  check "refused: $1" bash -c "grep -A1 'refused *PGC-702' '$tap_dir/list' | grep -q '$1'"
  check "and a pod may still be deleted" grep -qE 'run +PGC-701' "$tap_dir/list"
}
# touched: changes with every change of a set's spec, and with every new pod.
touched() {
  kubectl get statefulsets,pods -n "$namespace" -o json |
    jq -r '.items[] | "\(.metadata.name) \(.metadata.uid) \(.spec.replicas) \(.metadata.generation)"'
}
# left_alone CODE WORDS: whatever --yes says.
left_alone() {
  local before
  before=$(touched)
  run_pgcheck persistence "$release" -n "$namespace" --yes --only "$1" -o json
  check "left alone, with --yes: $2: exit code 4" test "$status" = 4
  check "  it says so" result "$1" ".status == \"unknown\" and (.reason | contains(\"$2\"))"
  check "  set and pods are the same" test "$(touched)" = "$before"
}
kubectl autoscale statefulset postgres --min=1 --max=2 --cpu=80% -n "$namespace" >/dev/null 2>&1 ||
  kubectl autoscale statefulset postgres --min=1 --max=2 --cpu-percent=80 -n "$namespace" >/dev/null
refused 'HorizontalPodAutoscaler'
left_alone PGC-702 'HorizontalPodAutoscaler'
kubectl delete hpa postgres -n "$namespace" >/dev/null
kubectl annotate statefulset postgres -n "$namespace" \
  'argocd.argoproj.io/tracking-id=lab:apps/StatefulSet:x/postgres' >/dev/null
refused 'Argo CD manages the release'
left_alone PGC-702 'Argo CD manages the release'
kubectl annotate statefulset postgres -n "$namespace" argocd.argoproj.io/tracking-id- >/dev/null

# A claim that the release renders would go with it; an upgrade that was killed left it in the middle.
revision=$("$helm" status lab03 -n "$namespace" -o json | jq .version)
printf '%s\n' 'extraObjects:' '  claim: {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: shared}, spec:' \
  '    {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}}' >"$tap_dir/claim.yaml"
check "a release with a claim among its objects" "$helm" upgrade lab03 charts/tl-engine --reuse-values \
  -f "$tap_dir/claim.yaml" -n "$namespace"
left_alone PGC-709 'an uninstall would delete the claim shared with its data'
check "  the claim is the release's still" kubectl get pvc shared -n "$namespace"
printf '%s\n' 'extraObjects:' '  pod: {apiVersion: v1, kind: Pod, metadata: {name: waits}, spec: {terminationGracePeriodSeconds: 0,' \
  '    containers: [{name: waits, image: "localhost:5001/no-such-image:1"}]}}' >"$tap_dir/waits.yaml"
"$helm" upgrade lab03 charts/tl-engine --reuse-values -f "$tap_dir/waits.yaml" -n "$namespace" --wait --timeout 5m \
  >/dev/null 2>&1 &
upgrade=$!
pending() { kubectl get pod waits -n "$namespace" && "$helm" status lab03 -n "$namespace" | grep 'STATUS: pending-upgrade'; }
within 60 pending >/dev/null 2>&1
kill -KILL "$upgrade"
wait "$upgrade" 2>/dev/null
left_alone PGC-701 "lab03 is pending-upgrade at revision $((revision + 2))"
check "a rollback brings it back" "$helm" rollback lab03 "$revision" -n "$namespace" --wait --timeout 3m
kubectl patch statefulset postgres -n "$namespace" --type merge \
  -p '{"spec":{"persistentVolumeClaimRetentionPolicy":{"whenScaled":"Delete"}}}' >/dev/null
refused 'whenScaled is Delete'
run_pgcheck persistence lab03 -n "$namespace" --yes --only PGC-702 -o json
check "no --yes overrides that: exit code 4" test "$status" = 4
kubectl patch statefulset postgres -n "$namespace" --type merge \
  -p '{"spec":{"persistentVolumeClaimRetentionPolicy":{"whenScaled":"Retain","whenDeleted":"Delete"}}}' >/dev/null
run_pgcheck persistence lab03 -n "$namespace" --yes --only PGC-709 -o json
check "an uninstall that deletes claims is refused: exit code 4" test "$status" = 4
check "and says why" result PGC-709 '.reason | contains("whenDeleted is Delete")'
check "the release is there" "$helm" status lab03 -n "$namespace"

# ---- copies of a primary ---------------------------------------------------------------------------------------
install_plugin_for_test 3
fresh_database_namespace tl-scaling-copies
namespace=tl-scaling-copies
printf %s "$test_password" >"$tap_dir/replication-password"
kubectl create secret generic postgresql-secret -n "$namespace" --from-file="$tap_dir/username" \
  --from-file="$tap_dir/password" --from-file="$tap_dir/replication-password" --dry-run=client -o yaml |
  kubectl apply -f - >/dev/null 2>&1
check "Helm 3 installs a replicated database" "$helm" install tl charts/tl-engine -f values/replicated.yaml \
  -f ci/images/values.yaml --set engine.enabled=false -n "$namespace" --wait --timeout 5m
remember_objects "$namespace" "$tap_dir/before"
run_pgcheck persistence tl -n "$namespace" --yes --only "$scaling" -o json
check "replicated: 702 passed, and 703 and 705 have nothing to show" test "$(statuses "$tap_dir/out")" = \
  $'PGC-702 passed\nPGC-703 skipped\nPGC-705 skipped'
check "it looked at the replication slots" result PGC-702 '.evidence.replicationSlots | length == 2'
run_pgcheck persistence tl -n "$namespace" --yes --only PGC-701 -o json
check "replicated: the primary is deleted, then all pods at once; the standbys in turn are PGC-707's" result PGC-701 '
  .status == "passed" and (.evidence.deleted | keys_unsorted == ["tl-postgres-0", "tl-postgres-0, all at once",
    "tl-postgres-read-0, all at once", "tl-postgres-read-1, all at once"])'
check "replicated: each has all rows on its own claim again" result PGC-701 '[.evidence.deleted[]] |
  all(.rows["random rows"].kept == 1000 and .podUidBefore != .podUidAfter) and (map(.claim) | unique | length == 3)'
check "replicated: every object is as before" as_before "$tap_dir/before" "$namespace"

# What it reads of the primary before and after, with somebody at work on it.
release=tl
primary() {
  local sql commands=()
  for sql in "$@"; do commands+=(-c "$sql"); done
  kubectl exec -n "$namespace" tl-postgres-0 -c postgres -- psql -XqAt -U postgres -d enginedb "${commands[@]}"
}
commits_wait_for_standbys() { primary "ALTER SYSTEM SET synchronous_standby_names = '*'" 'SELECT pg_reload_conf()'; }
commits_wait_for_nobody() { primary 'ALTER SYSTEM RESET synchronous_standby_names' 'SELECT pg_reload_conf()'; }
commits_wait_for_standbys >/dev/null
left_alone PGC-702 'synchronous_standby_names is *'
commits_wait_for_nobody >/dev/null
begin --only PGC-702
wait_for 60 "one standby" said 'scaled tl-postgres-read from 2 to 1' || true
# It comes back at once, and then its slot is in use.
primary "DO \$\$ BEGIN
  FOR try IN 1..100 LOOP
    BEGIN
      PERFORM pg_terminate_backend(active_pid, 5000) FROM pg_replication_slots WHERE slot_name = 'tl_postgres_read_0';
      PERFORM pg_drop_replication_slot('tl_postgres_read_0');
      EXIT;
    EXCEPTION WHEN object_in_use THEN NULL;
    END;
  END LOOP;
END \$\$"
commits_wait_for_standbys >/dev/null
ended
check "a slot dropped, and commits made to wait, while it is scaled in: exit code 3" test "$status" = 3
check "  the slot is named, and no other" result PGC-702 'any(.findings[]; .message |
  startswith("after scaling, replication slots are not used again: tl_postgres_read_0; wanted: as before, "))'
check "  so are both values of the setting" result PGC-702 'any(.findings[]; .message |
  contains("synchronous_standby_names is \u0027*\u0027; wanted: as before, \u0027\u0027"))'
check "  no row is lost" result PGC-702 '(.findings | length == 2) and (.evidence.pods | length == 1) and
  all(.evidence.pods[]; .rows["random rows"].lost == 0)'
check "  its looks can be pasted" pasted "$(looks)"
remedies PGC-702 | grep ';$' >"$tap_dir/sql"
check "  its lines of SQL can be pasted into psql" kubectl exec -i tl-postgres-0 -n "$namespace" -c postgres -- \
  psql -Xqv ON_ERROR_STOP=1 -U postgres -d enginedb -f - <"$tap_dir/sql"
check "  and nobody waits any more" test -z "$(primary 'SHOW synchronous_standby_names')"
# A standby makes its slot when its pod starts.
kubectl delete pod tl-postgres-read-0 -n "$namespace" >/dev/null
kubectl rollout status statefulset/tl-postgres-read -n "$namespace" --timeout=120s >/dev/null
check "  then every object is as before" as_before "$tap_dir/before" "$namespace"
check "Helm 3: an upgrade to another number of standbys works" "$helm" upgrade tl charts/tl-engine --reuse-values \
  --set database.statefulset.readReplicas=1 -n "$namespace" --wait --timeout 3m

check "no password in any output" bash -c "! grep -rF '$test_password' '$tap_dir/all-output'"
check "no stack trace" no_stack_trace "$tap_dir/all-output"
finish persistence-scaling
