# shellcheck shell=bash
# Programs of the distribution that the cluster needs.

# "command or file" and the Debian package that has it.
needed_programs() {
  printf '%s\n' 'runc runc' '/usr/lib/cni/bridge containernetworking-plugins' 'nft nftables' 'conntrack conntrack' \
    'ip iproute2' 'openssl openssl' 'mmdebstrap mmdebstrap' 'nsenter util-linux' 'pgrep procps' 'curl curl' 'ss iproute2'
}

missing_packages() {
  local program package
  while read -r program package; do
    if [[ "$program" == /* ]]; then [[ -e "$program" ]]; else command -v "$program" >/dev/null; fi || echo "$package"
  done < <(needed_programs) | sort -u
}

ensure_packages() {
  local missing
  mapfile -t missing < <(missing_packages)
  if ((${#missing[@]} > 0)); then
    command -v apt-get >/dev/null || fail "programs are missing on this host" \
      "They come with these packages (Debian's names): ${missing[*]}" "Install them and run this again."
    say_head "installing what is missing: ${missing[*]}"
    mkdir -p "$tl_cache"
    plan "apt-get install"
    run_step "apt-get install" "$tl_cache/apt.log" install_packages "${missing[@]}" ||
      fail "the packages could not be installed: ${missing[*]}" "Install them by hand and run this again."
  elif [[ -d /var/lib/apt/lists ]] && ! compgen -G '/var/lib/apt/lists/*Packages*' >/dev/null; then
    # The images' file systems come from the same lists.
    plan "apt-get update"
    run_step "apt-get update" "$tl_cache/apt.log" apt-get update || fail "apt-get update failed"
  fi
}

install_packages() {
  apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}
