#!/usr/bin/env bash
# The negative controls: a database on an emptyDir, and one beside the claim that it mounts, are reported as lost by the
# command that proves the others.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh

namespace=tl-lost
fresh_database_namespace "$namespace"
install_plugin_for_test 4

# made RELEASE FILTER: the chart's own manifests, with their StatefulSet changed. Helm does not know this release, so
# that it is found by its label, as with Argo CD.
made() {
  "$helm" template "$1" charts/tl-engine -f values/statefulset.yaml -f ci/images/values.yaml -n "$namespace" \
    --kube-version 1.36.0 --set engine.enabled=false --set database.statefulset.resources.requests.cpu=50m \
    >"$tap_dir/$1.yaml"
  kubectl create --dry-run=client -o json -f "$tap_dir/$1.yaml" -n "$namespace" | jq -s "
    map(if .kind == \"List\" then .items[] else . end) | map(if .kind == \"StatefulSet\" then $2 else . end) | .[]" |
    kubectl apply -n "$namespace" -f - >/dev/null
}
is_ready() { kubectl rollout status "statefulset/$1-postgres" -n "$namespace" --timeout=180s; }
# all_lost POD: of the last report, with the database another one and the remedy what would have kept it.
all_lost() {
  check "exit code 3" test "$status" = 3
  check "PGC-701 failed: every row is lost" jq -e --arg pod "$1" '.results[] | select(.code == "PGC-701")
    | .status == "failed" and (.evidence.deleted[$pod].rows | .usuarios.lost == 3 and .["random rows"].lost == 1000)' \
    "$tap_dir/out"
  check "it names the other database" jq -e '.results[] | select(.code == "PGC-701")
    | any(.findings[]; .message | contains("system identifier"))' "$tap_dir/out"
  check "the remedy names the emptyDir" jq -e '.results[] | select(.code == "PGC-701")
    | any(.findings[]; .remedy | contains("emptyDir"))' "$tap_dir/out"
  check "the report is valid" valid_report "$tap_dir/out"
}

# The same mount is an emptyDir.
made lost '.spec.volumeClaimTemplates[0].metadata.name as $claim
  | del(.spec.volumeClaimTemplates)
  | .spec.template.spec.volumes += [{name: $claim, emptyDir: {}}]'
# The claim is there and mounted, and the data directory lies outside of it.
made outside '.spec.template.spec |= ((.initContainers[], .containers[])
  |= (.env |= map(if .name == "PGDATA" then .value = "/tmp/pgdata" else . end)))'
check "the database on an emptyDir is ready" is_ready lost
check "the database outside of its claim's mount is ready" is_ready outside

run_pgcheck persistence lost -n "$namespace" --yes -o json
all_lost lost-postgres-0

check "the other one's claim is bound, as if it kept something" test \
  "$(kubectl get pvc postgres-storage-outside-postgres-0 -n "$namespace" -o jsonpath='{.status.phase}')" = Bound
run_pgcheck persistence outside -n "$namespace" --yes --only PGC-701 -o json
all_lost outside-postgres-0

# What is somebody's own is not put at risk to show that it would be lost.
own() { kubectl exec lost-postgres-0 -n "$namespace" -c postgres -- psql -XqAt -v ON_ERROR_STOP=1 -c "$1"; }
pod_uid() { kubectl get pod lost-postgres-0 -n "$namespace" -o jsonpath='{.metadata.uid}'; }
check "somebody's table is made there" within 60 own 'CREATE TABLE IF NOT EXISTS customers AS SELECT 1 AS id'
uid=$(pod_uid)
run_pgcheck persistence lost -n "$namespace" --yes --only PGC-701,PGC-704 -o json
check "a database with tables of its own there: left alone, exit code 4" test "$status" = 4
check "and it says why" jq -es '.[0].results | length == 2 and all(.[]; .status == "unknown" and
  (.reason | test("lies on an emptyDir and ends with the pod, and 1 table in it would be lost")) and .remedy != "")' \
  "$tap_dir/out"
check "its pod is the same" test "$uid" = "$(pod_uid)"
check "its table is there" test "$(own 'SELECT count(*) FROM customers')" = 1

run_pgcheck persistence lost -n "$namespace" -o json
check "without --yes and without a terminal: exit code 2" test "$status" = 2
check "and it says what to add" grep -q -- '--yes' "$tap_dir/err"

# A set that is not ready is left alone, and nothing is claimed about it.
kubectl scale statefulset/lost-postgres -n "$namespace" --replicas=0 >/dev/null
kubectl wait --for=delete pod/lost-postgres-0 -n "$namespace" --timeout=60s >/dev/null 2>&1
run_pgcheck persistence lost -n "$namespace" --yes -o json
check "a set scaled to 0: unknown, exit code 4" test "$status" = 4

finish lost-data
