#!/usr/bin/env bash
# What preflight prints, keeps and makes: every format is valid, saved facts give the same verdict without a cluster,
# the secret command leads to an install that works, completion answers, and no secret is anywhere. Needs the cluster.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh

namespace=ho-output
fresh_namespace "$namespace"
install_plugin_for_test 4
chart=(charts/tl-engine -f values/statefulset.yaml -f ci/images/values.yaml --set engine.enabled=false -n "$namespace")

# ---- the class cache -----------------------------------------------------------------------------------------
java_of_plugin() (
  here=plugin
  # shellcheck source=plugin/bin/java.sh
  source plugin/bin/java.sh
  run_java "$@"
)
check "the install leaves a class cache that Java takes" \
  java_of_plugin -XX:AOTMode=on -XX:AOTCache=plugin/target/pgcheck.aot -jar plugin/target/pgcheck.jar --version
mkdir -p "$tap_dir/copy/target"
cp -r plugin/bin "$tap_dir/copy"
cp plugin/target/pgcheck.jar "$tap_dir/copy/target"
# The copy's jar is another one for Java, and so is a file that is no cache at all.
for cache in plugin/target/pgcheck.aot plugin/plugin.yaml; do
  cp "$cache" "$tap_dir/copy/target/pgcheck.aot"
  "$tap_dir/copy/bin/pgcheck" preflight >"$tap_dir/out" 2>"$tap_dir/err"
  check "a class cache that does not fit is passed over in silence: ${cache##*/}" test "$?" = 2 -a ! -s "$tap_dir/out" \
    -a "$(grep -c . "$tap_dir/err")" = 1
done

# ---- the Secret ----------------------------------------------------------------------------------------------
run_pgcheck preflight out "${chart[@]}" --only PGC-802 -o json
check "without the Secret PGC-802 fails" test "$status" = 3
remedy=$(jq -r '.results[0].findings[0].remedy' "$tap_dir/out")
check "its remedy is the secret command" grep -q '^helm pgcheck secret out charts/tl-engine ' <<<"$remedy"

run_pgcheck secret out "${chart[@]}" --dry-run
check "a dry run says what would be made" grep -q 'postgresql-secret in ho-output: would be made' "$tap_dir/out"
check "and makes nothing" bash -c "! kubectl get secret postgresql-secret -n $namespace"

# The remedy as it stands, from a shell, with this test's helm.
check "the remedy works when pasted" pasted "$remedy"
cat "$tap_dir/check" >>"$tap_dir/all-output"
secret_json() { kubectl get secret postgresql-secret -n "$namespace" -o json; }
secret_json >"$tap_dir/made.json"
check "the password has 32 letters and digits" jq -e '.data.password | @base64d | test("^[A-Za-z0-9]{32}$")' "$tap_dir/made.json"
check "cleanup can find it, and it is not Helm's" jq -e '.metadata
  | .labels["app.kubernetes.io/managed-by"] == "pgcheck" and .labels["app.kubernetes.io/instance"] == "out"
    and .annotations == null' "$tap_dir/made.json"
jq -r '.data.password | @base64d' "$tap_dir/made.json" >"$tap_dir/secrets"

run_pgcheck secret out "${chart[@]}"
check "a second time nothing is missing" grep -q 'nothing is missing, nothing was changed' "$tap_dir/out"
same_secret() { [[ "$(secret_json | jq .metadata.resourceVersion)" == "$(jq .metadata.resourceVersion "$tap_dir/made.json")" ]]; }
check "and nothing is touched" same_secret
kubectl patch secret postgresql-secret -n "$namespace" --type json -p '[{"op":"remove","path":"/data/username"}]' >/dev/null
run_pgcheck secret out "${chart[@]}"
check "a missing key is added, the others stay" bash -c "kubectl get secret postgresql-secret -n $namespace -o json |
  jq -e --slurpfile made '$tap_dir/made.json' '.data == \$made[0].data'"

# ---- formats and facts ---------------------------------------------------------------------------------------
dir=$tap_dir/reports
mkdir -p "$dir"
run_pgcheck preflight out "${chart[@]}" --save-facts "$dir/facts.json" -o json -o junit="$dir/junit" -o sarif="$dir/sarif" \
  -o markdown="$dir/markdown" -o html="$dir/html" -o table="$dir/table"
live=$status
cp "$tap_dir/out" "$dir/json"
check "preflight has a verdict" jq -e '.verdict' "$dir/json"
check "json is what report.schema.json says" valid_report "$dir/json"
# As helm list writes it, wherever the chart comes from.
named="tl-engine-$(sed -n 's/^version: //p' charts/tl-engine/Chart.yaml)"
names_chart() { jq -e --arg named "$named" '.release.chart == $named' "$tap_dir/out"; }
check "it names the chart with its version" names_chart
run_pgcheck preflight --facts "$dir/facts.json" -o html="$dir/beside"
check "a report in a file leaves the table on the terminal" bash -c "grep -q PGC-801 '$tap_dir/out' && test -s '$dir/beside'"
check "sarif points at the chart as it was given" jq -e 'all(.runs[0].results[].locations[]?;
  .physicalLocation.artifactLocation.uri == "charts/tl-engine")' "$dir/sarif"
"$helm" package charts/tl-engine --destination "$tap_dir" >/dev/null
run_pgcheck preflight out "$tap_dir/$named.tgz" "${chart[@]:1}" --only PGC-801 -o json
check "an archive is named with its version, too" names_chart
"$helm" push "$tap_dir/$named.tgz" oci://localhost:5001/charts --plain-http >/dev/null 2>&1
run_pgcheck preflight out oci://localhost:5001/charts/tl-engine --plain-http --version "~${named##*-}" "${chart[@]:1}" \
  --only PGC-801 -o json
check "and one of a registry" names_chart
check "junit is XML with a test case for each code" bash -c "command -v python3 >/dev/null && python3 -c '
import sys, json, xml.dom.minidom as x
cases = x.parse(sys.argv[1]).getElementsByTagName(\"testcase\")
assert len(cases) == len(json.load(open(sys.argv[2]))[\"results\"]) > 0' '$dir/junit' '$dir/json'"
check "sarif is JSON with a rule for each code" jq -e --slurpfile report "$dir/json" '
  .version == "2.1.0" and (.runs[0].tool.driver.rules | length) == ($report[0].results | length)' "$dir/sarif"
for format in markdown html table; do
  check "$format names every failed code" bash -c "
    jq -r '.results[] | select(.status == \"failed\") | .code' '$dir/json' | while read -r code; do
      grep -q \"\$code\" '$dir/$format' || exit 1; done; test -s '$dir/$format'"
done
check "the facts are their owner's alone" test "$(stat -c %a "$dir/facts.json")" = 600
verdicts() { jq -S '[.verdict, .summary, (.results[] | del(.durationMillis))]' "$1"; }
KUBECONFIG=/nonexistent run_pgcheck preflight --facts "$dir/facts.json" -o json
check "saved facts end like the run, without a cluster" test "$status" = "$live"
check "and name the chart as it did" names_chart
check "and give the same results" diff <(verdicts "$dir/json") <(verdicts "$tap_dir/out")
head -c 1000 "$dir/facts.json" >"$dir/cut.json"
run_pgcheck preflight --facts "$dir/cut.json"
check "facts that are cut off end with 2" test "$status" = 2
check "in one line" test "$(grep -c '^pgcheck: ' "$tap_dir/err")" = 1

# ---- the install that follows --------------------------------------------------------------------------------
check "helm installs with the Secret" "$helm" install out "${chart[@]}" --wait --timeout 3m
check "the database takes the password" kubectl exec -n "$namespace" out-postgres-0 -- \
  sh -c 'PGHOST=127.0.0.1 psql -tAc "select 1" -d "$PGDATABASE"'
check "helm upgrade leaves the Secret alone" "$helm" upgrade out "${chart[@]}" --wait --timeout 2m
# Standbys log in as a role that the running database has not: nobody knows an old password of it.
run_pgcheck secret out "${chart[@]}" --set database.statefulset.topology=replicated
check "the password that standbys need is added to the Secret of a running release" \
  test "$(kubectl get secret postgresql-secret -n "$namespace" -o jsonpath='{.data.replication-password}' | wc -c)" -gt 40
check "  and the standbys get in with it" "$helm" upgrade out "${chart[@]}" \
  --set database.statefulset.topology=replicated --wait --timeout 4m
kubectl delete secret postgresql-secret -n "$namespace" >/dev/null
run_pgcheck secret out "${chart[@]}"
check "with old claims no new password is made" test "$status" = 2
check "it names the claim and how to set the old one" \
  grep -q 'claim postgres-storage-out-postgres-0 .*--from-file password=./password.txt' "$tap_dir/err"
run_pgcheck secret out "${chart[@]}" --from-file password="$tap_dir/secrets"
check "the old one is taken from a file" bash -c "kubectl get secret postgresql-secret -n $namespace -o json |
  jq -e --rawfile old '$tap_dir/secrets' '(.data.password | @base64d) + \"\n\" == \$old'"

# Interrupted at whatever moment, there is a whole Secret or none.
whole_or_none() {
  kubectl get secret cut -n "$namespace" --ignore-not-found -o json >"$tap_dir/cut.json" &&
    { [[ ! -s "$tap_dir/cut.json" ]] || jq -e '(.data | keys) == ["password", "username"]' "$tap_dir/cut.json"; }
}
for moment in 0.3 0.7 1 1.3 1.6; do
  signal=TERM
  [[ "$moment" != *3 ]] || signal=KILL
  setsid "$helm" pgcheck secret cut "${chart[@]}" --set-string database.existingSecret=cut >/dev/null 2>&1 </dev/null &
  pid=$!
  read -rt "$moment" <> <(:) || true
  kill "-$signal" -- "-$pid" 2>/dev/null
  wait "$pid" 2>/dev/null
  check "secret, interrupted by SIG$signal after $moment s: a whole Secret or none" whole_or_none
done
run_pgcheck secret cut "${chart[@]}" --set-string database.existingSecret=cut
check "  and the next one makes it, or finds it whole" test "$status" = 0
check "  for it is there" kubectl get secret cut -n "$namespace"

# ---- completion ----------------------------------------------------------------------------------------------
completes() { # WANTED WORD...
  local wanted=$1
  shift
  # As a whole first: grep ends at the first hit, and a Helm that still writes would end with SIGPIPE.
  "$helm" __complete pgcheck "$@" >"$tap_dir/completed" 2>/dev/null
  grep -qx -- "$wanted" "$tap_dir/completed"
}
not_again() { completes PGC-101,PGC-102 preflight out --only PGC-101,PGC-10 && ! grep -qx PGC-101,PGC-101 "$tap_dir/completed"; }
printf 'contexts:\n- context: {cluster: none, user: none}\n  name: shop-prod\n' >"$tap_dir/contexts"
not_completed() { ! completes "$@" && grep -q '^PGC-' "$tap_dir/completed"; }
for major in 4 3; do
  if [[ "$major" == 3 ]]; then install_plugin_for_test 3; else use_helm 4; fi
  check "helm $major completes the commands" completes preflight ''
  check "helm $major completes a release" completes out preflight -n "$namespace" ''
  check "helm $major completes a format" completes sarif preflight out -o ''
  check "helm $major completes a format behind =" completes junit preflight out --output=j
  check "helm $major completes a code" completes PGC-201 checks PGC-2
  check "helm $major completes one more code" completes PGC-101,PGC-201 preflight out --only PGC-101,PGC-2
  check "helm $major completes no code twice" not_again
  check "helm $major leaves a report's file to the shell" completes :0 preflight out -o json=
  KUBECONFIG="$tap_dir/contexts" check "helm $major completes a context" completes shop-prod preflight out --kube-context=shop
  check "helm $major completes no code of the other command" not_completed PGC-701 preflight out --only PGC-
  check "helm $major leaves a chart to the shell" completes :0 preflight out ''
  # The line that the help's options begin with: none may be missing.
  for command in preflight persistence secret; do
    run_pgcheck "$command" --help
    all_flags() {
      local flag
      while read -r flag; do
        completes "$flag" "$command" out "$flag" || { echo "$flag"; return 1; }
      done < <(grep -oE '^ +(-[a-z], )?--[a-z-]+' "$tap_dir/out" | grep -oE -- '--[a-z-]+')
    }
    check "helm $major completes every flag of $command" all_flags
  done
done

# ---- no secret anywhere --------------------------------------------------------------------------------------
check "the output to search is there" test "$(wc -l <"$tap_dir/all-output")" -gt 100
no_secret_kept() { ! grep -rFf "$tap_dir/secrets" "$dir" "$tap_dir/all-output"; }
check "no password in any output, report or facts file" no_secret_kept
no_secret_in_objects() {
  ! kubectl get pods,jobs,configmaps,events,statefulsets,deployments,services,persistentvolumeclaims -n "$namespace" -o json |
    grep -Ff "$tap_dir/secrets"
}
check "no password in any object but the Secret" no_secret_in_objects

finish preflight-output
