# shellcheck shell=bash disable=SC2154 # status comes from e2e.sh, namespace from the test
# For tests of the storage checks: preflight of the release tl, and what it found.
# Needs tap.sh, e2e.sh and $namespace.

# preflight ARGUMENTS...: of the release tl, with the cluster's images.
preflight() {
  run_pgcheck preflight tl charts/tl-engine -f values/statefulset.yaml -f ci/images/values.yaml -n "$namespace" \
    -o json "$@"
}
class() { printf -- '--set-string\ndatabase.statefulset.storage.className=%s\n' "$1"; }
# answer CODE CONDITION: of the last run; a run without a report meets none.
answer() { jq -es --arg code "$1" "any(.[].results[]; .code == \$code and ($2))" "$tap_dir/out"; }
