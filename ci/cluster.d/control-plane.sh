# shellcheck shell=bash disable=SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# etcd, the API server, the controller manager and the scheduler, as processes of this host.

start_control_plane() {
  ensure_etcd
  ensure_apiserver
}

ensure_etcd() {
  # No fsync: this data is thrown away with the cluster, and the disk's pace would be the cluster's. A killed process
  # loses nothing by it, only a host that crashes.
  runs etcd || start etcd etcd --name=tl --data-dir="$cluster_dir/etcd" --unsafe-no-fsync --log-level=warn \
    --listen-client-urls="https://$host_address:2379" --advertise-client-urls="https://$host_address:2379" \
    --listen-peer-urls="https://$host_address:2380" --initial-advertise-peer-urls="https://$host_address:2380" \
    --initial-cluster="tl=https://$host_address:2380" \
    --client-cert-auth --trusted-ca-file="$pki_dir/ca.crt" --cert-file="$pki_dir/etcd.crt" --key-file="$pki_dir/etcd.key" \
    --peer-client-cert-auth --peer-trusted-ca-file="$pki_dir/ca.crt" \
    --peer-cert-file="$pki_dir/etcd.crt" --peer-key-file="$pki_dir/etcd.key"
  need etcd 30 asked_with_certificate kube-apiserver-client "https://$host_address:2379/health"
}

ensure_apiserver() {
  # --kubelet-preferred-address-types: exec and logs would try to resolve the node's name otherwise.
  runs kube-apiserver || start kube-apiserver kube-apiserver \
    --bind-address="$host_address" --advertise-address="$host_address" --secure-port=6443 \
    --etcd-servers="https://$host_address:2379" --etcd-cafile="$pki_dir/ca.crt" \
    --etcd-certfile="$pki_dir/kube-apiserver-client.crt" --etcd-keyfile="$pki_dir/kube-apiserver-client.key" \
    --tls-cert-file="$pki_dir/kube-apiserver.crt" --tls-private-key-file="$pki_dir/kube-apiserver.key" \
    --client-ca-file="$pki_dir/ca.crt" \
    --kubelet-certificate-authority="$pki_dir/ca.crt" --kubelet-preferred-address-types=InternalIP \
    --kubelet-client-certificate="$pki_dir/kube-apiserver-client.crt" --kubelet-client-key="$pki_dir/kube-apiserver-client.key" \
    --service-account-issuer="https://kubernetes.default.svc.$cluster_domain" \
    --service-account-key-file="$pki_dir/service-accounts.pub" --service-account-signing-key-file="$pki_dir/service-accounts.key" \
    --service-cluster-ip-range="$service_subnet" --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction \
    --allow-privileged=true --endpoint-reconciler-type=lease
}

await_apiserver() { need kube-apiserver 60 kubectl get --raw=/readyz --request-timeout=2s; }

ensure_controllers() {
  runs kube-controller-manager || start kube-controller-manager kube-controller-manager \
    --bind-address="$host_address" --kubeconfig="$pki_dir/kube-controller-manager.kubeconfig" \
    --tls-cert-file="$pki_dir/kube-controller-manager.crt" --tls-private-key-file="$pki_dir/kube-controller-manager.key" \
    --root-ca-file="$pki_dir/ca.crt" --service-account-private-key-file="$pki_dir/service-accounts.key" \
    --cluster-signing-cert-file="$pki_dir/ca.crt" --cluster-signing-key-file="$pki_dir/ca.key" \
    --use-service-account-credentials --leader-elect=false --flex-volume-plugin-dir="$cluster_dir/flexvolume"
  runs kube-scheduler || start kube-scheduler kube-scheduler \
    --bind-address="$host_address" --kubeconfig="$pki_dir/kube-scheduler.kubeconfig" \
    --tls-cert-file="$pki_dir/kube-scheduler.crt" --tls-private-key-file="$pki_dir/kube-scheduler.key" --leader-elect=false
}

await_controllers() {
  need kube-controller-manager 30 answers_over_tls "https://$host_address:10257/healthz"
  need kube-scheduler 30 answers_over_tls "https://$host_address:10259/healthz"
  need kube-controller-manager 30 kubectl get serviceaccount default --namespace=default
}

answers_over_tls() { curl -fsS --max-time 2 --cacert "$pki_dir/ca.crt" "$1"; }
asked_with_certificate() { curl -fsS --max-time 2 --cacert "$pki_dir/ca.crt" --cert "$pki_dir/$1.crt" --key "$pki_dir/$1.key" "$2"; }
