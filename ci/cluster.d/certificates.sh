# shellcheck shell=bash disable=SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# One certificate authority for the cluster, a key pair for each part of it, and the kubeconfigs.

# The keys are EC in SEC1 form ("BEGIN EC PRIVATE KEY"): the Java client cannot read EC keys in PKCS#8.
new_key() { (umask 077 && openssl ecparam -name prime256v1 -genkey -noout -out "$1"); }

ensure_certificates() {
  [[ ! -f "$pki_dir/complete" ]] || return 0
  rm -rf -- "$pki_dir"
  mkdir -p "$pki_dir"
  chmod 700 "$pki_dir"
  new_authority ca tl-engine-test-cluster
  new_key "$pki_dir/service-accounts.key"
  openssl pkey -in "$pki_dir/service-accounts.key" -pubout -out "$pki_dir/service-accounts.pub"

  new_pair ca etcd etcd "" "IP:$host_address"
  new_pair ca kube-apiserver kube-apiserver "" \
    "DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.$cluster_domain,DNS:localhost,IP:127.0.0.1,IP:$host_address,IP:10.96.0.1"
  # The API server as a client of etcd and of the kubelets.
  new_pair ca kube-apiserver-client kube-apiserver-client system:masters
  new_pair ca admin admin system:masters
  new_pair ca kube-controller-manager system:kube-controller-manager "" "IP:$host_address"
  new_pair ca kube-scheduler system:kube-scheduler "" "IP:$host_address"
  new_pair ca kube-proxy system:kube-proxy
  new_pair ca coredns system:coredns
  new_pair ca local-path-provisioner system:local-path-provisioner
  local node
  for node in "${nodes[@]}"; do
    new_pair ca "$node" "system:node:$node" system:nodes "DNS:$node,IP:$(node_address "$node")"
  done

  local user
  for user in kube-controller-manager kube-scheduler kube-proxy coredns local-path-provisioner "${nodes[@]}"; do
    write_kubeconfig "$user" "$pki_dir/$user.kubeconfig"
  done
  write_kubeconfig admin "$kubeconfig_admin"
  : >"$pki_dir/complete"
}

# new_authority FILE NAME
new_authority() {
  new_key "$pki_dir/$1.key"
  openssl req -x509 -new -key "$pki_dir/$1.key" -subj "/CN=$2" -days 365 -out "$pki_dir/$1.crt" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
}

# new_pair AUTHORITY FILE COMMON-NAME [ORGANIZATION] [NAMES]
new_pair() {
  local authority=$1 file=$pki_dir/$2 subject="/CN=$3"
  [[ -z "${4:-}" ]] || subject="/O=$4$subject"
  new_key "$file.key"
  openssl req -new -key "$file.key" -subj "$subject" -out "$file.csr"
  openssl x509 -req -in "$file.csr" -CA "$pki_dir/$authority.crt" -CAkey "$pki_dir/$authority.key" -days 365 \
    -set_serial "0x$(openssl rand -hex 16)" -out "$file.crt" 2>/dev/null -extfile <(
    printf '%s\n' basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature extendedKeyUsage=clientAuth,serverAuth
    [[ -z "${5:-}" ]] || printf 'subjectAltName=%s\n' "$5"
  )
  rm -f -- "$file.csr"
}

# write_kubeconfig USER FILE
write_kubeconfig() {
  (
    umask 077
    cat >"$2" <<EOF
apiVersion: v1
kind: Config
current-context: tl-engine
clusters:
  - name: tl-engine
    cluster:
      server: https://$host_address:6443
      certificate-authority-data: $(base64 -w0 "$pki_dir/ca.crt")
contexts:
  - name: tl-engine
    context: {cluster: tl-engine, user: $1}
users:
  - name: $1
    user:
      client-certificate-data: $(base64 -w0 "$pki_dir/$1.crt")
      client-key-data: $(base64 -w0 "$pki_dir/$1.key")
EOF
  )
}
