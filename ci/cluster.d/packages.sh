# shellcheck shell=bash disable=SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# Programs of the distribution that the cluster needs. Needs ci/lib/packages.sh.

ensure_packages() {
  ensure_programs 'runc runc' '/usr/lib/cni/bridge containernetworking-plugins' 'nft nftables' 'conntrack conntrack' \
    'ip iproute2' 'ss iproute2' 'openssl openssl' 'mmdebstrap mmdebstrap' 'nsenter util-linux' 'pgrep procps' 'curl curl'
  # The images' file systems come from the package lists.
  if command -v apt-get >/dev/null && ! compgen -G '/var/lib/apt/lists/*Packages*' >/dev/null; then
    mkdir -p "$tl_cache"
    plan "apt-get update"
    run_step "apt-get update" "$tl_cache/apt.log" apt-get update || fail "apt-get update failed"
  fi
}
