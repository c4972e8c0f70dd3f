#!/usr/bin/env bash
# A scenario that is told to end puts back what it changed: whoever is told, helm, the program, or both.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/say.sh
source ci/lib/say.sh
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh

namespace=tl-interrupted
fresh_database_namespace "$namespace"
install_plugin_for_test 4
check "a database is installed" "$helm" install tl charts/tl-engine -f values/statefulset.yaml \
  -f ci/images/values.yaml --set engine.enabled=false -n "$namespace" --wait --timeout 3m

psql() { kubectl exec -n "$namespace" tl-postgres-0 -c postgres -- psql -d enginedb -Atc "$1"; }
schema_gone() { [[ "$(psql "SELECT count(*) FROM pg_namespace WHERE nspname = 'pgcheck_lab'")" == 0 ]]; }
said() { grep -q "$1" "$tap_dir/progress"; }

# interrupted_by WHO SIGNAL: in the middle, when the pod has just been deleted.
interrupted_by() {
  local who=$1 signal=$2 pid program
  : >"$tap_dir/progress"
  # A session of its own, so that a signal to its group does not reach this script.
  setsid "$helm" pgcheck persistence tl -n "$namespace" --yes >/dev/null 2>"$tap_dir/progress" </dev/null &
  pid=$!
  wait_for 60 "the deletion of the pod" said 'deleted the pod' || true
  program=$(pgrep -P "$pid" | head -n 1)
  case $who in
    helm) kill "-$signal" "$pid" ;;
    program) kill "-$signal" "$program" ;;
    group) kill "-$signal" -- "-$pid" ;;
  esac
  wait "$pid" 2>/dev/null || true
  check "SIG$signal to the $who: the program ends" wait_for 90 "the program's end" bash -c "! kill -0 $program"
  check "SIG$signal to the $who: it says that it dropped its schema" said 'dropped the schema'
  check "SIG$signal to the $who: the database is back" \
    kubectl rollout status statefulset/tl-postgres -n "$namespace" --timeout=90s
  check "SIG$signal to the $who: the schema is gone" schema_gone
}

check "the schema's absence can be seen" schema_gone
interrupted_by helm TERM
interrupted_by program TERM
interrupted_by group INT

# A killed run cannot clean up: the next one does.
: >"$tap_dir/progress"
setsid "$helm" pgcheck persistence tl -n "$namespace" --yes >/dev/null 2>"$tap_dir/progress" </dev/null &
pid=$!
wait_for 60 "the deletion of the pod" said 'deleted the pod' || true
kill -KILL "$(pgrep -P "$pid" | head -n 1)" "$pid"
wait "$pid" 2>/dev/null
kubectl rollout status statefulset/tl-postgres -n "$namespace" --timeout=90s >/dev/null
wait_for 60 "the pod's successor" psql 'SELECT 1' || true
schema_there() { [[ "$(psql "SELECT count(*) FROM pg_namespace WHERE nspname = 'pgcheck_lab'")" == 1 ]]; }
check "SIGKILL leaves the schema (else the next check shows nothing)" schema_there
run_pgcheck persistence tl -n "$namespace" --yes -o json
check "the next run passes" test "$status" = 0
check "and leaves no schema" schema_gone

finish interrupted
