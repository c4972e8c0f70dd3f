#!/usr/bin/env bash
# What stands between the user's machine and the rest: a firewall that drops, no network at all, a terminal or a pipe.
# All firewalls and links are in network namespaces of this script's own. Needs the cluster, and root.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/say.sh
source ci/lib/say.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh

namespace=matrix-network
fresh_namespace "$namespace"
ci/outside-db up 2>/dev/null || exit 1
umask 077
install_plugin_for_test 4

# ---- a firewall that drops -----------------------------------------------------------------------------------
# The user's machine is a network namespace that reaches the API server, and the outside database by an address that is
# none of a private network (RFC 5737).
public=198.51.100.7
server=$(kubectl config view --raw -o jsonpath='{.clusters[0].cluster.server}')
server=${server#https://}
good_url=$(<"$(ci/outside-db url-file)")
[[ "$good_url" =~ @([^:/]+:[0-9]+)/ ]] || { not_ok "the outside database's URL has a host and a port"; exit 1; }
database=${BASH_REMATCH[1]}
unshare -n sleep infinity &
machine=$!
at_end "kill $machine 2>/dev/null"
on_machine() { nsenter -t "$machine" -n -- "$@"; }
apart() { [[ "$(readlink "/proc/$machine/ns/net")" != "$(readlink /proc/self/ns/net)" ]]; }
check "the machine has a network of its own" within 10 apart
on_machine ip link set lo up
for address in "${server%:*}" "$public"; do on_machine ip address replace "$address/32" dev lo; done
python3 ci/lib/far-away.py "$machine" 0 "$server" "$public:5432=$database" >"$tap_dir/far" &
at_end "kill $! 2>/dev/null"
check "it reaches API server and database" within 10 grep -q ready "$tap_dir/far"

printf %s "${good_url/$database/$public:5432}" >"$tap_dir/url"
printf engine >"$tap_dir/username"
printf %s "$test_password" >"$tap_dir/password"
kubectl create secret generic postgresql-secret -n "$namespace" --from-file=DATABASE_URL="$tap_dir/url" \
  --from-file="$tap_dir/username" --from-file="$tap_dir/password" >/dev/null
real_helm=$(command -v "$helm")
printf '#!/bin/sh\nexec nsenter -t %s -n -- %s "$@"\n' "$machine" "$real_helm" >"$tap_dir/helm-on-machine"
chmod +x "$tap_dir/helm-on-machine"
from_machine() {
  local helm=$tap_dir/helm-on-machine
  run_pgcheck preflight n charts/tl-engine -f values/external.yaml -n "$namespace" -o json
}
# Those that failed, and those that nobody can tell.
wrong() { jq -c '[.results[] | select(.status == "failed" or .status == "unknown") | .code]' "$tap_dir/out"; }

from_machine
check "without a firewall nothing is wrong" test "$status $(wrong)" = '0 []'
on_machine nft -f - <<'RULES'
table inet firewall {
  chain input { type filter hook input priority 0; tcp dport 5432 drop; }
}
RULES
began=$(now_micros)
from_machine
check "a firewall that drops: exit 3, PGC-102 alone" test "$status $(wrong)" = '3 ["PGC-102"]'
check "  with the address, how it ended, and what to allow" jq -e --arg address "$public" '
  .results[] | select(.code == "PGC-102").findings | length == 1 and (.[0] | .severity == "error"
    and (.message | contains("nothing accepts a connection at \($address):5432"))
    and (.detail | test("^\($address) timed out after [0-9]+ ms$"))
    and (.remedy | contains("firewall") and contains("nc -vz \($address) 5432")))' "$tap_dir/out"
check "  in its time" test "$(($(now_micros) - began))" -lt 60000000
check "  without a stack trace" no_stack_trace "$tap_dir/out" "$tap_dir/err"
# The remedy's command sees the same.
check "  and nc, if it is here, says so, too" bash -c "! command -v nc >/dev/null || \
  ! timeout 5 nsenter -t $machine -n -- nc -vz $public 5432"
on_machine nft 'flush chain inet firewall input; add rule inet firewall input tcp dport 5432 reject with tcp reset'
from_machine
check "one that refuses: PGC-102 alone, told apart" jq -e --argjson status "$status" --arg address "$public" '
  $status == 3 and (.results[] | select(.code == "PGC-102").findings[0].detail
    | test("^\($address) refused after [0-9]+ ms$"))' "$tap_dir/out"
check "  and nothing else" test "$(wrong)" = '["PGC-102"]'
on_machine nft delete table inet firewall
from_machine
check "with the firewall open nothing is wrong again" test "$status $(wrong)" = '0 []'
password=${good_url#*://*:}
check "no password in any output" test -z "$(grep -F "${password%%@*}" "$tap_dir/all-output")"

# ---- without a network ---------------------------------------------------------------------------------------
limit=5
declare -A networks
networks[nothing]=true
networks[swallows]='ip link add swallows address 02:00:00:00:00:01 type veth peer name end address 02:00:00:00:00:02 &&
  ip link set end up && ip link set swallows up && ip address add 192.0.2.1/24 dev swallows &&
  ip neighbor add 192.0.2.2 lladdr 02:00:00:00:00:02 dev swallows && ip route add default via 192.0.2.2'
# ends_in_time NAME NETWORK ARGUMENTS...: all is unknown, within the timeout and what a start takes.
ends_in_time() {
  local name=$1 network=$2 began took
  shift 2
  status=0 began=$(now_micros)
  timeout 60 unshare -n bash -c "$network"' && exec "$@"' bash "$helm" pgcheck preflight n "$@" -n "$namespace" -o json \
    --timeout "${limit}s" >"$tap_dir/out" 2>"$tap_dir/err" </dev/null || status=$?
  took=$((($(now_micros) - began) / 1000))
  check "$name: exit 4, nothing passed or failed" jq -e --argjson status "$status" '$status == 4
    and .verdict == "incomplete" and .summary.passed == 0 and .summary.failed == 0 and .summary.unknown > 0' "$tap_dir/out"
  check "$name: each unknown with reason and remedy" jq -e '[.results[] | select(.status == "unknown")]
    | length > 0 and all(.[]; .reason != "" and .remedy != "")' "$tap_dir/out"
  check "$name: no stack trace" no_stack_trace "$tap_dir/out" "$tap_dir/err"
  # The one time that is a promise: it ends within its timeout. What Helm and Java take to start is the machine's matter.
  check "$name: within ${limit} s and 3 s by its own clock" jq -e --argjson limit "$limit" \
    '.durationMillis | . > 0 and . < ($limit + 3) * 1000' "$tap_dir/out"
  check "$name: and all in all in $took ms" test "$took" -lt $(((limit + 60) * 1000))
}
for network in "${!networks[@]}"; do
  for mode in external statefulset; do
    ends_in_time "$network, $mode" "${networks[$network]}" charts/tl-engine -f "values/$mode.yaml"
  done
  ends_in_time "$network, --from-cluster" "${networks[$network]}" charts/tl-engine -f values/external.yaml --from-cluster
  check "$network, --from-cluster: PGC-102 says that the API server does not answer" jq -e '
    .results[] | select(.code == "PGC-102") | .status == "unknown" and (.reason | contains("does not answer"))' \
    "$tap_dir/out"
done

# ---- completion starts no Java -------------------------------------------------------------------------------
mkdir -p "$tap_dir/jdk/bin"
printf 'JAVA_VERSION="25.0.1"\n' >"$tap_dir/jdk/release"
printf '#!/bin/sh\ntouch %s/java-ran\nexit 1\n' "$tap_dir" >"$tap_dir/jdk/bin/java"
chmod +x "$tap_dir/jdk/bin/java"
# Whichever way a Java is looked for, it is this one.
with_watched_java() {
  rm -f "$tap_dir/java-ran"
  PGCHECK_JAVA="$tap_dir/jdk/bin/java" JAVA_HOME="$tap_dir/jdk" PATH="$tap_dir/jdk/bin:$PATH" "$@" >"$tap_dir/out" \
    2>"$tap_dir/err" </dev/null
}
for major in 4 3; do
  if [[ "$major" == 3 ]]; then install_plugin_for_test 3; else use_helm 4; fi
  with_watched_java "$helm" pgcheck --version
  check "helm $major: a run would be seen to start Java" test -e "$tap_dir/java-ran"
  for line in 'preflight|' 'preflight n --only|PGC-10' 'preflight n|--from' 'checks|PGC-2' '|pre'; do
    read -ra words <<<"${line%|*}"
    with_watched_java "$helm" __complete pgcheck ${words[@]+"${words[@]}"} "${line#*|}"
    check "helm $major: TAB behind '${line/|/ }' starts no Java" test ! -e "$tap_dir/java-ran"
    # A release is completed only where there is one.
    [[ "$line" == 'preflight|' ]] ||
      check "  and has candidates" grep -qE '^(PGC-|--from|preflight)' "$tap_dir/out"
  done
done
use_helm 4

# ---- on a terminal -------------------------------------------------------------------------------------------
escape=$'\e'
# on_terminal COMMAND: a pseudo-terminal of util-linux's script is its input and output; what it shows is in $tap_dir/out.
on_terminal() {
  status=0
  TERM=xterm-256color script -qec "$1" /dev/null >"$tap_dir/out" 2>"$tap_dir/err" </dev/null || status=$?
}
judged="$real_helm pgcheck preflight n charts/tl-engine -f values/statefulset.yaml -n $namespace --only PGC-801,PGC-802,PGC-807"
coloured() { grep -qF "${escape}[" "$tap_dir/out"; }
plain() { grep -q PGC-801 "$tap_dir/out" && ! grep -qF "$escape" "$tap_dir/out"; }
on_terminal "env -u NO_COLOR $judged"
check "on a terminal the table has colours" coloured
on_terminal "NO_COLOR=1 $judged"
check "with NO_COLOR=1 it has none" plain
on_terminal "NO_COLOR= $judged"
check "an empty NO_COLOR is none (no-color.org)" coloured
on_terminal "env -u NO_COLOR $judged | cat"
check "through a pipe it has none" plain
on_terminal "env -u NO_COLOR $judged -o json"
check "a report has none, even on a terminal" bash -c "! grep -qF '$escape' '$tap_dir/out' && grep -q formatVersion '$tap_dir/out'"

# The probe is the run with the most steps; its live line is redrawn in place.
probing="$real_helm pgcheck preflight n charts/tl-engine -f values/statefulset.yaml -f ci/images/values.yaml -n $namespace \
--only PGC-209 --probe-volume"
redrawn() { grep -qF $'\r'"${escape}[K" "$tap_dir/$1"; }
steps() { grep -qE '^ *[0-9.]+ s  ' "$tap_dir/$1"; }
status=0
bash -c "$probing" >"$tap_dir/out" 2>"$tap_dir/err" </dev/null || status=$?
check "the volume is probed" test "$status" = 0
check "without a terminal its steps are plain lines" steps err
check "  and nothing is redrawn" bash -c "! grep -qF '$escape' '$tap_dir/err'"
on_terminal "NO_COLOR=1 $probing"
check "on a terminal a line says what goes on" redrawn out
check "  and it is wiped at the end" bash -c "! tail -n 1 '$tap_dir/out' | grep -qF '${escape}[?7l'"
on_terminal "$probing 2>$tap_dir/steps"
check "with the messages in a file they are plain lines" steps steps
check "  and nothing is redrawn there" bash -c "! grep -qF '$escape' '$tap_dir/steps'"

finish preflight-network
