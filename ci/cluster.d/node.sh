# shellcheck shell=bash disable=SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# A node: a set of namespaces held by one process, and in them containerd, the kubelet and the proxy. Since the process
# namespace is the node's own, ending its first process ends the node with all its pods.

in_node() { nsenter --net="/proc/$(pid_of "$1")/ns/net" "${@:2}"; }

# Mount points that must exist before they can be covered inside a node; `down` removes them if it made them.
private_mount_points=(/var/lib/cni)

ensure_node() {
  local node=$1 dir
  dir=$(node_dir "$node")
  if ! runs "$node"; then
    make_mount_points
    make_cgroups "$node"
    write_node_files "$node"
    rm -f -- "$dir/laid-out"
    start_inside "$node" unshare --net --mount --pid --uts --fork --kill-child -- \
      bash "$cluster_parts/node-init.sh" "$node" "$dir" "$(image_go_program "$images_source/pause")/pause"
  else
    record_child "$node" || component_failed "$node"
  fi
  need "$node" 10 test -e "$dir/laid-out"
  plug_node "$node"
  ensure_in_node "$node" containerd containerd --config "$dir/containerd.toml"
}

# The kubelet ends when containerd is not there yet.
ensure_node_agents() {
  local node=$1 dir
  dir=$(node_dir "$node")
  need "$node-containerd" 20 ctr -a "$dir/containerd.sock" version
  ensure_in_node "$node" kubelet kubelet --config="$dir/kubelet.yaml" --kubeconfig="$pki_dir/$node.kubeconfig" \
    --root-dir="$dir/kubelet" --cert-dir="$dir/kubelet-pki" --hostname-override="$node" --node-ip="$(node_address "$node")" \
    --node-labels="topology.kubernetes.io/zone=$(node_zone "$node"),topology.kubernetes.io/region=test"
  ensure_in_node "$node" kube-proxy kube-proxy --config="$dir/kube-proxy.yaml"
}

# ensure_in_node NODE COMPONENT COMMAND...
ensure_in_node() {
  local node=$1 name="$1-$2"
  shift 2
  if runs "$name"; then
    record_child "$name" || component_failed "$name"
  else
    start_inside "$name" nsenter --target "$(pid_of "$node")" --net --mount --pid --uts -- "$@"
  fi
}

await_node() {
  need "$1-kubelet" 60 node_ready "$1"
  need "$1-kube-proxy" 20 in_node "$1" curl -fsS --max-time 2 http://127.0.0.1:10256/healthz
}
node_ready() { [[ "$(kubectl get node "$1" -o jsonpath='{.status.conditions[?(@.type=="Ready")].status}')" == True ]]; }

make_mount_points() {
  local dir
  for dir in "${private_mount_points[@]}"; do
    [[ -d "$dir" ]] || { printf '%s\n' "$dir" >>"$cluster_dir/made-directories" && mkdir -p "$dir"; }
  done
}

# ---- control groups: one tree for each node, or the kubelets would clean up each other's pods ---------------------

# The name holds the cluster's place, so that one in another place (and in a network namespace of its own) is another one.
cgroup_name() { printf 'tl-engine-%s-%s\n' "$(hash_words "$cluster_dir" | cut -c1-8)" "$1"; }

make_cgroups() {
  local root group
  for root in $(cgroup_roots); do
    group="$root/$(cgroup_name "$1")"
    mkdir -p "$group"
    # A new cpuset of the first version is empty and takes no process.
    if [[ -f "$group/cpuset.cpus" && "$root" != /sys/fs/cgroup ]]; then
      cat "$root/cpuset.cpus" >"$group/cpuset.cpus"
      cat "$root/cpuset.mems" >"$group/cpuset.mems"
    fi
    if [[ -f "$group/cgroup.subtree_control" && "$root" == /sys/fs/cgroup ]]; then
      sed 's/\(^\| \)/\1+/g' "$group/cgroup.controllers" >"$group/cgroup.subtree_control"
    fi
  done
}

cgroup_roots() {
  if [[ -f /sys/fs/cgroup/cgroup.controllers ]]; then
    echo /sys/fs/cgroup
  else
    find /sys/fs/cgroup -mindepth 1 -maxdepth 1 -type d
  fi
}

# Empty groups only: a group with a process in it cannot be removed, and is then worth a message.
remove_cgroups() {
  local root group
  for root in $(cgroup_roots); do
    group="$root/$(cgroup_name "$1")"
    [[ ! -d "$group" ]] || wait_for 10 "the control group $group to be empty" remove_tree_of_groups "$group" || return 1
  done
}
remove_tree_of_groups() { find "$1" -depth -type d -exec rmdir {} + 2>/dev/null; [[ ! -d "$1" ]]; }

# ---- configuration files ---------------------------------------------------------------------------------------

write_node_files() {
  local node=$1 dir
  dir=$(node_dir "$node")
  mkdir -p "$dir"/{cni-config,volumes,flexvolume} "$dir/registries/localhost:$registry_port"
  # Inside a node "localhost" is the node; the registry is on the host.
  cat >"$dir/registries/localhost:$registry_port/hosts.toml" <<EOF
server = "http://$host_address:$registry_port"
[host."http://$host_address:$registry_port"]
  capabilities = ["pull", "resolve"]
EOF
  printf 'nameserver %s\n' "$host_address" >"$dir/resolv.conf"
  write_cni_config "$node" >"$dir/cni-config/10-bridge.conflist"
  write_containerd_config "$dir" >"$dir/containerd.toml"
  write_kubelet_config "$node" "$dir" >"$dir/kubelet.yaml"
  write_proxy_config "$node" >"$dir/kube-proxy.yaml"
}

# Pods are routed, not translated, so no masquerading. The addresses in use are forgotten with the node (/run is its own),
# as its pods are.
write_cni_config() {
  cat <<EOF
{
  "cniVersion": "1.0.0",
  "name": "pods",
  "plugins": [
    {
      "type": "bridge", "bridge": "cni0", "isDefaultGateway": true, "ipMasq": false, "hairpinMode": true,
      "ipam": {
        "type": "host-local", "dataDir": "/run/cni-addresses",
        "ranges": [[{"subnet": "$(node_pods "$1")"}]]
      }
    }
  ]
}
EOF
}

# restrict_oom_score_adj: a root without CAP_SYS_RESOURCE may not lower it.
write_containerd_config() {
  cat <<EOF
version = 3
root = "$1/containerd"
state = "/run/containerd"
[grpc]
  address = "$1/containerd.sock"
[ttrpc]
  address = "$1/containerd.sock.ttrpc"
[plugins."io.containerd.cri.v1.runtime"]
  restrict_oom_score_adj = true
  [plugins."io.containerd.cri.v1.runtime".cni]
    bin_dirs = ["/usr/lib/cni"]
    conf_dir = "$1/cni-config"
[plugins."io.containerd.cri.v1.images"]
  [plugins."io.containerd.cri.v1.images".pinned_images]
    sandbox = "$registry_name/pause:latest"
  [plugins."io.containerd.cri.v1.images".registry]
    config_path = "$1/registries"
[plugins."io.containerd.internal.v1.opt"]
  path = "$1/opt"
EOF
}

# Disk thresholds far out: a test machine may be nearly full, and an eviction would look like a fault of what is tested.
write_kubelet_config() {
  cat <<EOF
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
containerRuntimeEndpoint: unix://$2/containerd.sock
address: $(node_address "$1")
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: $pki_dir/ca.crt}
authorization: {mode: Webhook}
tlsCertFile: $pki_dir/$1.crt
tlsPrivateKeyFile: $pki_dir/$1.key
clusterDomain: $cluster_domain
clusterDNS: [$host_address]
resolvConf: $2/resolv.conf
cgroupDriver: cgroupfs
cgroupRoot: /$(cgroup_name "$1")
failCgroupV1: false
failSwapOn: false
enforceNodeAllocatable: []
oomScoreAdj: 0
makeIPTablesUtilChains: false
featureGates: {KubeletInUserNamespace: true}
podLogsDir: $2/log/pods
volumePluginDir: $2/flexvolume
serializeImagePulls: false
nodeStatusUpdateFrequency: 5s
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%}
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
EOF
}

# conntrack all zero: the proxy writes no setting of the kernel.
write_proxy_config() {
  cat <<EOF
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: nftables
clusterCIDR: $pod_subnets
hostnameOverride: $1
oomScoreAdj: 0
clientConnection: {kubeconfig: $pki_dir/kube-proxy.kubeconfig}
conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
EOF
}
