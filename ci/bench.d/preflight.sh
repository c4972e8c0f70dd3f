#!/usr/bin/env bash
# preflight against kubectl, psql and the peer preflight, here and 60 ms away, in alternating rounds [ROUNDS, default 5]
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
round_trip=60
namespace=tl-bench-preflight
umask 077

fresh_database_namespace "$namespace"
ci/outside-db up 2>/dev/null || exit 1
url_file=$(ci/outside-db url-file)
kubectl create secret generic postgresql-secret -n "$namespace" --from-file="$tap_dir/username" \
  --from-file="$tap_dir/password" --from-file=DATABASE_URL="$url_file" --dry-run=client -o yaml |
  kubectl apply -f - >/dev/null 2>&1
use_helm 4
"$helm" plugin install ./plugin >/dev/null 2>&1 || fail "the plugin cannot be installed" "Build it: ci/package"

# ---- who is measured -----------------------------------------------------------------------------------------
# A URL would stand in the process list.
[[ "$(<"$url_file")" =~ ^postgresql://([^:]+):([^@]+)@([^:]+):([0-9]+)/([^?]+) ]] || fail "the outside database's URL is odd"
printf '[bench]\nuser=%s\npassword=%s\nhost=%s\nport=%s\ndbname=%s\nsslmode=require\n' "${BASH_REMATCH[@]:1:5}" \
  >"$tap_dir/services"
database=${BASH_REMATCH[3]}:${BASH_REMATCH[4]}
cat >"$tap_dir/peer.yaml" <<SPEC
apiVersion: troubleshoot.sh/v1beta2
kind: Preflight
metadata: {name: bench}
spec:
  collectors:
    - postgres: {collectorName: database, uri: "$(<"$url_file")"}
  analyzers:
    - storageClass: {storageClassName: local-path, outcomes: [{fail: {message: "none"}}, {pass: {message: "there"}}]}
    - postgres:
        collectorName: database
        outcomes: [{fail: {when: "connected == false", message: "refused"}}, {pass: {message: "connected"}}]
SPEC
common=("$helm" pgcheck preflight b charts/tl-engine -n "$namespace")
run_version() { measured "$1" "$helm" pgcheck --version; }
run_external() { measured "$1" "${common[@]}" -f values/external.yaml; }
run_statefulset() { measured "$1" "${common[@]}" -f values/statefulset.yaml; }
run_kubectl() { measured "$1" kubectl get storageclass; }
run_psql() { measured "$1" psql service=bench -c 'select 1'; }
# It leaves what it collected where it is called.
peer=(env -C "$tap_dir" preflight --interactive=false "$tap_dir/peer.yaml")
run_peer() { measured "$1" "${peer[@]}"; }
export PGSERVICEFILE=$tap_dir/services

label_of() {
  case $1 in
    version) echo 'helm pgcheck --version' ;;
    external) echo 'preflight, external' ;;
    statefulset) echo 'preflight, statefulset' ;;
    kubectl) echo 'kubectl get storageclass' ;;
    psql) echo "psql -c 'select 1'" ;;
    peer) echo 'the peer preflight' ;;
  esac
}
near=(version external statefulset kubectl psql)
if command -v preflight >/dev/null; then
  near+=(peer)
  # A spec that it does not understand is a warning to it, and no failure.
  "${peer[@]}" >"$tap_dir/peer" 2>/dev/null
  [[ "$(grep -cE 'PASS (Storage class local-path|database)$' "$tap_dir/peer")" == 2 ]] ||
    fail "the peer did not look at the storage class and the database" "Its words: $(tail -n 5 "$tap_dir/peer")"
fi

# ---- far away ------------------------------------------------------------------------------------------------
# A network namespace that has the servers' addresses for its own; what arrives there is handed on, later.
unshare -n sleep infinity &
holder=$!
at_end "kill $holder 2>/dev/null"
server=$(kubectl config view --raw -o jsonpath='{.clusters[0].cluster.server}')
server=${server#https://}
apart() { [[ "$(readlink "/proc/$holder/ns/net")" != "$(readlink /proc/self/ns/net)" ]]; }
within 10 apart || fail "there is no network namespace" "It takes root."
in_namespace() { nsenter -t "$holder" -n -- "$@"; }
in_namespace ip link set lo up
for address in "${server%:*}" "${database%:*}"; do in_namespace ip address replace "$address/32" dev lo; done
python3 ci/lib/far-away.py "$holder" "$round_trip" "$server" "$database" >"$tap_dir/far" &
relay=$!
at_end "kill $relay 2>/dev/null"
within 10 grep -q ready "$tap_dir/far" || fail "the far end cannot be made"

# measured PLACE COMMAND...: one line for the round; what does not end well is no measurement.
measured() {
  local place=$1 enter=()
  shift
  [[ "$place" == near ]] || enter=(nsenter -t "$holder" -n --)
  local code millis kib
  read -r code millis kib < <(python3 ci/lib/run-measured.py ${enter[@]+"${enter[@]}"} "$@")
  [[ "$code" == 0 ]] || fail "$* ended with code $code, $place" "$*"
  printf '%s %s\n' "$millis" "$kib"
}

# ---- the rounds ----------------------------------------------------------------------------------------------
round_of() { # NUMBER: the first is not counted
  local place name line
  for place in near far; do
    for name in "${near[@]}"; do
      # The version asks nobody.
      [[ "$place-$name" != far-version ]] || continue
      line=$("run_$name" "$place") || exit 1
      (($1 == 0)) || printf '%s\n' "$line" >>"$tap_dir/$place-$name"
    done
  done
}
for ((round = 0; round <= rounds; round++)); do
  say "round $round of $rounds"
  round_of "$round"
done

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
rows() { # PLACE NAME...
  local place=$1 name millis kib kubectl psql
  shift
  kubectl=$(cut -d' ' -f1 "$tap_dir/$place-kubectl" | median)
  psql=$(cut -d' ' -f1 "$tap_dir/$place-psql" | median)
  for name in "$@"; do
    millis=$(cut -d' ' -f1 "$tap_dir/$place-$name" | median)
    kib=$(cut -d' ' -f2 "$tap_dir/$place-$name" | median)
    awk -v label="$(label_of "$name")" -v millis="$millis" -v kubectl="$kubectl" -v psql="$psql" -v kib="$kib" \
      'BEGIN { printf "%-28s %10d %10.2f %10.2f %12d\n", label, millis, millis / kubectl, millis / psql, kib / 1024 }'
  done
}
printf '\n%-28s %10s %10s %10s %12s\n' "medians of $rounds" 'wall (ms)' 'x kubectl' 'x psql' 'peak (MiB)'
rows near "${near[@]}"
printf '\n%s\n' "with $round_trip ms of round trip added"
rows far "${near[@]:1}"
printf '\nx kubectl, x psql: times kubectl get storageclass, psql at the same distance. peak: the largest process of each.\n'
command -v preflight >/dev/null || echo "The peer preflight (troubleshoot.sh) is not on PATH, and so not measured."
