# shellcheck shell=bash disable=SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# The storage provisioner: directories of this host as volumes. It runs outside the cluster; each volume is made and
# removed by a helper pod on its node.

ensure_storage() {
  local node paths=''
  mkdir -p "$cluster_dir/shared-volumes"
  for node in "${nodes[@]}"; do
    paths+="${paths:+,}{\"node\": \"$node\", \"paths\": [\"$(node_dir "$node")/volumes\"]}"
  done
  # A volume that is bound before its pod has a node must be usable on both: they share this host's directories.
  cat >"$cluster_dir/local-path.json" <<EOF
{"storageClassConfigs": {
  "local-path": {"nodePathMap": [$paths]},
  "local-path-immediate": {"sharedFileSystemPath": "$cluster_dir/shared-volumes"}
}}
EOF
  cat >"$cluster_dir/helper-pod.yaml" <<EOF
apiVersion: v1
kind: Pod
metadata: {name: helper-pod}
spec:
  containers:
    - name: helper-pod
      image: $registry_name/busybox:dev
      imagePullPolicy: IfNotPresent
      securityContext: {runAsUser: 0, runAsGroup: 0}
EOF
  runs local-path-provisioner || start local-path-provisioner local-path-provisioner start \
    --kubeconfig "$pki_dir/local-path-provisioner.kubeconfig" --namespace local-path-storage \
    --config "$cluster_dir/local-path.json" --configmap-name local-path-config \
    --service-account-name local-path-helper --helper-image "$registry_name/busybox:dev" \
    --helper-pod-file "$cluster_dir/helper-pod.yaml"
}
