#!/usr/bin/env bash
# A run that is told to end, or killed, at a random moment: the release is as before, whoever is told, helm, the
# program, or both; after a kill by --restore, or by the next run. Upgrades work afterwards, with both Helms.
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

# One release for each Helm; the moments go to them in turn.
for major in 3 4; do
  fresh_namespace "tl-interrupted-$major"
  install_plugin_for_test "$major"
  check "$helm installs the lab" "$helm" install lab03 charts/tl-engine -f values/lab03.yaml -f ci/images/values.yaml \
    --set database.statefulset.runAsUser=999 -n "tl-interrupted-$major" --wait --timeout 3m
  objects_of "tl-interrupted-$major" >"$tap_dir/before-$major"
done

schemas() {
  kubectl exec -n "$namespace" postgres-0 -c postgres -- \
    psql -d testdb -Atc "SELECT count(*) FROM pg_namespace WHERE nspname = 'pgcheck_lab'"
}
schema_gone() { [[ "$(schemas)" == 0 ]]; }
said() { grep -q "$1" "$tap_dir/progress"; }
over() { ! kill -0 "$1" 2>/dev/null; }

# start: a run in a session of its own, so that a signal to its group does not reach this script. A shell without job
# control has its background processes ignore SIGINT, and so would the program.
start() {
  : >"$tap_dir/progress"
  env --default-signal=INT setsid "$helm" pgcheck persistence lab03 -n "$namespace" --yes \
    --only PGC-702 >/dev/null 2>"$tap_dir/progress" </dev/null &
  pid=$!
  wait_for 60 "the run's first line" said 'going to change' || true
  program=$(pgrep -P "$pid" | head -n 1)
}

# interrupted_by WHO SIGNAL SECONDS: so long after the run said what it is going to change.
interrupted_by() {
  local who=$1 signal=$2 moment=$3 name
  name="SIG$signal to the $who after $moment s"
  start
  # The moment is the point here, and no condition tells it.
  read -rt "$moment" <> <(:) || true
  name+=" ($(tail -n 1 "$tap_dir/progress" | sed 's/^ *//' | cut -c1-40))"
  case $who in
    helm) kill "-$signal" "$pid" ;;
    program) kill "-$signal" "$program" ;;
    group) kill "-$signal" -- "-$pid" ;;
  esac 2>/dev/null
  wait "$pid" 2>/dev/null || true
  check "$name: the program ends" wait_for 150 "the program's end" over "$program"
  if [[ "$signal" == KILL ]]; then
    run_pgcheck persistence lab03 -n "$namespace" --restore
    check "$name: --restore ends well" test "$status" = 0
  fi
  check "$name: every object is as before" as_before "$tap_dir/before-$major" "$namespace"
  check "$name: the schema is gone" schema_gone
}

moments=1
[[ -z "${TL_TEST_ALL:-}" ]] || moments=6
for ((round = 0; round < moments; round++)); do
  for who in helm program group; do
    for signal in INT TERM KILL; do
      major=$((3 + RANDOM % 2))
      namespace=tl-interrupted-$major
      use_helm "$major"
      interrupted_by "$who" "$signal" "$((RANDOM % 30)).$((RANDOM % 10))"
    done
  done
done

# A killed run leaves something, else the checks above show nothing; and the next run puts it back by itself.
major=4 namespace=tl-interrupted-4
use_helm 4
start
wait_for 120 "the scaling" said 'from 1 to 3' || true
kill -KILL "$program" "$pid"
wait "$pid" 2>/dev/null
check "SIGKILL leaves a journal and a Lease" \
  kubectl get configmap/pgcheck-journal-lab03 lease/pgcheck-lab03 -n "$namespace"
check "and other objects than before" bash -c "! diff -q '$tap_dir/before-4' <(source ci/lib/as-before.sh
  objects_of $namespace) >/dev/null"
run_pgcheck persistence lab03 -n "$namespace" --yes --only PGC-701 -o json
check "the next run puts it back and passes" test "$status" = 0
check "and says whose run it was" \
  grep -q 'an earlier run was ended before it put everything back (.*pid ' "$tap_dir/err"
check "then every object is as before" as_before "$tap_dir/before-4" "$namespace"

for major in 3 4; do
  use_helm "$major"
  for replicas in 2 1; do
    check "an upgrade with Helm $major to $replicas pods works" "$helm" upgrade lab03 charts/tl-engine --reuse-values \
      --set "database.statefulset.replicas=$replicas" -n "tl-interrupted-$major" --wait --timeout 3m
  done
done

finish interrupted
