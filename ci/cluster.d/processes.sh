# shellcheck shell=bash disable=SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# Starting, finding and ending our own processes. A process is recorded as its id and the moment it started: an id alone
# may belong to somebody else by the time it is used.

# process_start_time PID: clock ticks since boot, or nothing when there is no such process (or only a zombie of it).
process_start_time() {
  local stat
  { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 0
  # The name comes in parentheses and may hold spaces: read on behind the last one.
  read -ra stat <<<"${stat##*) }"
  [[ "${stat[0]}" == [ZX] ]] || printf '%s' "${stat[19]}"
}

pid_file() { printf '%s/%s\n' "$pid_dir" "$1"; }

# pid_of NAME: its id while it runs; fails otherwise.
pid_of() {
  local pid started
  [[ -f "$(pid_file "$1")" ]] || return 1
  read -r pid started <"$(pid_file "$1")" || return 1
  [[ -n "$started" && "$(process_start_time "$pid")" == "$started" ]] || return 1
  printf '%s\n' "$pid"
}

runs() { pid_of "$1" >/dev/null; }

log_of() { printf '%s/%s.log\n' "$log_dir" "$1"; }

# start NAME COMMAND...: in the background, in a session of its own, its output to its log. The process writes its own
# record before it becomes the command, so that no moment of being killed leaves one that nobody knows. Until then it is
# called "starting", for record_child must not take it for what it is to become.
# Descriptor 9 is the lock of this run and must not live on in it.
start() {
  local name=$1
  shift
  mkdir -p "$log_dir" "$pid_dir"
  # A record of a process that has ended would be taken for the new one's.
  rm -f -- "$(pid_file "$name")"
  printf -- '---- %s: start\n' "$(date -u +%FT%TZ)" >>"$(log_of "$name")"
  # shellcheck disable=SC2016 # expanded by the inner shell
  setsid bash -c '
    source "$1"; pid_dir=$2
    printf starting >"/proc/$$/comm"
    printf "%s %s\n" "$$" "$(process_start_time $$)" >"$(pid_file "$3").new" && mv -f "$(pid_file "$3").new" "$(pid_file "$3")"
    shift 3
    exec "$@"' start "$cluster_parts/processes.sh" "$pid_dir" "$name" "$@" \
    </dev/null >>"$(log_of "$name")" 2>&1 9>&- &
  wait_for 10 "$name to start" test -s "$(pid_file "$name")"
}

# record_child NAME: unshare and nsenter start the program as their child when it gets a process namespace; the child is
# the one to know. Nothing to do when that was recorded before.
record_child() {
  local name=$1 pid child
  pid=$(pid_of "$name") || return 1
  case "$(cat "/proc/$pid/comm")" in unshare | nsenter) ;; starting) return 1 ;; *) return 0 ;; esac
  child=$(pgrep -P "$pid") || return 1
  case "$(cat "/proc/$child/comm" 2>/dev/null)" in unshare | nsenter) return 1 ;; esac
  printf '%s %s\n' "$child" "$(process_start_time "$child")" >"$(pid_file "$name").new"
  mv -f "$(pid_file "$name").new" "$(pid_file "$name")"
}

# start_inside NAME COMMAND...: for commands that begin with unshare or nsenter.
start_inside() {
  start "$@"
  wait_for 10 "$1 to start" record_child "$1" || component_failed "$1"
}

# stop NAME [SECONDS]: asks, and after SECONDS (default 5; 0: at once) kills.
stop() {
  local pid
  if pid=$(pid_of "$1"); then
    if ((${2:-5} > 0)); then
      kill -TERM "$pid" 2>/dev/null || true
      wait_for "${2:-5}" "$1 to stop" stopped "$1" 2>/dev/null || true
    fi
    if runs "$1"; then
      kill -KILL "$pid" 2>/dev/null || true
      wait_for 20 "$1 (process $pid) to end after SIGKILL" stopped "$1"
    fi
  fi
  rm -f -- "$(pid_file "$1")"
}

stopped() { ! runs "$1"; }

# component_failed NAME: ends this run with what the component said last.
component_failed() {
  say_error "$1 does not work"
  last_lines "$(log_of "$1")"
  printf '       The whole log: ci/cluster logs %s. Start again: ci/cluster up\n' "$1" >&2
  exit 1
}

# need NAME SECONDS COMMAND...: waits for the condition; gives up as soon as the process has ended.
need() {
  local name=$1 bound=$2
  shift 2
  wait_for "$bound" "$name" met_or_stopped "$name" "$@" || component_failed "$name"
  runs "$name" || component_failed "$name"
}
met_or_stopped() { stopped "$1" || "${@:2}"; }
