#!/usr/bin/env bash
# ci/quickstart, the whole road, with Helm 4 and with Helm 3: both modes end proved. Needs the embedded cluster.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh

# proved FILE CODE: that result passed with every row kept.
proved() {
  jq -e --arg code "$2" '
    .verdict == "passed" and any(.results[];
      .code == $code and .status == "passed"
      and ([.evidence | .rows // .deleted[].rows] | length == 1 and all(
        .usuarios == {written: 3, kept: 3, lost: 0, altered: 0, unexpected: 0} and .["random rows"].kept == 1000)))' "$1"
}
passed_with() { # FILE CODE...
  local file=$1 code
  shift
  for code in "$@"; do
    jq -e --arg code "$code" '.results[] | select(.code == $code) | .status == "passed"' "$file" || return 1
  done
}
same_database() {
  jq -e '.results[] | select(.code == "PGC-701") | .evidence.deleted["tl-postgres-0"]
    | .podUidBefore != .podUidAfter and .systemIdentifier != "" and .claim == "postgres-storage-tl-postgres-0"' "$1"
}

reports=target/quickstart
for major in 4 3; do
  use_helm "$major"
  # What one Helm installed the other upgrades only after it has taken over every field: each starts afresh.
  kubectl delete namespace tl-statefulset tl-external --ignore-not-found --timeout=120s >/dev/null 2>&1
  check "ci/quickstart --helm=$major" ci/quickstart --helm="$major"
  cp "$tap_dir/check" "$tap_dir/quickstart-$major.log"
  check "helm $major: preflight of the StatefulSet" passed_with "$reports/statefulset-preflight.json" PGC-201 PGC-801 PGC-802
  check "helm $major: pod deleted, all rows kept" proved "$reports/statefulset-persistence.json" PGC-701
  check "helm $major: new pod, same claim and database" same_database "$reports/statefulset-persistence.json"
  check "helm $major: the usuarios come back with their accents" \
    grep -q 'Juan Pérez, María García, Carlos López' "$tap_dir/quickstart-$major.log"
  check "helm $major: the outside database is reached in every stage" passed_with \
    "$reports/external-preflight.json" PGC-101 PGC-102 PGC-103 PGC-104 PGC-105
  check "helm $major: rows outside are kept" proved "$reports/external-persistence.json" PGC-708
  for file in "$reports"/*.json; do
    check "helm $major: $(basename "$file") is what report.schema.json says" valid_report "$file"
  done
done
check "a second run upgrades what is there" ci/quickstart --helm=3

# ---- README: the install by hand ----------------------------------------------------------------------------------
# by_hand NAMESPACE WORDS VALUE: the lines of README's helm install that begin with this comment, with VALUE typed.
by_hand() {
  local lines
  fresh_namespace "$1"
  kubectl config view --raw >"$tap_dir/by-hand"
  KUBECONFIG=$tap_dir/by-hand kubectl config set-context --current --namespace="$1" >/dev/null
  lines=$(awk -v words="# $2" '/^### helm install/ { there = 1 } there && index($0, words) == 1 { on = 1 }
    on && (/^$/ || /^```/) { exit } on' README.md)
  [[ -n "$lines" ]] || return 1
  KUBECONFIG=$tap_dir/by-hand bash -c "${lines//helm install/$helm install}" <<<"$3"
}
typed() { diff <(kubectl get secret postgresql-secret -n "$1" -o json | jq -j ".data.$2 | @base64d") <(printf %s "$3"); }
check "README: a URL typed by hand, and the install" by_hand tl-road-outside 'outside:' 'postgresql://a:b%21c@db.example.com/app'
check "  the Secret has it" typed tl-road-outside DATABASE_URL 'postgresql://a:b%21c@db.example.com/app'
check "  the release is there" "$helm" status tl -n tl-road-outside
check "README: a password typed by hand, and the install" by_hand tl-road-inside 'inside:' 'a $b "c" \d'
check "  the Secret has it" typed tl-road-inside password 'a $b "c" \d'
check "  the release is there" "$helm" status tl -n tl-road-inside

# The password of neither database is anywhere in what was printed or kept.
kubectl get secret postgresql-secret -n tl-statefulset -o jsonpath='{.data.password}' | base64 -d >"$tap_dir/secrets"
echo >>"$tap_dir/secrets"
sed -E 's#.*//[^:]*:([^@]*)@.*#\1#' "$(ci/outside-db url-file)" >>"$tap_dir/secrets"
no_secret_printed() { ! grep -rlFf "$tap_dir/secrets" "$reports" "$tap_dir"/quickstart-*.log; }
check "the secrets to look for are there" test "$(grep -c . "$tap_dir/secrets")" = 2
check "no password in any output or report" no_secret_printed
helm_history_without_password() {
  ! kubectl get secret -n tl-statefulset -l owner=helm -o json | jq -r '.items[].data.release' | base64 -d |
    base64 -d | gunzip -c 2>/dev/null | grep -Ff "$tap_dir/secrets"
}
check "no password in Helm's history" helm_history_without_password

# A step that fails is named, and what is needed to look stays.
printf 'database: {nosuchkey: 1}\n' >"$tap_dir/wrong.yaml"
wrong_status=0
ci/quickstart --helm=3 --values "$tap_dir/wrong.yaml" >"$tap_dir/wrong.log" 2>&1 || wrong_status=$?
check "a wrong value ends the quickstart with exit code 1" test "$wrong_status" = 1
check "it says which step failed, and why" grep -qE 'preflight ended with exit code 3' "$tap_dir/wrong.log"
check "and the finding is there to read" grep -q 'nosuchkey' "$tap_dir/wrong.log"
check "and how to look" grep -q 'everything is left as it is' "$tap_dir/wrong.log"

if [[ "${TL_TEST_ALL:-}" == 1 ]]; then
  for major in 4 3; do
    use_helm "$major"
    kubectl delete namespace tl-statefulset tl-external --ignore-not-found --timeout=120s >/dev/null 2>&1
    printf 'database: {statefulset: {image: {repository: "localhost:5001/postgres", tag: "15"}}}\n' >"$tap_dir/15.yaml"
    check "ci/quickstart --helm=$major with PostgreSQL 15" ci/quickstart --helm="$major" --values "$tap_dir/15.yaml"
  done
fi

# A cluster that somebody has already: the same road, without an image or a cluster of ours.
kubectl delete namespace tl-statefulset tl-external tl-outside --ignore-not-found --timeout=120s >/dev/null 2>&1
use_helm 4
printf 'database: {statefulset: {image: {repository: "localhost:5001/postgres"}}}\n' >"$tap_dir/current.yaml"
check "ci/quickstart --cluster=current" ci/quickstart --cluster=current --values "$tap_dir/current.yaml"
check "current cluster: all rows kept" proved "$reports/statefulset-persistence.json" PGC-701
check "current cluster: rows outside are kept" proved "$reports/external-persistence.json" PGC-708
check "ci/quickstart --cluster=current --down" ci/quickstart --cluster=current --down
none_left() { ! kubectl get namespace -o name | grep -E 'namespace/tl-(statefulset|external|outside)$'; }
check "it left no namespace" none_left

finish road
