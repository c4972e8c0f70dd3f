#!/usr/bin/env bash
# The sample application answers again after every restart of its database's pods and after a time without any, and no
# row that it acknowledged is missing. A pod of the cluster adds a row every 100 ms; the longest gap between two
# acknowledged rows is printed, and is no result. Needs ci/cluster up.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh
# shellcheck source=ci/lib/situations.sh
source ci/lib/situations.sh

prefix=tl-gap

# One line for each row: when the answer came (seconds), the row's number, the answer's status or 000.
# shellcheck disable=SC2016 # expanded in the pod
writer='
for ((i = 1; ; i++)); do
  began=$EPOCHREALTIME status=000
  body="{\"nombre\": \"row-$i\", \"email\": \"row@example.test\"}"
  if exec 3<>/dev/tcp/r-engine/80; then
    printf "POST /usuarios HTTP/1.0\r\nHost: r-engine\r\nContent-Length: %d\r\n\r\n%s" ${#body} "$body" >&3
    read -rt 5 -u 3 _ status _ || status=000
    exec 3>&-
  fi 2>/dev/null
  echo "$EPOCHREALTIME $i $status"
  left=$((100000 - (${EPOCHREALTIME//./} - ${began//./})))
  ((left <= 0)) || sleep "$(printf "0.%06d" "$left")"
done'

writer_pod() {
  jq -n --arg script "$writer" '{apiVersion: "v1", kind: "Pod", metadata: {name: "writer"}, spec: {
    restartPolicy: "Never", terminationGracePeriodSeconds: 0, automountServiceAccountToken: false,
    securityContext: {runAsNonRoot: true, seccompProfile: {type: "RuntimeDefault"}},
    containers: [{name: "writer", image: "localhost:5001/engine-api:dev", command: ["bash", "-c", $script],
      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: ["ALL"]}}}]}}' | k apply -f -
}
acknowledged() { k logs writer | awk '$3 == 201 { print "row-" $2 }'; }
count() { acknowledged | wc -l; }
# more_than NUMBER: rows were acknowledged.
more_than() { (($(count) > $1)); }
writes_on() { within 180 more_than $(($(count) + 20)); }

restart() {
  k delete pod "$@" --timeout=300s && k rollout status statefulset/r-postgres --timeout=300s || return 1
  [[ "$*" != *read* ]] || k rollout status statefulset/r-postgres-read --timeout=300s
}

to_none_and_back() {
  k scale statefulset r-postgres --replicas=0 && within 300 gone r-postgres-0 &&
    k scale statefulset r-postgres --replicas=1 && k rollout status statefulset/r-postgres --timeout=300s
}

# longest_gap LINE: in seconds, between two acknowledged rows from that line of the log on.
longest_gap() {
  k logs writer | awk -v first="$1" '
    NR >= first && $3 == 201 { if (last && $1 - last > most) most = $1 - last; last = $1 }
    END { printf "%.1f", most }'
}

stored() {
  timeout 60 kubectl --namespace "$namespace" exec r-postgres-0 -c postgres -- \
    psql -XAtqc "SELECT nombre FROM usuarios WHERE nombre LIKE 'row-%'"
}
# A row may be there without having been acknowledged, when the answer was lost.
none_missing() {
  acknowledged | sort >"$tap_dir/acknowledged"
  stored | sort >"$tap_dir/stored"
  [[ -s "$tap_dir/acknowledged" ]] || { echo "nothing was acknowledged"; return 1; }
  comm -23 "$tap_dir/acknowledged" "$tap_dir/stored" >"$tap_dir/missing"
  [[ ! -s "$tap_dir/missing" ]] || { echo "acknowledged and not there:"; cat "$tap_dir/missing"; return 1; }
}
a_missing_row_is_found() {
  k exec r-postgres-0 -c postgres -- psql -XqU postgres -d enginedb -c \
    "DELETE FROM usuarios WHERE nombre = '$(acknowledged | head -n 1)'" && ! none_missing
}

# measure_gap WORDS COMMAND...
measure_gap() {
  local first
  first=$(k logs writer | wc -l)
  passes "$1" "${@:2}"
  passes "  the application takes rows again" writes_on
  echo "measured - $what, $1: $(longest_gap "$first") s without an acknowledged row"
}

gap_of() {
  local pods entry entries
  secret postgresql-secret username=engine password="$test_password" replication-password="$test_password"
  passes "installs database and application" release "$1" --set engine.migrations.enabled=true
  writer_pod >/dev/null
  passes "the application takes rows" writes_on
  entries=(r-postgres-0)
  [[ "$1" != replicated ]] || entries+=(r-postgres-read-0 'r-postgres-0 r-postgres-read-0 r-postgres-read-1')
  for entry in "${entries[@]}"; do
    read -ra pods <<<"$entry"
    measure_gap "deleting ${entry//r-postgres/postgres}" restart "${pods[@]}"
  done
  measure_gap "scaling to none and back" to_none_and_back
  passes "of $(count) acknowledged rows none is missing" none_missing
  passes "  a missing one would be found" a_missing_row_is_found
}

situations gap_of 'statefulset 17 4' 'replicated 17 4'

finish chart-gap
