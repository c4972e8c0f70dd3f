#!/usr/bin/env bash
# PGC-701 against kubectl delete pod and kubectl wait by hand, in alternating rounds [ROUNDS, default 5]
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
row='%-8s %12s %12s %12s %12s %12s\n'

fresh_database_namespace "$namespace"
use_helm 4
"$helm" plugin install ./plugin >/dev/null 2>&1 || fail "the plugin cannot be installed" "Build it: ci/package"
"$helm" install tl charts/tl-engine -f values/statefulset.yaml -f ci/images/values.yaml \
  --set engine.enabled=false -n "$namespace" --wait --timeout 3m >/dev/null || fail "the database did not start"

millis_since() { echo $((($(now_micros) - $1) / 1000)); }
is_ready() {
  kubectl wait --for=condition=Ready "pod/$pod" -n "$namespace" --timeout=120s >/dev/null 2>&1
}

# by_hand: what somebody types; kubectl wait fails on a pod that is not there yet, and is typed again.
by_hand() {
  local began
  began=$(now_micros)
  kubectl delete pod "$pod" -n "$namespace" >/dev/null || return 1
  within 120 is_ready || return 1
  millis_since "$began"
}

# by_plugin: fills $ready, $verified and $whole: from the request that deletes the pod until its successor is ready,
# until its rows are read and compared, and the command from its start to its end.
by_plugin() {
  local began
  began=$(now_micros)
  "$helm" pgcheck persistence tl -n "$namespace" --yes --only PGC-701 -o json >"$tap_dir/report" 2>/dev/null \
    </dev/null || return 1
  whole=$(millis_since "$began")
  ready=$(jq '.results[] | select(.code == "PGC-701") | .evidence.readyAfterMillis' "$tap_dir/report")
  verified=$(jq '[.timeline.phases[] | select(.codes == ["PGC-701"])] |
    (map(select(.text | startswith("deleted"))) | first | .startMillis) as $from |
    (map(select(.text | startswith("read back"))) | last | .startMillis + .durationMillis) - $from' "$tap_dir/report")
  [[ "$ready" =~ ^[0-9]+$ && "$verified" =~ ^[0-9]+$ ]]
}

start_of_program() {
  local began
  began=$(now_micros)
  "$helm" pgcheck persistence tl -n "$namespace" --list >/dev/null 2>&1
  millis_since "$began"
}

failed() { fail "round $1 could not be measured" "kubectl get pods -n $namespace"; }
median() { sort -n "$tap_dir/$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# shellcheck disable=SC2059 # the format is ours
row() { printf "$row" "$@"; }

row round 'by hand' ready verified 'whole run' 'only --list'
for ((round = 1; round <= rounds; round++)); do
  # Alternating, so that what else runs on the machine falls on both.
  if ((round % 2)); then
    hand=$(by_hand) || failed "$round"
    by_plugin || failed "$round"
  else
    by_plugin || failed "$round"
    hand=$(by_hand) || failed "$round"
  fi
  list=$(start_of_program)
  row "$round" "$hand" "$ready" "$verified" "$whole" "$list"
  for name in hand ready verified whole list; do echo "${!name}" >>"$tap_dir/$name"; done
done
for name in hand ready verified whole list; do declare "$name=$(median "$name")"; done
row median "$hand" "$ready" "$verified" "$whole" "$list"
awk -v hand="$hand" -v ready="$ready" -v verified="$verified" -v whole="$whole" -v list="$list" '
  function line(what, millis) { printf "%-46s %5.2f times by hand, %+.1f s\n", what, millis / hand, (millis - hand) / 1000 }
  BEGIN {
    printf "\nMilliseconds. Wanted of the restart scenario: at most 1.10 times by hand, or +0.5 s.\n"
    line("deleted until the successor is ready:", ready)
    line("deleted until 1003 rows are read and compared:", verified)
    line("the whole command:", whole)
    printf "By hand nothing is found out, written, read, compared or cleaned up. Of the whole command, %.1f s are Helm,\n", list / 1000
    printf "the start of Java and finding the release; the rest is its Lease, its journal, a login, the rows and the clean-up.\n"
  }'

# The crash scenario: what each round of writers got acknowledged before its kill.
"$helm" pgcheck persistence tl -n "$namespace" --yes --only PGC-706 -o json >"$tap_dir/report" 2>/dev/null \
  </dev/null || fail "PGC-706 did not pass" "helm pgcheck persistence tl --only PGC-706"
printf '\nPGC-706, wanted: at least 1000 acknowledged writes a round\n'
row round acknowledged 'a second' 'recovery' 'longest gap' tunnel
jq -r '.timeline.loads | to_entries[] | [.key + 1, .value.acknowledged, .value.writesPerSecond, .value.recoveryMillis,
  ([.value.gaps[].durationMillis] | max), (if .value.tunnelIncluded then "included" else "none" end)] | @tsv' \
  "$tap_dir/report" | while IFS=$'\t' read -r -a cells; do row "${cells[@]}"; done
