#!/usr/bin/env bash
# What is wrong on purpose is named: one finding with a remedy, or one line; never a stack trace. Needs the cluster.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh

namespace=tl-findings
fresh_namespace "$namespace"
ci/outside-db up 2>/dev/null || exit 1
good_url=$(<"$(ci/outside-db url-file)")
umask 077

# fails_with NAME CODE: the last run found that error, and nothing else counts against it.
fails_with() {
  found "$1: $2 alone, with message and remedy" "$2" error .
  check "$1: the report is valid" valid_report "$tap_dir/out"
  check "$1: no stack trace" no_stack_trace "$tap_dir/out" "$tap_dir/err"
}

# one_line NAME CODE PATTERN: the last run ended with that exit code and one line of its own that says why.
one_line() {
  local name=$1 code=$2 pattern=$3 lines
  lines=$(grep -cvE '^Error: plugin "pgcheck" exited|^Error: exit status' "$tap_dir/err")
  if [[ "$status" == "$code" && "$lines" == 1 && ! -s "$tap_dir/out" ]] && grep -qE "$pattern" "$tap_dir/err"; then
    ok "$name: exit $code, one line"
  else
    not_ok "$name: exit $status (wanted $code), $lines lines (wanted 1)" "$(cat "$tap_dir/out" "$tap_dir/err")"
  fi
}

# unreached NAME PATTERN: the last run could look at nothing: each check that applies is unknown, and says why.
unreached() {
  local reason
  check "$1: exit 4" test "$status" = 4
  check "$1: all is unknown, nothing passed, each with reason and remedy" jq -e '
    .verdict == "incomplete" and .summary.passed == 0 and .summary.failed == 0 and .summary.unknown > 50
    and all(.results[] | select(.status == "unknown"); .reason != "" and .remedy != "")' "$tap_dir/out"
  reason=$(jq -r '[.results[] | select(.status == "unknown").reason] | unique | join("\n")' "$tap_dir/out")
  check "$1: for one reason" grep -qE "^$2\$" <<<"$reason"
}

# with_url URL ARGUMENTS...: preflight of the external mode with that URL.
with_url() {
  printf '%s' "$1" >"$tap_dir/url"
  secret_from_file "$namespace" DATABASE_URL "$tap_dir/url"
  run_pgcheck preflight f charts/tl-engine -f values/external.yaml -n "$namespace" -o json "${@:2}"
}

for major in 4 3; do
  install_plugin_for_test "$major"
  with_url "$good_url"
  check "helm $major: the good URL passes (else nothing below means anything)" test "$status" = 0

  with_url "${good_url/10.240.0.1/db.does-not-exist.invalid}"
  fails_with "helm $major: wrong host" PGC-101
  with_url "${good_url/postgresql:/mysql:}"
  fails_with "helm $major: a URL that is none" PGC-110
  with_url "${good_url/:6432/:6433}"
  fails_with "helm $major: closed port" PGC-102
  password=$(sed -E 's#.*//[^:]*:([^@]*)@.*#\1#' <<<"$good_url")
  with_url "${good_url/$password/wrong}"
  fails_with "helm $major: wrong password" PGC-105
  check "helm $major: the later stage is skipped, not failed" test "$(jq -r '.summary.failed' "$tap_dir/out")" = 1

  run_pgcheck preflight f charts/tl-engine -f values/statefulset.yaml -n "$namespace" -o json \
    --ignore 'PGC-802=made later' --set-string database.statefulset.storage.className=does-not-exist
  fails_with "helm $major: missing storage class" PGC-201
  mapfile -t key < <(values_key PGC-201)
  run_pgcheck preflight f charts/tl-engine -f values/statefulset.yaml -n "$namespace" -o json --only PGC-201 \
    --set-string database.statefulset.storage.className=does-not-exist "${key[@]}"
  check "helm $major: with its remedy's class PGC-201 passes" test "$status" = 0
  run_pgcheck preflight f charts/tl-engine -f values/statefulset.yaml -n "$namespace" -o json --set database.mode=cluster
  fails_with "helm $major: a value that the chart refuses" PGC-801
  look=$(remedies PGC-801 'helm template ')
  check "helm $major: its remedy is the same rendering" test "${look%% -n *}" = "helm template f charts/tl-engine"
  check "helm $major:   which works when the value was corrected" pasted "${look/mode=cluster/mode=statefulset}"
  run_pgcheck preflight f charts/tl-engine -f values/statefulset.yaml -n "$namespace" -o json --set engine.image.tag=17
  fails_with "helm $major: a number where a text is wanted" PGC-801
  mapfile -t key < <(values_key PGC-801)
  run_pgcheck preflight f charts/tl-engine -f values/statefulset.yaml -n "$namespace" -o json --only PGC-801 \
    "${key[0]}" "${key[1]/VALUE/17}"
  check "helm $major: with its remedy's flag PGC-801 passes" test "$status" = 0
  run_pgcheck preflight f charts/tl-engine -f values/statefulset.yaml -n "$namespace" -o json --set database.mode=cluster \
    --only PGC-302
  check "helm $major: who asked for another code reads why as well" jq -e '.results[0].reason
    | test("follows from PGC-801: .*database.mode|follows from PGC-801: .*/database/mode")' "$tap_dir/out"

  printf 'not: [a kubeconfig' >"$tap_dir/broken"
  KUBECONFIG="$tap_dir/broken" run_pgcheck preflight f charts/tl-engine -f values/external.yaml
  one_line "helm $major: kubeconfig that is no YAML" 2 'kubeconfig .*broken'
  KUBECONFIG="$tap_dir/absent" run_pgcheck preflight f charts/tl-engine -f values/external.yaml
  one_line "helm $major: kubeconfig that is not there" 2 'absent does not exist'
  kubectl config view --raw | sed 's#server: .*#server: https://127.0.0.1:1#' >"$tap_dir/nowhere"
  KUBECONFIG="$tap_dir/nowhere" run_pgcheck preflight f charts/tl-engine -f values/external.yaml -o json
  unreached "helm $major: API server out of reach" '.*127\.0\.0\.1:1/ does not answer: connection refused'
  KUBECONFIG="$tap_dir/nowhere" run_pgcheck persistence f --yes
  one_line "helm $major: API server out of reach, persistence" 4 '127\.0\.0\.1:1'
  run_pgcheck preflight
  one_line "helm $major: no arguments" 2 'RELEASE'
  run_pgcheck persistence no-such-release --yes -n "$namespace"
  one_line "helm $major: no such release" 2 'no release no-such-release'
done

# The server of a StatefulSet speaks no TLS, and its pod's address is a host like any other.
fresh_database_namespace "$namespace-plain"
check "a server without TLS is installed" "$helm" install plain charts/tl-engine -f values/statefulset.yaml \
  -f ci/images/values.yaml --set engine.enabled=false -n "$namespace-plain" --wait --timeout 3m
address=$(kubectl get pod plain-postgres-0 -n "$namespace-plain" -o jsonpath='{.status.podIP}')
with_url "postgresql://engine:$test_password@$address:5432/enginedb?sslmode=require"
fails_with "server without TLS" PGC-103
with_url "postgresql://engine:$test_password@$address:5432/enginedb?sslmode=disable"
check "the same server passes with sslmode=disable" test "$status" = 0
with_url "postgresql://engine:$test_password@$address:5432/nosuchdb?sslmode=disable" \
  --set database.external.sslMode=disable
fails_with "no such database" PGC-105
check "no such database: it says so" grep -q 'there is no database nosuchdb' "$tap_dir/out"

# What nobody may see is unknown, and says which right is missing.
kubectl create serviceaccount looker -n "$namespace" >/dev/null
token=$(kubectl create token looker -n "$namespace")
kubectl config view --raw -o json | jq --arg token "$token" '.users[0].user = {token: $token}' >"$tap_dir/looker"
KUBECONFIG="$tap_dir/looker" run_pgcheck preflight f charts/tl-engine -f values/statefulset.yaml -n "$namespace" -o json
# PGC-302: who may not look may not install either, and that is a finding.
check "without rights: PGC-302 alone fails, exit code 3" jq -e --argjson status "$status" '$status == 3 and
  [.results[] | select(.status == "failed") | .code] == ["PGC-302"]' "$tap_dir/out"
KUBECONFIG="$tap_dir/looker" run_pgcheck preflight f charts/tl-engine -f values/statefulset.yaml -n "$namespace" -o json \
  --ignore PGC-302=the-installer-is-another
check "without rights: exit code 4 for what cannot be seen" test "$status" = 4
check "without rights: unknown, with the verb" jq -e '
  any(.results[]; .code == "PGC-201" and .status == "unknown" and (.remedy | contains("--verb=list")))' "$tap_dir/out"

# Helm keeps its releases in Secrets. Who has all rights but to list those may not be told that a release is new.
# without_list_secrets NAME COMMAND...: an account with the Role that the command's --print-rbac prints, less that verb;
# fills $tap_dir/NAME with its kubeconfig.
without_list_secrets() {
  local name=$1
  shift
  run_pgcheck "$@" --print-rbac
  # Its rules name several resources each; one that names Secrets beside others keeps list for the others.
  kubectl create -f "$tap_dir/out" --dry-run=client -o json | jq --arg name "$name" '(.items // [.])[]
    | .metadata.name = $name | .rules |= map(if (.resources | index("secrets"))
        then (.resources -= ["secrets"]), (.resources = ["secrets"] | .verbs -= ["list"]) else . end
      | select(.resources != []))' >"$tap_dir/$name.roles"
  jq -r '.rules[] | select(.resources == ["secrets"]) | .verbs | join(",")' "$tap_dir/$name.roles" >"$tap_dir/$name.verbs"
  kubectl apply -f "$tap_dir/$name.roles" >/dev/null
  at_end "kubectl delete clusterrole,clusterrolebinding '$name' --ignore-not-found >/dev/null 2>&1"
  kubectl create serviceaccount "$name" -n "$namespace" >/dev/null
  kubectl create rolebinding "$name" -n "$namespace" --role="$name" --serviceaccount="$namespace:$name" >/dev/null
  kubectl create clusterrolebinding "$name" --clusterrole="$name" --serviceaccount="$namespace:$name" >/dev/null
  kubectl config view --raw -o json | jq --arg token "$(kubectl create token "$name" -n "$namespace")" \
    '.users[0].user = {token: $token}' >"$tap_dir/$name"
}
own=(f charts/tl-engine -f values/statefulset.yaml -n "$namespace")
without_list_secrets "tl-findings-unlisted" preflight "${own[@]}"
check "the Role gives get on Secrets and not list" bash -c "grep -q get '$tap_dir/tl-findings-unlisted.verbs' &&
  ! grep -q list '$tap_dir/tl-findings-unlisted.verbs'"
KUBECONFIG="$tap_dir/tl-findings-unlisted" run_pgcheck preflight "${own[@]}" -o json --save-facts "$tap_dir/facts.json"
check "without the right to list Secrets: what depends on an upgrade is unknown, and names the verb" jq -e '
  [.results[] | select(.code == ("PGC-207", "PGC-809", "PGC-810"))] | length == 3
    and all(.[]; .status == "unknown" and (.remedy | contains("--verb=list --resource=secrets")))' "$tap_dir/out"
check "  what does not is decided" jq -e '[.results[] | select(.code == ("PGC-201", "PGC-801"))]
  | length == 2 and all(.[]; .status == "passed")' "$tap_dir/out"
KUBECONFIG="$tap_dir/tl-findings-unlisted" run_pgcheck preflight "${own[@]}" --reuse-values -o json
unreached "without it values cannot be reused" 'helm status failed: .*forbidden.*'
# Of a role's 27 connections 8 are taken, and the plan needs 20: it fits if those are the release's own, and else not.
role=tl_findings role_password=$(openssl rand -hex 12)
without_role() {
  ci/outside-db psql -q -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '$role'" \
    -c "DROP ROLE IF EXISTS $role" >/dev/null 2>&1
}
sleeping() { # the role's connections that sleep
  ci/outside-db psql -XAtqc "SELECT count(*) FROM pg_stat_activity WHERE usename = '$role' AND query LIKE '%pg_sleep%'"
}
without_role
at_end without_role
ci/outside-db psql -q -v ON_ERROR_STOP=1 \
  <<<"CREATE ROLE $role LOGIN CONNECTION LIMIT 27 PASSWORD '$role_password'; GRANT engine TO $role;" >/dev/null
host=$(sed -E 's#.*@([^:/]*).*#\1#' <<<"$good_url")
# psql looks for certificates in $HOME, which is not its user's.
for _ in {1..8}; do
  HOME=/tmp PGPASSWORD=$role_password ci/outside-db psql --host="$host" --username="$role" -XAtqc 'SELECT pg_sleep(600)' enginedb \
    >/dev/null 2>&1 &
done
eight_sleep() { test "$(sleeping)" = 8; }
check "eight connections of the role are taken" within 30 eight_sleep
printf 'postgresql://%s:%s@%s' "$role" "$role_password" "${good_url#*@}" >"$tap_dir/url"
secret_from_file "$namespace" DATABASE_URL "$tap_dir/url"
budget=(preflight f charts/tl-engine -f values/external.yaml -n "$namespace" -o json --only PGC-501)
run_pgcheck "${budget[@]}"
fails_with "of a new release they are others', and 19 are left of the 20" PGC-501
KUBECONFIG="$tap_dir/tl-findings-unlisted" run_pgcheck "${budget[@]}" --save-facts "$tap_dir/facts.json"
check "  where nobody knows whether it is new, PGC-501 is unknown, and names the verb" jq -e '
  [.results[] | select(.code == "PGC-501")] | length == 1
    and all(.[]; .status == "unknown" and (.remedy | contains("--verb=list --resource=secrets")))' "$tap_dir/out"
check "  so its facts say" jq -e '.facts.upgrade.unavailable.remedy
  | contains("--verb=list --resource=secrets")' "$tap_dir/facts.json"
without_role
wait
printf '%s' "$good_url" >"$tap_dir/url"
secret_from_file "$namespace" DATABASE_URL "$tap_dir/url"

# persistence: the rights of a Job (--print-job), less one.
run_pgcheck persistence plain -n "$namespace-plain" --print-job --image registry.example.com/pgcheck:1.0
kubectl create serviceaccount tl-findings-half -n "$namespace-plain" >/dev/null
kubectl create -f "$tap_dir/out" --dry-run=client -o json 2>/dev/null | jq -s '[.[] | .items // [.] | .[]
    | select(.kind == "Role")][0] | .metadata |= {name: "half", namespace: .namespace}
  | .rules |= map(.resources -= ["pods/exec", "pods/portforward"] | select(.resources != []))' |
  kubectl apply -n "$namespace-plain" -f - >/dev/null
kubectl create rolebinding half -n "$namespace-plain" --role=half --serviceaccount="$namespace-plain:tl-findings-half" >/dev/null
kubectl config view --raw -o json | jq --arg token "$(kubectl create token tl-findings-half -n "$namespace-plain")" \
  '.users[0].user = {token: $token}' >"$tap_dir/half"
KUBECONFIG="$tap_dir/half" run_pgcheck persistence plain -n "$namespace-plain" --yes --only PGC-701 -o json --timeout 1m
check "persistence without a right: unknown, with the right in words and no request's address" jq -e '
  .results[0].status == "unknown" and (.results[0].reason | test("you may not") and (contains("https://") | not))
    and (.results[0].remedy | test("--verb=[a-z,]+ --resource=pods/"))' "$tap_dir/out"
check "  no address of a request in what else it prints" bash -c "! grep -F 'Failure executing' '$tap_dir/out' '$tap_dir/err'"
KUBECONFIG="$tap_dir/looker" run_pgcheck persistence plain -n "$namespace-plain" --yes
one_line "persistence without any right" 4 'you may not|forbidden'
check "  with the command that gives it" grep -q 'kubectl create role ' "$tap_dir/err"

# ---- a release whose upgrade hangs ---------------------------------------------------------------------------
# An upgrade that failed is no revision to come back to. The chart's one object is a hook that never ends, when told.
mkdir -p "$tap_dir/hang/templates"
printf 'apiVersion: v2\nname: hang\nversion: 0.1.0\n' >"$tap_dir/hang/Chart.yaml"
cat >"$tap_dir/hang/templates/all.yaml" <<'YAML'
apiVersion: v1
kind: ConfigMap
metadata: {name: hang}
data: {revision: "{{ .Release.Revision }}"}
{{- if .Values.hook }}
---
apiVersion: v1
kind: Pod
metadata: {name: hang, annotations: {helm.sh/hook: pre-upgrade, helm.sh/hook-delete-policy: before-hook-creation}}
spec:
  restartPolicy: Never
  containers: [{name: never, image: "registry.example.invalid/none:1"}]
{{- end }}
YAML
"$helm" install hang "$tap_dir/hang" -n "$namespace" >/dev/null
"$helm" upgrade hang "$tap_dir/hang" -n "$namespace" --set hook=true --timeout 3s >/dev/null 2>&1
"$helm" upgrade hang "$tap_dir/hang" -n "$namespace" --set hook=true >/dev/null 2>&1 &
upgrader=$!
hangs() { [[ "$("$helm" history hang -n "$namespace" -o json 2>/dev/null | jq -c 'map(.status)')" == '["deployed","failed","pending-upgrade"]' ]]; }
check "an upgrade hangs after one that failed" within 60 hangs
kill -KILL "$upgrader"
wait "$upgrader" 2>/dev/null
run_pgcheck preflight hang "$tap_dir/hang" -n "$namespace" --only PGC-809 -o json
fails_with "a hanging upgrade" PGC-809
check "its remedy goes back to the one that was deployed" pasted "$(remedies PGC-809 'helm rollback')"
check "  by its number" grep -q 'helm rollback hang 1 ' <<<"$(remedies PGC-809)"
run_pgcheck preflight hang "$tap_dir/hang" -n "$namespace" --only PGC-809
check "  and mends it" test "$status" = 0

# ---- nothing to show ---------------------------------------------------------------------------------------
run_pgcheck preflight "${own[@]}" --only PGC-201 --ignore 'PGC-201=known' -o json
check "all that was chosen is ignored: nothing is shown, exit 4" jq -e --argjson status "$status" '
  $status == 4 and .verdict == "incomplete" and .summary.skipped == 1 and .summary.passed == 0' "$tap_dir/out"
run_pgcheck persistence plain -n "$namespace-plain" --wait-suspend 10m --yes
one_line "--wait-suspend on a database of its own" 2 'is for an external database.*StatefulSet/plain-postgres'

# ---- without a network ---------------------------------------------------------------------------------------
# In a network namespace of its own: with nothing in it, and with one link that swallows everything.
without_network() { # COMMANDS that make the namespace what it is
  status=0
  timeout 60 unshare -n bash -c "$1"' && exec "$@"' bash "$helm" pgcheck preflight f charts/tl-engine \
    -f values/external.yaml -n "$namespace" -o json --timeout 5s >"$tap_dir/out" 2>"$tap_dir/err" </dev/null || status=$?
  cat "$tap_dir/out" "$tap_dir/err" >>"$tap_dir/all-output"
}
without_network true
unreached "no network at all" '.* does not answer: .*(unreachable|no route).*'
without_network 'ip link add swallows address 02:00:00:00:00:01 type veth peer name end address 02:00:00:00:00:02 &&
  ip link set end up && ip link set swallows up && ip address add 192.0.2.1/24 dev swallows &&
  ip neighbor add 192.0.2.2 lladdr 02:00:00:00:00:02 dev swallows && ip route add default via 192.0.2.2'
unreached "a network that swallows everything, within the timeout" '.* does not answer: timed out'

# ---- the process list ----------------------------------------------------------------------------------------
# Everybody on the machine may read it. The run gets a session of its own, by which all that it starts is found.
printf '%s\n' "$password" >"$tap_dir/password-of-url"
watched() { # COMMAND...: fills $tap_dir/processes with their arguments and variables
  : >"$tap_dir/processes"
  setsid -w "$@" >"$tap_dir/out" 2>"$tap_dir/err" </dev/null &
  local leader=$! pid
  while kill -0 "$leader" 2>/dev/null; do
    for pid in $(pgrep -s "$leader"); do
      tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" >>"$tap_dir/processes"
      tr '\0' '\n' 2>/dev/null <"/proc/$pid/environ" >>"$tap_dir/processes"
    done
  done
  wait "$leader"
}
printf '%s' "$good_url" >"$tap_dir/url"
secret_from_file "$namespace" DATABASE_URL "$tap_dir/url"
PASSWORD="$password" watched sleep 1
check "the search finds what is there (else it means nothing)" grep -qFf "$tap_dir/password-of-url" "$tap_dir/processes"
no_password_in_processes() { ! grep -qFf "$tap_dir/password-of-url" "$tap_dir/processes"; }
java_and_helm_seen() { grep -qx template "$tap_dir/processes" && grep -q 'pgcheck.jar' "$tap_dir/processes"; }
base64 -w0 "$tap_dir/url" >>"$tap_dir/password-of-url"
# hidden NAME ANSWER COMMAND...: on a busy machine a process may come and go between two looks: then it is watched again.
hidden() {
  for _ in 1 2 3 4 5; do
    watched "${@:3}"
    if ! no_password_in_processes || java_and_helm_seen; then break; fi
  done
  check "$1: the watched run ends well" grep -q "$2" "$tap_dir/out"
  check "$1: its Java and its helm were seen" java_and_helm_seen
  check "$1: no argument and no variable of any process holds the password" no_password_in_processes
}
hidden preflight '^passed: ' "$helm" pgcheck preflight f charts/tl-engine -f values/external.yaml -n "$namespace"
kubectl delete secret postgresql-secret -n "$namespace" >/dev/null
hidden secret postgresql-secret "$helm" pgcheck secret f charts/tl-engine -f values/external.yaml -n "$namespace" \
  --from-file DATABASE_URL="$tap_dir/url"
check "secret: its Secret has the URL" bash -c "kubectl get secret postgresql-secret -n $namespace \
  -o jsonpath='{.data.DATABASE_URL}' | base64 -d | cmp - '$tap_dir/url'"

# Of all that was printed above, nothing holds a password.
printf '%s\n' "$test_password" "$password" "$role_password" >"$tap_dir/secrets"
check "the output to search is there" test "$(wc -l <"$tap_dir/all-output")" -gt 500
no_password_printed() { ! grep -Ff "$tap_dir/secrets" "$tap_dir/all-output"; }
check "no password was ever printed" no_password_printed

finish findings
