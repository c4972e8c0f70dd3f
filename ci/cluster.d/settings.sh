# shellcheck shell=bash disable=SC2034 # the other parts use them
# Names, places and addresses of the test cluster.

cluster_dir="${TL_CLUSTER_DIR:-/var/lib/tl-engine-cluster}"
cluster_parts="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"

pki_dir="$cluster_dir/pki"
log_dir="$cluster_dir/log"
pid_dir="$cluster_dir/pids"
kubeconfig_admin="$cluster_dir/admin.kubeconfig"

# The path goes into configuration files of several syntaxes, and below it are sockets, whose paths may have 107 characters.
check_cluster_dir() {
  [[ "$cluster_dir" =~ ^/[A-Za-z0-9_./-]+$ && ${#cluster_dir} -le 60 ]] ||
    fail "TL_CLUSTER_DIR must be an absolute path of at most 60 letters, digits and _ . - /" "It is: $cluster_dir"
}

# The host, both nodes and everything that runs beside the cluster meet on one bridge.
lan_subnet=10.240.0.0/24
host_address=10.240.0.1
host_link=tl-host
pod_subnets=10.244.0.0/16
service_subnet=10.96.0.0/16
cluster_domain=cluster.local
outside_name=db.outside.test
outside_port=6432
registry_port=5001

nodes=(node1 node2)
node_address() { case $1 in node1) echo 10.240.0.2 ;; node2) echo 10.240.0.3 ;; esac; }
node_pods() { case $1 in node1) echo 10.244.0.0/24 ;; node2) echo 10.244.1.0/24 ;; esac; }
node_zone() { case $1 in node1) echo zone-a ;; node2) echo zone-b ;; esac; }
node_dir() { printf '%s/%s\n' "$cluster_dir" "$1"; }

# In the order in which they start; they stop the other way round.
components=(
  lan registry etcd kube-apiserver kube-controller-manager kube-scheduler coredns local-path-provisioner
  node1 node1-containerd node1-kubelet node1-kube-proxy
  node2 node2-containerd node2-kubelet node2-kube-proxy
)

# Ports on this host. Inside the nodes everything has network namespaces of its own.
host_ports() {
  printf '%s\n' "127.0.0.1:$registry_port" "$host_address:$registry_port" "$host_address:53" "$host_address:2379" \
    "$host_address:2380" "$host_address:6443" "$host_address:8181" "$host_address:10257" "$host_address:10259" \
    "$host_address:$outside_port"
}
