# shellcheck shell=bash disable=SC2001
# Results of a test script: one line each, and a closing line that ci/test counts.

tap_passed=0 tap_failed=0
tap_dir=$(mktemp -d)
tap_cleanups=("rm -rf '$tap_dir'")
trap 'tap_cleanup' EXIT

# at_end COMMAND: runs when the script ends, however it ends; the last one said comes first.
at_end() { tap_cleanups=("$1" "${tap_cleanups[@]}"); }
tap_cleanup() {
  local command
  for command in "${tap_cleanups[@]}"; do eval "$command" || true; done
}

ok() { tap_passed=$((tap_passed + 1)); echo "ok - $1"; }
not_ok() {
  tap_failed=$((tap_failed + 1))
  echo "not ok - $1"
  shift
  local line
  for line in "$@"; do sed 's/^/    /' <<<"$line"; done
}

# check NAME COMMAND...: its output is shown when it fails.
check() {
  local name=$1
  shift
  if "$@" >"$tap_dir/check" 2>&1; then ok "$name"; else not_ok "$name" "$(tail -n 40 "$tap_dir/check")"; fi
}

# finish NAME: the closing line; a script that checked nothing has failed.
finish() {
  echo "$1: $tap_passed passed, $tap_failed failed"
  ((tap_failed == 0 && tap_passed > 0))
}
