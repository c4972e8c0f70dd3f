# shellcheck shell=bash
# What a person sees while the scripts work. Everything goes to stderr, so that stdout stays for results.
# Source it; it needs nothing else.

tl_cache="${XDG_CACHE_HOME:-$HOME/.cache}/tl-engine"

say_bold='' say_dim='' say_red='' say_green='' say_plain=''
if [[ -t 2 && -z "${NO_COLOR:-}" && "${TERM:-dumb}" != dumb ]]; then
  say_bold=$'\e[1m' say_dim=$'\e[2m' say_red=$'\e[31m' say_green=$'\e[32m' say_plain=$'\e[0m'
fi

# Scripts that call each other show one clock: the outermost one's start is inherited.
export TL_STARTED="${TL_STARTED:-$EPOCHREALTIME}"

# Microseconds since the epoch, whatever the locale's decimal sign is.
now_micros() { local now=$EPOCHREALTIME; printf '%s' "${now//[^0-9]/}"; }

# seconds_since MICROS: with one decimal.
seconds_since() {
  local tenths=$(( ($(now_micros) - $1) / 100000 ))
  printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

# human_seconds N: "12 s", "3 min 05 s".
human_seconds() {
  local whole=${1%.*}
  if ((whole < 120)); then printf '%s s' "$1"; else printf '%d min %02d s' $((whole / 60)) $((whole % 60)); fi
}

say() { printf '%s[%6ss]%s %s\n' "$say_dim" "$(seconds_since "${TL_STARTED//[^0-9]/}")" "$say_plain" "$*" >&2; }
say_head() { say "$say_bold$*$say_plain"; }
say_ok() { say "$say_green$*$say_plain"; }
say_error() { printf '%serror:%s %s\n' "$say_red" "$say_plain" "$*" >&2; }

# fail WHAT [LINE...]: what is wrong, and on lines of their own where, and what to do.
fail() {
  say_error "$1"
  shift
  local line
  for line in "$@"; do printf '       %s\n' "$line" >&2; done
  exit 1
}

# last_lines FILE [N]: the end of a log, indented, for an error message.
last_lines() {
  [[ -s "$1" ]] || return 0
  printf '       last lines of %s:\n' "$1" >&2
  tail -n "${2:-15}" "$1" | cut -c1-400 | sed 's/^/       | /' >&2
}

# ---- work with a known number of steps ----------------------------------------------------------------------
# The estimates come from this machine's own earlier runs and from nowhere else.

durations_file="$tl_cache/durations"

# duration_of LABEL: whole seconds of the last run, or nothing.
duration_of() {
  [[ -f "$durations_file" ]] || return 0
  awk -F '\t' -v label="$1" '$1 == label { seconds = $2 } END { if (seconds != "") print seconds }' "$durations_file"
}

remember_duration() {
  mkdir -p "$tl_cache"
  local kept
  kept=$(mktemp "$tl_cache/durations.XXXXXX")
  { [[ -f "$durations_file" ]] && awk -F '\t' -v label="$1" '$1 != label' "$durations_file"
    printf '%s\t%d\n' "$1" "${2%.*}"; } >"$kept" || true
  mv -f "$kept" "$durations_file"
}

plan_labels=()
plan_position=0

# plan LABEL...: announce the steps to come.
plan() { plan_labels=("$@"); plan_position=0; }

# What is left of the plan by earlier measurements, or nothing where one of them is missing.
plan_left() {
  local label seconds total=0
  for label in "${plan_labels[@]:plan_position}"; do
    seconds=$(duration_of "$label")
    [[ -n "$seconds" ]] || return 0
    total=$((total + seconds))
  done
  ((total < 5)) || printf ', about %s left' "$(human_seconds "$total")"
}

# The heartbeat ends by itself when the script that started it is gone: it would survive a kill -9 otherwise.
heartbeat() {
  local label=$1 began=$2 owner=$3 never
  exec {never}<> <(:)
  while read -rt 20 -u "$never" || [[ -d /proc/$owner ]]; do
    say "  ... still at it: $label, $(human_seconds "$(seconds_since "$began")")"
  done
}

# run_step LABEL LOG COMMAND...: one step of the plan. Its output goes to LOG; the end of it is shown on failure.
run_step() {
  local label=$1 log=$2 began beat status=0 seconds
  shift 2
  began=$(now_micros)
  say "($((plan_position + 1))/${#plan_labels[@]}) $label$(plan_left)"
  # Descriptor 9 is a caller's lock, which the heartbeat must not prolong.
  heartbeat "$label" "$began" "$$" 9>&- &
  beat=$!
  "$@" >"$log" 2>&1 || status=$?
  kill "$beat" 2>/dev/null || true
  wait "$beat" 2>/dev/null || true
  seconds=$(seconds_since "$began")
  plan_position=$((plan_position + 1))
  if ((status != 0)); then
    say_error "$label failed after $(human_seconds "$seconds") (exit code $status)"
    last_lines "$log"
    return "$status"
  fi
  remember_duration "$label" "$seconds"
  say "      $label: $(human_seconds "$seconds")"
}

# wait_for SECONDS DESCRIPTION COMMAND...: polls five times a second. The caller shows the log that explains a failure.
wait_for() {
  local bound=$1 what=$2 began
  shift 2
  began=$(now_micros)
  until "$@" >/dev/null 2>&1; do
    if (( $(now_micros) - began > bound * 1000000 )); then
      say_error "waited $bound s for $what"
      return 1
    fi
    sleep 0.2
  done
}

# remove_partials DIR: what builds that were killed left behind. Two hours old, so that none is still at work.
remove_partials() {
  [[ ! -d "$1" ]] || find "$1" -mindepth 1 -maxdepth 1 -name '*.partial*' -mmin +120 -exec rm -rf -- {} +
}
