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
show() { cat "$tap_dir/err"; jq -c '.results[] | select(.status | IN("failed", "unknown"))' "$tap_dir/out"; }

# found NAME CODE SEVERITY PATTERN: the last run found it, and nothing else of that severity or worse.
found() {
  local name=$1 code=$2 severity=$3 pattern=$4
  if jq -e --arg code "$code" --arg severity "$severity" --arg pattern "$pattern" '
    [.results[] | select(.status == "failed" and (.severity == "error" or .severity == $severity))] as $failed
    | ($failed | map(.code)) == [$code] and $failed[0].severity == $severity
      and all($failed[0].findings[]; .remedy != "")
      and any($failed[0].findings[]; .message | test($pattern))' "$tap_dir/out" >/dev/null &&
    [[ "$status" == "$([[ "$severity" == error ]] && echo 3 || echo 0)" ]]; then
    ok "$name"
  else
    not_ok "$name: exit $status" "$(show)"
  fi
}

# sound NAME: nothing is found, nothing is unknown.
sound() {
  if [[ "$status" == 0 ]] && jq -e '.verdict == "passed" and .summary.warnings == 0' "$tap_dir/out" >/dev/null; then
    ok "$1"
  else
    not_ok "$1: exit $status" "$(show)"
  fi
}
