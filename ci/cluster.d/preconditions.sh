# shellcheck shell=bash disable=SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# Refusing to run where it could not work or would hurt. Only asked when nothing of ours runs yet.

check_preconditions() {
  [[ "$(uname -s)" == Linux ]] || fail "the embedded cluster needs Linux; this is $(uname -s)" \
    "Use your own cluster instead: ci/quickstart --cluster=current"
  ((EUID == 0)) || fail "the embedded cluster needs root: it makes namespaces, mounts and control groups" \
    "Run it as root, or use your own cluster: ci/quickstart --cluster=current"
  check_cgroups
  check_namespaces
}

check_cgroups() {
  local controller
  if [[ -f /sys/fs/cgroup/cgroup.controllers ]]; then
    for controller in cpu memory pids; do
      grep -qw "$controller" /sys/fs/cgroup/cgroup.controllers ||
        fail "the control group controller '$controller' is not available in /sys/fs/cgroup" "The kubelet cannot work without it."
    done
  else
    for controller in cpu memory pids cpuset; do
      [[ -d "/sys/fs/cgroup/$controller" ]] ||
        fail "no control groups: /sys/fs/cgroup/$controller is not there" "The kubelet cannot work without it. In a container: start it privileged."
    done
  fi
  [[ -w /sys/fs/cgroup ]] || fail "/sys/fs/cgroup cannot be written" "In a container: start it privileged."
}

check_namespaces() {
  unshare --net --mount --pid --uts --fork true 2>/dev/null ||
    fail "this root may not make namespaces (network, mount, process)" "In a container: start it privileged."
}

# check_conflicts: what others on this host already use.
check_conflicts() {
  local kubelet
  kubelet=$(pgrep -xo kubelet || true)
  [[ -z "$kubelet" ]] || fail "a kubelet runs on this host already (process $kubelet)" \
    "A second cluster beside it is asking for trouble. Use the one that is there: ci/quickstart --cluster=current"
  check_link
  check_addresses "$lan_subnet"
  check_addresses "$pod_subnets"
  check_addresses "$service_subnet"
  check_ports
}

check_link() {
  ! ip link show dev "$host_link" >/dev/null 2>&1 || fail "there is a network link $host_link, but no cluster in $cluster_dir" \
    "If it is left over from a cluster whose directory was removed by hand: ip link delete $host_link" \
    "If another cluster runs from another directory: TL_CLUSTER_DIR=... ci/cluster down"
}

check_addresses() {
  local route
  route=$(ip -4 route show table all root "$1" | awk '$1 != "default" { print; exit }')
  [[ -z "$route" ]] || fail "the address range $1 is in use on this host" "The route: $route" \
    "The cluster needs $lan_subnet, $pod_subnets and $service_subnet for itself."
}

# A listener on all addresses takes the port of ours as well.
check_ports() {
  local address port taken
  while IFS=: read -r address port; do
    taken=$(ss -Hlntup "sport = :$port" | awk -v own="$address:$port" -v any="0.0.0.0:$port" -v any6="[::]:$port" -v star="*:$port" \
      '$5 == own || $5 == any || $5 == any6 || $5 == star { print $NF; exit }')
    [[ -z "$taken" ]] || fail "port $port is taken on this host, and the cluster needs $address:$port" \
      "By: $(sed -E 's/.*\("([^"]+)",pid=([0-9]+).*/\1 (process \2)/' <<<"$taken")" "End it, and run this again."
  done < <(host_ports)
}
