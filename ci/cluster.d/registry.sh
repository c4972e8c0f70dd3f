# shellcheck shell=bash disable=SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# The image registry, and bringing the images there.

ensure_registry() {
  if ! runs registry; then
    mkdir -p "$cluster_dir/registry"
    start registry registry -listen "127.0.0.1:$registry_port,$host_address:$registry_port" -directory "$cluster_dir/registry"
  fi
  need registry 10 curl -fsS "http://127.0.0.1:$registry_port/v2/"
}

# push_images: stdin has lines "IMAGE FILE DIGEST". Pushed is only what the registry has not.
push_images() {
  local image file digest there began
  while read -r image file digest; do
    there=$(crane digest "$registry_name/$image" 2>/dev/null || true)
    [[ "$there" != "$digest" ]] || continue
    began=$(now_micros)
    crane push "$file" "$registry_name/$image" >>"$log_dir/push.log" 2>&1 </dev/null ||
      { last_lines "$log_dir/push.log"; fail "the image $image could not be pushed to the registry"; }
    say "pushed $registry_name/$image in $(seconds_since "$began") s"
    forget_on_nodes "$image"
  done
}

# A node that has an image under this name would go on using the old one.
forget_on_nodes() {
  local node
  for node in "${nodes[@]}"; do
    ! runs "$node-containerd" || ctr -a "$(node_dir "$node")/containerd.sock" -n k8s.io images remove "$registry_name/$1" >/dev/null 2>&1 || true
  done
}
