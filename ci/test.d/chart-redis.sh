#!/usr/bin/env bash
# charts/redis-lab on the running cluster, as the lab asks it: three pods with stable names, a volume and data of their
# own each, which outlive the pods and a scaling to one and back. Needs ci/cluster up.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh

# shellcheck source=ci/lib/say.sh
source ci/lib/say.sh
# shellcheck source=ci/lib/as-before.sh
source ci/lib/as-before.sh

namespace=tl-redis

k() { kubectl --namespace "$namespace" "$@"; }
redis() {
  local pod=$1
  shift
  timeout 60 kubectl --namespace "$namespace" exec "redis-$pod" -- redis-cli "$@"
}
is() { [[ "$("${@:2}")" == "$1" ]] || { echo "wanted: $1"; "${@:2}"; return 1; }; }
ready() { k rollout status statefulset/redis --timeout=300s; }
all_hold() {
  local pod
  for pod in 0 1 2; do is "kept by $pod" redis "$pod" get "key-$pod" || return 1; done
}
write_all() {
  local pod
  for pod in 0 1 2; do is OK redis "$pod" set "key-$pod" "kept by $pod" || return 1; done
}
claims() {
  k get pvc -o json |
    jq -r '[.items[] | .metadata.name + " " + .spec.resources.requests.storage] | sort | join(", ")'
}
volumes() { k get pvc -o json | jq -r '[.items[] | .metadata.name + " " + .metadata.uid] | sort | join(", ")'; }
scale() { k scale statefulset redis --replicas="$1" && ready; }
gone() { ! k get pod "$1" >/dev/null 2>&1; }

fresh_restricted_namespace "$namespace"
check "installs, three pods ready" helm4 install lab charts/redis-lab --namespace "$namespace" \
  --set image.repository=localhost:5001/redis --set-string image.tag=7 --set resources.requests.cpu=10m \
  --wait --timeout 5m
check "a claim of 500Mi for each pod" is \
  "redis-storage-redis-0 500Mi, redis-storage-redis-1 500Mi, redis-storage-redis-2 500Mi" claims
check "a pod asks another one by its stable name" is PONG redis 0 -h redis-1.redis-headless ping
check "each pod takes a key of its own" write_all
check "what one holds the others do not" is '' redis 1 get key-0
before=$(volumes)
for pod in 0 1 2; do
  check "deleting redis-$pod" k delete pod "redis-$pod" --timeout=300s
  check "  the keys are there again" within 180 is "kept by $pod" redis "$pod" get "key-$pod"
done
ready >/dev/null
check "every pod has its own key" all_hold
check "scaling to one" scale 1
check "  takes the other pods away" within 180 gone redis-1
check "  and leaves their claims" is "$before" volumes
check "scaling to three again" scale 3
check "  every pod has its own key again" all_hold
check "  on the same volumes" is "$before" volumes

# ---- the same by helm pgcheck persistence ------------------------------------------------------------------------
result() { jq -e --arg code "$1" ".results[] | select(.code == \$code) | $2" "$tap_dir/out"; }
statuses() { jq -r '[.results[] | "\(.code[4:]) \(.status)"] | join(", ")' "$tap_dir/out"; }
no_key_of_ours() { is '' redis 0 --scan --pattern 'pgcheck_lab*'; }
install_plugin_for_test 4
remember_objects "$namespace" "$tap_dir/before"
run_pgcheck persistence lab -n "$namespace" --yes -o json
check "persistence passes" test "$status" = 0
check "  what looks into PostgreSQL is skipped" test "$(statuses)" = "701 passed, 702 passed, 703 passed, \
704 passed, 705 passed, 706 skipped, 707 skipped, 708 skipped, 709 skipped, 710 skipped"
check "  each pod was deleted, then all at once, and had its keys and its claim again" result PGC-701 '
  .evidence.deleted | length == 6 and all(.[]; .rows.usuarios.kept == 3 and .podUidBefore != .podUidAfter and
    (.claim | startswith("redis-storage-redis-")))'
check "  the keys of others are untouched" all_hold
check "  every object is as before" as_before "$tap_dir/before" "$namespace"
# interrupted_after COUNT SIGNAL: a run, once it has deleted so many pods.
deleted() { (($(grep -c 'deleted the pod' "$tap_dir/progress") >= $1)); }
interrupted_after() {
  : >"$tap_dir/progress"
  setsid "$helm" pgcheck persistence lab -n "$namespace" --yes --only PGC-701 >/dev/null 2>"$tap_dir/progress" \
    </dev/null &
  run=$!
  program=$(within 60 pgrep -P "$run" | tail -n 1)
  wait_for 60 "deletion $1" deleted "$1" || true
  kill "-$2" -- "-$run"
  wait "$run" 2>/dev/null
}
over() { ! kill -0 "$program" 2>/dev/null; }
# The sixth deletion is the last one of all three at once: there is no pod to delete keys from yet.
interrupted_after 6 TERM
check "a run that is told to end while no pod is there ends" within 150 over
check "  it says nothing that is left" bash -c "! grep -i 'could not\|not everything' '$tap_dir/progress'"
check "  its keys are gone" no_key_of_ours
check "  every object is as before" as_before "$tap_dir/before" "$namespace"
interrupted_after 1 KILL
check "a killed run leaves its keys" within 60 bash -c "kubectl -n $namespace exec redis-0 -- \
  redis-cli --scan --pattern 'pgcheck_lab*' | grep -q ."
run_pgcheck persistence lab -n "$namespace" --restore
check "  --restore deletes them" no_key_of_ours
check "  then every object is as before" as_before "$tap_dir/before" "$namespace"

# The same set without a file, as a set of its own: what it was told is gone with its pod.
forgets() {
  helm4 install forgets charts/redis-lab --namespace "$namespace" --set name=memory --set replicas=1 \
    --set image.repository=localhost:5001/redis --set-string image.tag=7 --set resources.requests.cpu=10m &&
    k patch statefulset memory --type json -p '[{"op": "replace", "path": "/spec/template/spec/containers/0/args",
      "value": ["--dir", "/data", "--appendonly", "no", "--save", "", "--protected-mode", "no"]}]' &&
    k rollout status statefulset/memory --timeout=300s
}
check "a Redis that keeps nothing is ready" forgets
run_pgcheck persistence --statefulset memory -n "$namespace" --yes --only PGC-701 -o json
check "  it is reported as lost: exit code 3" test "$status" = 3
check "  every key, with what to do" result PGC-701 '.evidence.deleted["memory-0"].rows.usuarios.lost == 3 and
  (.findings[0].remedy | contains("--appendonly yes"))'
# The same on an emptyDir, with a key of somebody's: it is not put at risk to show that it would be lost.
volatile() {
  helm4 template volatile charts/redis-lab --namespace "$namespace" --set name=volatile --set replicas=1 \
    --set image.repository=localhost:5001/redis --set-string image.tag=7 --set resources.requests.cpu=10m |
    kubectl create --dry-run=client -o json -n "$namespace" -f - |
    jq 'if .kind == "StatefulSet" then .spec.volumeClaimTemplates[0].metadata.name as $claim
      | del(.spec.volumeClaimTemplates) | .spec.template.spec.volumes += [{name: $claim, emptyDir: {}}] else . end' |
    k apply -f - >/dev/null && k rollout status statefulset/volatile --timeout=300s
}
uid() { k get pod volatile-0 -o jsonpath='{.metadata.uid}'; }
theirs() { timeout 60 kubectl --namespace "$namespace" exec volatile-0 -- redis-cli "$@"; }
check "a Redis on an emptyDir is ready" volatile
check "  it takes somebody's key" is OK theirs set theirs kept
before=$(uid)
run_pgcheck persistence --statefulset volatile -n "$namespace" --yes --only PGC-701,PGC-704 -o json
check "  it is left alone: exit code 4" test "$status" = 4
check "  and the report says why" jq -es '.[0].results | length == 2 and all(.[]; .status == "unknown" and
  (.reason | test("ends with the pod, and 1 key in it would be lost")))' "$tap_dir/out"
check "  its pod is the same" test "$before" = "$(uid)"
check "  the key is there" is kept theirs get theirs
check "no stack trace" no_stack_trace "$tap_dir/all-output"

# A test that cannot fail is none: without its volume a pod has lost its key.
lose_volume() {
  k scale statefulset redis --replicas=2 >/dev/null && within 180 gone redis-2 &&
    k delete pvc redis-storage-redis-2 --timeout=300s && scale 3 && ! all_hold
}
check "a pod without its volume is found to have lost its key" lose_volume

finish chart-redis
