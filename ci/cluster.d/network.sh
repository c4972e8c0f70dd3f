# shellcheck shell=bash disable=SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# The network: a bridge in a namespace of its own ("lan"), to which the host and both nodes are plugged. On the host there
# is one link and three routes, and no firewall rule: host firewalls that filter bridged traffic (a Docker host's, for
# example) do not see what the nodes say to each other, and nothing needs to be forwarded by the host.
# So pods reach each other, the host and what runs on it, and nothing beyond.

in_lan() { nsenter --net="/proc/$(pid_of lan)/ns/net" "$@"; }

ensure_lan() {
  runs lan || start lan unshare --net -- "$(image_go_program "$images_source/pause")/pause"
  # The namespace is there when it is no longer ours.
  need lan 10 own_namespace lan
  if ! in_lan ip link show dev lan >/dev/null 2>&1; then
    in_lan ip link add lan type bridge forward_delay 0
    in_lan ip link set lan up
  fi
  if ! ip link show dev "$host_link" >/dev/null 2>&1; then
    in_lan ip link add port-host type veth peer name "$host_link" netns "$$"
    in_lan ip link set port-host master lan up
    ip address add "$host_address/24" dev "$host_link"
    ip link set "$host_link" up
  fi
}

own_namespace() { [[ "$(readlink "/proc/$(pid_of "$1")/ns/net")" != "$(readlink /proc/self/ns/net)" ]]; }

# plug_node NODE: its link, address and routes, and the host's routes to its pods.
plug_node() {
  local node=$1 address other
  address=$(node_address "$node")
  if ! in_node "$node" ip link show dev eth0 >/dev/null 2>&1; then
    in_lan ip link delete "port-$node" 2>/dev/null || true
    in_lan ip link add "port-$node" type veth peer name eth0 netns "$(pid_of "$node")"
    in_lan ip link set "port-$node" master lan up
    in_node "$node" ip address add "$address/24" dev eth0
    in_node "$node" ip link set eth0 up
    # No default route: what does not belong to the cluster is unreachable at once instead of after a time-out.
    for other in "${nodes[@]}"; do
      [[ "$other" == "$node" ]] || in_node "$node" ip route replace "$(node_pods "$other")" via "$(node_address "$other")"
    done
  fi
  ip route replace "$(node_pods "$node")" via "$address" dev "$host_link"
  # Cluster addresses from the host go through the first node, whose proxy knows them.
  [[ "$node" != "${nodes[0]}" ]] || ip route replace "$service_subnet" via "$address" dev "$host_link"
}

# The host's routes end with the link; its other end and the bridge end with the namespace.
remove_host_link() { ip link delete dev "$host_link" 2>/dev/null || true; }
