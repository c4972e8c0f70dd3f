# shellcheck shell=bash disable=SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# Bringing the cluster up from whatever state it is in: each part starts what does not run and leaves alone what does.

cluster_up() {
  ensure_packages
  # Before what takes long is built, so that nobody waits for a refusal.
  if nothing_runs; then
    # What a complete kill leaves of ours goes first, so that it is not mistaken for somebody else's.
    [[ ! -d "$cluster_dir" ]] || remove_host_link
    check_conflicts
  fi
  prepare
  restart_if_changed
  ! nothing_runs || say_head "starting the cluster in $cluster_dir"
  mkdir -p "$cluster_dir" "$log_dir" "$pid_dir"
  : >"$cluster_dir/.tl-engine-cluster"
  printf '%s\n' "$tools_bin" >"$cluster_dir/tools-directory"
  # Nothing to do is said only of a cluster that was brought up completely and lost nothing since.
  local was_whole=0
  if started_with_this && [[ -z "$(stopped_components)" ]]; then was_whole=1; fi

  ensure_lan
  ensure_registry
  push_images <<<"$images_list" &
  local pushing=$! node
  ensure_certificates
  start_control_plane
  for node in "${nodes[@]}"; do ensure_node "$node"; done
  await_apiserver
  ensure_controllers
  if ! started_with_this; then
    kubectl apply -f "$cluster_parts/dns.yaml" -f "$cluster_parts/storage.yaml" >>"$log_dir/apply.log" 2>&1 ||
      { last_lines "$log_dir/apply.log"; fail "the cluster's own objects could not be created"; }
  fi
  for node in "${nodes[@]}"; do ensure_node_agents "$node"; done
  ensure_dns
  ensure_storage
  wait "$pushing" || exit 1
  await_controllers
  for node in "${nodes[@]}"; do await_node "$node"; done
  await_dns
  if ((was_whole)); then
    say_ok "the cluster is up; nothing was to be done"
    return
  fi
  prove_pods
  runs local-path-provisioner || component_failed local-path-provisioner
  current_stamp >"$cluster_dir/started-with"
  say_ok "the cluster is up"
}

# Whatever is slow, needs the network, or changes the host for good (packages).
prepare() {
  ensure_packages
  prepare_tools
  prepare_images
}

prepare_tools() {
  tools_bin=$(tools_build "${tools_all[@]}")
  use_tools
}

# For looking at a cluster: the tools it was started with, without building any.
use_running_tools() {
  [[ -f "$cluster_dir/tools-directory" ]] || return 0
  tools_bin=$(<"$cluster_dir/tools-directory")
  use_tools
}

# KUBECACHEDIR: kubectl would keep its notes about this cluster in the home directory for ever.
use_tools() { export PATH="$tools_bin:$PATH" KUBECONFIG="$kubeconfig_admin" KUBECACHEDIR="$cluster_dir/kubectl-cache"; }

prepare_images() { images_list=$(images_build); }

# What the running cluster was made from. Images are not part of it: a changed one is pushed and the nodes forget the old.
current_stamp() {
  hash_words "$tools_bin" "$(program_key "$images_source/pause" '-s -w')" "$(hash_files "$cluster_parts"/{settings,certificates,network,registry,control-plane,node,node-init,dns,storage}.sh "$cluster_parts"/*.yaml)"
}
started_with_this() { [[ -f "$cluster_dir/started-with" && "$(<"$cluster_dir/started-with")" == "$(current_stamp)" ]]; }

restart_if_changed() {
  [[ -f "$cluster_dir/started-with" ]] && ! started_with_this || return 0
  say_head "the tools or settings changed since the cluster was started: it is taken down and started anew"
  cluster_down
}

stopped_components() {
  local name
  for name in "${components[@]}"; do runs "$name" || printf '%s ' "$name"; done
}

nothing_runs() {
  local name
  for name in "${components[@]}" outside-db; do ! runs "$name" || return 1; done
}

# A pod on each node that finds a name and reaches a Service: the proof that the cluster works, and not only its parts.
prove_pods() {
  local node began
  began=$(now_micros)
  for node in "${nodes[@]}"; do proof_pod "$node"; done |
    kubectl replace --force -f - >>"$log_dir/proof.log" 2>&1 || { last_lines "$log_dir/proof.log"; fail "no pod can be created"; }
  if ! kubectl wait pod --namespace=kube-system -l proof=up --for=jsonpath='{.status.phase}'=Succeeded --timeout=90s >>"$log_dir/proof.log" 2>&1; then
    { kubectl describe pod --namespace=kube-system -l proof=up; kubectl logs --namespace=kube-system -l proof=up; } >>"$log_dir/proof.log" 2>&1 || true
    last_lines "$log_dir/proof.log" 30
    fail "a pod does not start, or finds no name or Service" "Look: ci/cluster logs node1-kubelet; the pods: kubectl -n kube-system describe pod -l proof=up"
  fi
  kubectl delete pod --namespace=kube-system -l proof=up --now --wait=false >>"$log_dir/proof.log" 2>&1
  say "a pod started on each node, found a name and reached a Service ($(seconds_since "$began") s)"
}

proof_pod() {
  cat <<EOF
---
apiVersion: v1
kind: Pod
metadata: {name: proof-$1, namespace: kube-system, labels: {proof: up}}
spec:
  nodeName: $1
  restartPolicy: Never
  terminationGracePeriodSeconds: 0
  containers:
    - name: proof
      image: $registry_name/busybox:dev
      command:
        - sh
        - -c
        - |
          tries=0
          until nslookup kubernetes.default.svc.$cluster_domain && timeout 5 nc -w 2 kubernetes.default.svc.$cluster_domain 443 </dev/null; do
            tries=\$((tries + 1)); [ \$tries -lt 100 ] || exit 1; usleep 200000
          done
EOF
}
