# shellcheck shell=bash disable=SC2154 # needs say.sh
# Programs of the distribution.

# ensure_programs "PROGRAM PACKAGE"...: installs the packages of those that are missing (Debian), or names them.
# A program is a command, or a path.
ensure_programs() {
  local entry program package missing=()
  for entry in "$@"; do
    read -r program package <<<"$entry"
    if [[ "$program" == /* ]]; then [[ -e "$program" ]]; else command -v "$program" >/dev/null; fi ||
      missing+=("$package")
  done
  ((${#missing[@]} > 0)) || return 0
  mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
  command -v apt-get >/dev/null || fail "programs are missing on this host" \
    "They come with these packages (Debian's names): ${missing[*]}" "Install them and run this again."
  say_head "installing what is missing: ${missing[*]}"
  mkdir -p "$tl_cache"
  plan "apt-get install"
  run_step "apt-get install" "$tl_cache/apt.log" install_packages "${missing[@]}" ||
    fail "the packages could not be installed: ${missing[*]}" "Install them by hand and run this again."
}

install_packages() {
  apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}
