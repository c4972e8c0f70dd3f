#!/usr/bin/env bash
# Persistence from inside the cluster: as the Job that --print-job prints, and as the chart's Helm test. Needs the cluster.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh

namespace=tl-persistence-inside image=${TL_PGCHECK_IMAGE:-localhost:5001/pgcheck:dev}
fresh_database_namespace "$namespace"
kubectl label namespace "$namespace" pod-security.kubernetes.io/enforce=restricted >/dev/null
ci/outside-db up 2>/dev/null || exit 1
umask 077
kubectl create secret generic outside -n "$namespace" --from-file=DATABASE_URL="$(ci/outside-db url-file)" >/dev/null
install_plugin_for_test 4
{ sed -E 's#.*//[^:]*:([^@]*)@.*#\1#' "$(ci/outside-db url-file)"; echo; echo "$test_password"; } >"$tap_dir/secrets"
watch_for "$tap_dir/secrets" "$namespace"
report() { jq -e "$1" "$tap_dir/report"; }

tests=(-f ci/images/values.yaml --set "tests.persistence.enabled=true,tests.persistence.image.repository=${image%:*}"
  --set-string "tests.persistence.image.tag=${image##*:}" -n "$namespace" --wait --timeout 4m)
"$helm" install own charts/tl-engine -f values/statefulset.yaml --set engine.enabled=false "${tests[@]}" \
  >"$tap_dir/own" 2>&1 &
own=$!
"$helm" install out charts/tl-engine -f values/external.yaml --set database.existingSecret=outside "${tests[@]}" \
  >"$tap_dir/outside" 2>&1 &
out=$!

check "the release with a database of its own is there" wait "$own"
run_pgcheck persistence own -n "$namespace" --print-job --image "$image" --only 'PGC-701,PGC-706,PGC-710'
# The report as data, for what follows.
sed 's/"--yes"/"--yes", "--output=json"/' "$tap_dir/out" >"$tap_dir/job.yaml"
check "the printed Job is taken, under the restricted standard" kubectl apply -f "$tap_dir/job.yaml"
job=job/pgcheck-own-persistence
check "it runs to its end" kubectl wait -n "$namespace" "$job" --for=condition=complete --timeout=4m
kubectl logs -n "$namespace" "$job" >"$tap_dir/log"
cat "$tap_dir/log" >>"$tap_dir/all-output"
sed -n '/^{/,/^}/p' "$tap_dir/log" >"$tap_dir/report"
check "its log has the report: complete, and passed" report '.verdict == "passed" and
  ([.results[] | "\(.code) \(.status)"] == ["PGC-701 passed", "PGC-706 passed", "PGC-710 passed"])'
check "its writers reach the database without a tunnel, and write" report '.timeline.loads | length >= 3 and
  all(.[]; .tunnelIncluded == false and .acknowledged >= 1000)'
check "and nothing of the run is left" bash -c "! kubectl get lease,configmap -n '$namespace' -o name | grep pgcheck"
rules() { jq -cS '.rules[]' | sort; }
chart_rules() { "$helm" template own charts/tl-engine -f values/statefulset.yaml "${tests[@]:0:6}" -n "$namespace" \
  -s templates/tests/pod-persistence.yaml | kubectl create --dry-run=client -o json -f - |
  jq -s '.[] | select(.kind == "Role")' | rules; }
printed_rules() { kubectl create --dry-run=client -o json -f "$tap_dir/job.yaml" |
  jq -s '.[] | select(.kind == "Role")' | rules; }
check "the chart's test has the printed Role" diff <(chart_rules) <(printed_rules)
check "the release with a database outside is there" wait "$out"
# tested RELEASE CODES...
tested() {
  local code
  check "$helm test of $1 runs persistence, and passes" "$helm" test "$1" -n "$namespace" --timeout 8m
  cat "$tap_dir/check" >>"$tap_dir/helm-test"
  cp "$tap_dir/check" "$tap_dir/its-report"
  for code in "${@:2}"; do
    check "  its report is in Helm's output: $code" grep -E "pass +$code " "$tap_dir/its-report"
  done
  check "  nothing of the test stays" bash -c "! kubectl get pod,serviceaccount,role,rolebinding -n '$namespace' -o name |
    grep $1-persistence-test"
}
tested own PGC-701 PGC-704 PGC-706 PGC-710
use_helm 3
tested out PGC-708
use_helm 4

# ---- no secret anywhere ----------------------------------------------------------------------------------------
check "its objects were seen" grep -q pgcheck-own-persistence "$tap_dir/watched/jobs"
cat "$tap_dir/helm-test" >>"$tap_dir/all-output"
unseen() { ! grep -rFf "$tap_dir/secrets" "$tap_dir/watched" "$tap_dir/all-output"; }
check "no password in any of its objects, nor in outputs and logs" unseen
check "nor in any process's arguments" test ! -s "$tap_dir/argued"

finish persistence-inside
