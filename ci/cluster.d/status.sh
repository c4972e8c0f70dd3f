# shellcheck shell=bash disable=SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# What runs.

cluster_status() {
  local name pid degraded=0
  if [[ ! -d "$cluster_dir" ]]; then
    printf 'down: there is no cluster in %s\n' "$cluster_dir"
    return 3
  fi
  printf '%-26s %8s  %s\n' COMPONENT PID STATE
  for name in "${components[@]}"; do
    if pid=$(pid_of "$name"); then
      printf '%-26s %8s  running\n' "$name" "$pid"
    else
      printf '%-26s %8s  stopped\n' "$name" -
      degraded=1
    fi
  done
  if pid=$(pid_of outside-db); then printf '%-26s %8s  running (not part of the cluster)\n' outside-db "$pid"; fi
  printf '\n'
  node_lines || degraded=1
  printf '\n'
  if ((degraded)); then
    printf 'degraded: ci/cluster up brings it back\n'
    return 3
  fi
  # shellcheck disable=SC2016 # for the reader's shell
  printf 'up: eval "$(ci/cluster env)"\n'
}

node_lines() {
  local lines
  if ! lines=$(kubectl get nodes --request-timeout=3s 2>&1); then
    printf 'nodes: the API server does not answer\n'
    return 1
  fi
  printf '%s\n' "$lines"
  [[ "$(grep -cw Ready <<<"$lines")" == "${#nodes[@]}" ]]
}

cluster_env() {
  [[ -f "$cluster_dir/started-with" && -n "${tools_bin:-}" ]] || { say_error "the cluster is not up: ci/cluster up"; return 3; }
  printf 'export KUBECONFIG=%q\n' "$kubeconfig_admin"
  # Not twice, when this is evaluated again.
  # shellcheck disable=SC2016 # for the reader's shell
  printf 'case ":$PATH:" in *:%q:*) ;; *) export PATH=%q:"$PATH" ;; esac\n' "$tools_bin" "$tools_bin"
}

cluster_logs() {
  local name
  [[ -d "$log_dir" ]] || { say_error "there is no cluster in $cluster_dir"; return 3; }
  if (($# > 0)); then
    [[ -f "$(log_of "$1")" ]] || fail "there is no log of '$1' in $log_dir" "There are: ${components[*]} outside-db"
    tail -n "${2:-100}" "$(log_of "$1")"
    return
  fi
  for name in "${components[@]}" outside-db; do
    [[ -s "$(log_of "$name")" ]] || continue
    printf '==== %s\n' "$name"
    tail -n 5 "$(log_of "$name")"
  done
}
