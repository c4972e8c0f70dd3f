# shellcheck shell=bash disable=SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# CoreDNS, on the host's address in the cluster's network.

ensure_dns() {
  cat >"$cluster_dir/Corefile" <<EOF
.:53 {
    bind $host_address
    ready $host_address:8181
    errors
    cache 5
    hosts {
        $host_address $outside_name
        fallthrough
    }
    kubernetes $cluster_domain in-addr.arpa ip6.arpa {
        kubeconfig $pki_dir/coredns.kubeconfig tl-engine
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
        ttl 5
    }
    forward . /etc/resolv.conf
}
EOF
  runs coredns || start coredns coredns -conf "$cluster_dir/Corefile"
}

await_dns() { need coredns 30 curl -fsS --max-time 2 "http://$host_address:8181/ready"; }
