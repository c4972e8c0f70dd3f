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

# at_once NUMBER "FUNCTION ARGUMENTS"...: that many at work at the same time, each in a shell of its own with a $tap_dir
# of its own; their results come in the order given. What must go away at the end is said before, by the caller.
at_once() {
  local most=$1 line pid pids=() number=0
  shift
  for line in "$@"; do
    while (($(jobs -rp | wc -l) >= most)); do wait -n; done
    # shellcheck disable=SC2086 # a function and its arguments
    in_own_directory "$number" $line >"$tap_dir/$number.results" 2>&1 &
    pids+=($!)
    number=$((number + 1))
    at_end "kill $! 2>/dev/null"
  done
  for number in "${!pids[@]}"; do
    pid=${pids[number]}
    wait "$pid" || echo "not ok - it came to its end" >>"$tap_dir/$number.results"
    cat "$tap_dir/$number.results"
    tap_passed=$((tap_passed + $(grep -c '^ok - ' "$tap_dir/$number.results")))
    tap_failed=$((tap_failed + $(grep -c '^not ok - ' "$tap_dir/$number.results")))
  done
}

in_own_directory() {
  tap_dir+=/$1
  mkdir "$tap_dir"
  shift
  "$@"
  judge_looks
}

# judge_looks: what paste_looks of e2e.sh found on the way.
judge_looks() {
  [[ -s "$tap_dir/pasted-looks" ]] || return 0
  sort "$tap_dir/pasted-looks" | sed 's/^/# pasted: /'
  if [[ -s "$tap_dir/failed-looks" ]]; then
    not_ok "what the remedies tell to look at can be pasted" "$(<"$tap_dir/failed-looks")"
  else
    ok "what the remedies tell to look at can be pasted"
  fi
}

# finish NAME: the closing line; a script that checked nothing has failed.
finish() {
  judge_looks
  echo "$1: $tap_passed passed, $tap_failed failed"
  ((tap_failed == 0 && tap_passed > 0))
}
