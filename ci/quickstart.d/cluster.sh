# shellcheck shell=bash disable=SC2034,SC2154
# The cluster that the road runs on, and Helm with the plugin in it.

outside_namespace=tl-outside

# prepare_cluster embedded|current HELM_MAJOR: afterwards kubectl and "$helm" work, and image_values are set.
prepare_cluster() {
  image_values=()
  if [[ "$1" == embedded ]]; then
    ci/cluster up
    eval "$(ci/cluster env)"
    helm=helm$2
    image_values=(--values ci/images/values.yaml)
    return
  fi
  helm=helm
  local program
  for program in kubectl helm; do
    command -v "$program" >/dev/null ||
      fail "there is no $program on PATH" "With --cluster=current kubectl and helm are yours; install $program."
  done
  local context
  context=$(kubectl config current-context 2>/dev/null) ||
    fail "the kubeconfig has no current context" "Choose one: kubectl config use-context NAME"
  kubectl version >/dev/null 2>&1 ||
    fail "the cluster of context $context does not answer" "Try: kubectl version"
  say "using the context $context"
  # No image of ours is needed: without pods the application's Deployment only carries the URL.
  image_values=(--set engine.replicas=0)
}

# Installed as a link to this checkout, so that the next build is the next run's program.
install_plugin() {
  local listed
  # An older link may lead to a checkout that is gone, which some commands of Helm complain about.
  listed=$("$helm" plugin list 2>/dev/null | awk '$1 == "pgcheck" { print $1 }')
  if [[ -n "$listed" ]]; then
    [[ "$("$helm" env HELM_PLUGINS)/plugin" -ef plugin || "$("$helm" env HELM_PLUGINS)/pgcheck" -ef plugin ]] && return 0
    say "replacing the pgcheck that is installed by the one of this checkout"
    "$helm" plugin uninstall pgcheck >/dev/null
  fi
  run_logged "install the plugin" "$helm" plugin install ./plugin
}

# The stand-in for a provider: outside the cluster, with TLS and SCRAM; in a cluster that is not ours, a namespace.
outside_database() {
  if [[ "$1" == embedded ]]; then
    ci/outside-db up
    outside_url_file=$(ci/outside-db url-file)
    return
  fi
  outside_in_namespace
}

outside_in_namespace() {
  local password address port
  ensure_namespace "$outside_namespace"
  ensure_password_secret "$outside_namespace"
  run_logged "install the outside database" "$helm" upgrade --install outside charts/tl-engine \
    --namespace "$outside_namespace" --values values/statefulset.yaml "${extra_values[@]}" \
    --set engine.enabled=false --wait --timeout 5m
  # A node's port is an address that the pods and this machine may both reach.
  kubectl expose pod outside-postgres-0 --namespace "$outside_namespace" --name outside-node-port \
    --type NodePort --port 5432 --dry-run=client -o yaml | kubectl apply -f - >/dev/null
  address=$(kubectl get nodes -o jsonpath='{.items[0].status.addresses[?(@.type=="InternalIP")].address}')
  port=$(kubectl get service outside-node-port --namespace "$outside_namespace" \
    -o jsonpath='{.spec.ports[0].nodePort}')
  password=$(kubectl get secret postgresql-secret --namespace "$outside_namespace" \
    -o jsonpath='{.data.password}' | base64 -d)
  outside_url_file=$(private_file)
  printf 'postgresql://engine:%s@%s:%s/enginedb?sslmode=disable' "$password" "$address" "$port" >"$outside_url_file"
}
