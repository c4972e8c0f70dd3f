#!/usr/bin/env bash
# The negative control: a database on an emptyDir is reported as lost by the command that proves the others.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh

namespace=tl-lost
fresh_database_namespace "$namespace"
install_plugin_for_test 4

# The chart's own manifests, but for the claim: the same mount is an emptyDir. Helm does not know this release, so
# that it is found by its label, as with Argo CD.
"$helm" template lost charts/tl-engine -f values/statefulset.yaml -f ci/images/values.yaml -n "$namespace" \
  --kube-version 1.36.0 --set engine.enabled=false >"$tap_dir/lost.yaml"
kubectl create --dry-run=client -o json -f "$tap_dir/lost.yaml" -n "$namespace" | jq -s '
  map(if .kind == "List" then .items[] else . end) | map(
    if .kind == "StatefulSet" then
      .spec.volumeClaimTemplates[0].metadata.name as $claim
      | del(.spec.volumeClaimTemplates)
      | .spec.template.spec.volumes += [{name: $claim, emptyDir: {}}]
    else . end) | .[]' | kubectl apply -n "$namespace" -f - >/dev/null
check "the database on an emptyDir is ready" \
  kubectl rollout status statefulset/lost-postgres -n "$namespace" --timeout=180s

run_pgcheck persistence lost -n "$namespace" --yes -o json
check "exit code 3" test "$status" = 3
check "PGC-701 failed: every row is lost" jq -e '.results[] | select(.code == "PGC-701")
  | .status == "failed" and (.evidence.deleted["lost-postgres-0"].rows | .usuarios.lost == 3 and .["random rows"].lost == 1000)' "$tap_dir/out"
check "it names the other database" jq -e '.results[] | select(.code == "PGC-701")
  | any(.findings[]; .message | contains("system identifier"))' "$tap_dir/out"
check "the remedy names the emptyDir" jq -e '.results[] | select(.code == "PGC-701")
  | any(.findings[]; .remedy | contains("emptyDir"))' "$tap_dir/out"
check "the report is valid" valid_report "$tap_dir/out"

run_pgcheck persistence lost -n "$namespace" -o json
check "without --yes and without a terminal: exit code 2" test "$status" = 2
check "and it says what to add" grep -q -- '--yes' "$tap_dir/err"

# A set that is not ready is left alone, and nothing is claimed about it.
kubectl scale statefulset/lost-postgres -n "$namespace" --replicas=0 >/dev/null
kubectl wait --for=delete pod/lost-postgres-0 -n "$namespace" --timeout=60s >/dev/null 2>&1
run_pgcheck persistence lost -n "$namespace" --yes -o json
check "a set scaled to 0: unknown, exit code 4" test "$status" = 4

finish lost-data
