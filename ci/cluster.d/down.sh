# shellcheck shell=bash disable=SC2154 # sourced after the files that assign what it uses (ci/cluster.d/load.sh)
# Taking the cluster down so that nothing of it is left. Works on any remains: everything is looked for, nothing expected.

cluster_down() {
  if [[ ! -d "$cluster_dir" ]]; then
    say "there is no cluster in $cluster_dir"
    return 0
  fi
  [[ -f "$cluster_dir/.tl-engine-cluster" ]] ||
    fail "$cluster_dir is not a directory of ours (no file .tl-engine-cluster in it): nothing is removed"
  say_head "taking the cluster in $cluster_dir down"
  local node position
  outside_down
  # A node ends as a whole: with its first process the kernel ends all others, pods included, and its mounts, links and
  # firewall tables are gone with its namespaces. What they have is thrown away, so nobody is asked first.
  for node in "${nodes[@]}"; do stop "$node" 0; done
  for ((position = ${#components[@]} - 1; position >= 0; position--)); do stop "${components[position]}" 0; done
  remove_host_link
  for node in "${nodes[@]}"; do
    remove_cgroups "$node" || fail "a process of $node is still there, and its control groups with it" "Run ci/cluster down again."
  done
  remove_made_directories
  remove_cluster_directory
  say_ok "the cluster is down; what was built stays in $tl_cache"
}

remove_made_directories() {
  local dir
  [[ -f "$cluster_dir/made-directories" ]] || return 0
  # rmdir: somebody else may have put something there since.
  while read -r dir; do rmdir -- "$dir" 2>/dev/null || say "left alone, because it is not empty: $dir"; done < <(sort -ru "$cluster_dir/made-directories")
}

# Mounts of the nodes cannot be seen here. One below the directory would be somebody's own, and its files with it.
remove_cluster_directory() {
  local mounts
  mounts=$(awk -v dir="$cluster_dir/" 'index($2, dir) == 1 { print $2 }' /proc/self/mounts)
  [[ -z "$mounts" ]] || fail "something is mounted below $cluster_dir, so it is not removed" "$mounts" "umount it and run ci/cluster down again."
  wait_for 20 "$cluster_dir to be removable" rm -rf --one-file-system -- "$cluster_dir" || fail "$cluster_dir could not be removed"
}
