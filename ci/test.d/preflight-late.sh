#!/usr/bin/env bash
# An API server that obeys a request when its sender has stopped to wait for the answer: what a volume probe or a look
# asked for is put away nevertheless. Needs the cluster.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/say.sh
source ci/lib/say.sh
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh
# shellcheck source=ci/lib/storage.sh
source ci/lib/storage.sh

namespace=tl-preflight-late
fresh_database_namespace "$namespace"
kubectl label namespace "$namespace" pod-security.kubernetes.io/enforce=restricted >/dev/null
install_plugin_for_test 4
(umask 077 && kubectl config view --raw -o json >"$tap_dir/admin.json")
remember_names

# late WORD SECONDS: from now on POSTs whose path ends with WORD come that much later, by the kubeconfig $tap_dir/late.
late() {
  [[ -z "${way:-}" ]] || kill "$way" 2>/dev/null
  rm -f "$tap_dir/late"
  : >"$tap_dir/late-posts"
  python3 ci/lib/late-api.py "$tap_dir/admin.json" "$tap_dir/late" "$tap_dir/late-posts" "$1" "$2" &
  way=$!
  at_end "kill $way 2>/dev/null"
  wait_for 20 "the way that is late" test -s "$tap_dir/late"
}
was_late() { grep -q "$1\$" "$tap_dir/late-posts"; }
# A Job that comes late is seen to have come: else there would be nothing to put away.
kubectl get jobs -n "$namespace" --watch -o name >"$tap_dir/seen" 2>/dev/null &
at_end "kill $! 2>/dev/null"
came() { wait_for 30 "the Job" grep -q "$1" "$tap_dir/seen"; }

# ---- longer than the program waits for an answer: 10 s ----------------------------------------------------------------
for word in jobs persistentvolumeclaims pods; do
  late "/$word" 12
  KUBECONFIG="$tap_dir/late" preflight --only PGC-209 --probe-volume --timeout 3m
  check "a volume probe whose POST of $word got no answer: unknown, with a remedy" answer PGC-209 '.status == "unknown" and
    (.reason | startswith("the probe'"'"'s objects could not be made: ")) and .remedy == "run again"'
  check "  it was passed on later" was_late "/$word"
  check "  nothing is left" within 60 nothing_new
done
check "the late Job came" came job.batch/pgcheck-probe
late /jobs 12
KUBECONFIG="$tap_dir/late" preflight --only PGC-307 --from-cluster --image localhost:5001/pgcheck:dev --timeout 2m
check "a look whose POST got no answer: unknown, with a remedy" answer PGC-307 '.status == "unknown" and
  (.reason | contains("no pod could look from the cluster")) and .remedy == "run again"'
check "  it was passed on later" was_late /jobs
check "  nothing is left" within 60 nothing_new
check "  the late Job came" came job.batch/pgcheck-look

# ---- ended while it waits for an answer -------------------------------------------------------------------------------
late /jobs 4
for signal in INT TERM; do
  : >"$tap_dir/late-posts"
  KUBECONFIG="$tap_dir/late" setsid env --default-signal=INT "$helm" pgcheck preflight tl charts/tl-engine \
    -f values/statefulset.yaml -f ci/images/values.yaml -n "$namespace" --only PGC-209 --probe-volume \
    >"$tap_dir/out" 2>"$tap_dir/err" </dev/null &
  pid=$!
  check "SIG$signal: the request is on its way" wait_for 60 "the POST" was_late /jobs
  program=$(program_of "$pid")
  check "  the program is there" kill "-$signal" "$program"
  wait "$pid" 2>/dev/null
  wait_for 60 "the program's end" bash -c "! kill -0 $program" 2>/dev/null
  check "  it says that it puts back" grep -q 'told to end' "$tap_dir/err"
  check "  nothing is left" within 60 nothing_new
  cat "$tap_dir/out" "$tap_dir/err" >>"$tap_dir/all-output"
done
check "no stack trace" no_stack_trace "$tap_dir/all-output"

finish preflight-late
