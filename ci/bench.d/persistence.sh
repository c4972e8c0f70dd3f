#!/usr/bin/env bash
# PGC-701's restart against kubectl delete pod and kubectl wait by hand, in alternating rounds [ROUNDS, default 5]
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/say.sh
source ci/lib/say.sh
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh

rounds=${1:-5}
[[ "$rounds" =~ ^[1-9][0-9]?$ ]] || fail "ROUNDS is $rounds; wanted: 1 to 99"
namespace=tl-bench-persistence
pod=tl-postgres-0

fresh_database_namespace "$namespace"
use_helm 4
"$helm" plugin install ./plugin >/dev/null 2>&1 || fail "the plugin cannot be installed" "Build it: ci/package"
"$helm" install tl charts/tl-engine -f values/statefulset.yaml -f ci/images/values.yaml \
  --set engine.enabled=false -n "$namespace" --wait --timeout 3m >/dev/null || fail "the database did not start"

millis_since() { echo $((($(now_micros) - $1) / 1000)); }
exists() { kubectl get pod "$pod" -n "$namespace" >/dev/null 2>&1; }

by_hand() {
  local began
  began=$(now_micros)
  kubectl delete pod "$pod" -n "$namespace" >/dev/null || return 1
  # kubectl wait fails on a pod that is not there yet.
  within 60 exists
  kubectl wait --for=condition=Ready "pod/$pod" -n "$namespace" --timeout=120s >/dev/null || return 1
  millis_since "$began"
}

by_plugin() { # fills $whole and $restart
  local began
  began=$(now_micros)
  "$helm" pgcheck persistence tl -n "$namespace" --yes --only PGC-701 -o json >"$tap_dir/report" 2>/dev/null \
    </dev/null || return 1
  whole=$(millis_since "$began")
  restart=$(jq '.results[] | select(.code == "PGC-701") | .evidence.readyAfterMillis' "$tap_dir/report")
  [[ "$restart" =~ ^[0-9]+$ ]]
}

start_of_jvm() {
  local began
  began=$(now_micros)
  "$helm" pgcheck --version >/dev/null 2>&1
  millis_since "$began"
}

failed() { fail "round $1 could not be measured" "kubectl get pods -n $namespace"; }
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

printf '%-6s %16s %22s %18s\n' round 'by hand (ms)' 'PGC-701 restart (ms)' 'whole run (ms)'
for ((round = 1; round <= rounds; round++)); do
  # Alternating, so that what else runs on the machine falls on both.
  if ((round % 2)); then
    hand=$(by_hand) || failed "$round"
    by_plugin || failed "$round"
  else
    by_plugin || failed "$round"
    hand=$(by_hand) || failed "$round"
  fi
  printf '%-6s %16s %22s %18s\n' "$round" "$hand" "$restart" "$whole"
  echo "$hand" >>"$tap_dir/hand"
  echo "$restart" >>"$tap_dir/restart"
  echo "$whole" >>"$tap_dir/whole"
  start_of_jvm >>"$tap_dir/jvm"
done
hand=$(median <"$tap_dir/hand") restart=$(median <"$tap_dir/restart")
whole=$(median <"$tap_dir/whole") jvm=$(median <"$tap_dir/jvm")
printf '%-6s %16s %22s %18s\n\n' median "$hand" "$restart" "$whole"
awk -v hand="$hand" -v restart="$restart" -v whole="$whole" -v jvm="$jvm" 'BEGIN {
  printf "the restart itself: %.2f times by hand, %+.1f s (wanted: at most 1.10 times or +0.5 s)\n",
    restart / hand, (restart - hand) / 1000
  printf "the whole run: %.1f s more: helm and the start of Java %.1f s; the rest is finding the release,\n",
    (whole - restart) / 1000, jvm / 1000
  printf "logging in through the tunnel before and after, 1003 rows written, read and compared, and the clean-up\n"
}'
