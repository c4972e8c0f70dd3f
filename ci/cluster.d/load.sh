# shellcheck shell=bash
# Everything that ci/cluster and ci/outside-db are made of.
set -euo pipefail
cluster_load="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
for part in lib/say lib/hash lib/go lib/tools lib/java images/lib images/all \
  cluster.d/settings cluster.d/processes cluster.d/packages cluster.d/preconditions cluster.d/certificates \
  cluster.d/network cluster.d/registry cluster.d/control-plane cluster.d/node cluster.d/dns cluster.d/storage \
  cluster.d/outside-db cluster.d/up cluster.d/down cluster.d/status; do
  # lib/java.sh belongs to the plugin's build.
  # shellcheck source=/dev/null
  [[ ! -f "$cluster_load/../$part.sh" ]] || source "$cluster_load/../$part.sh"
done

# take_lock: one run at a time. The lock is on the directory above the cluster's, which is there before and after.
take_lock() {
  local parent
  parent=$(dirname -- "$cluster_dir")
  [[ -d "$parent" ]] || fail "the directory $parent is not there" "Make it, or set TL_CLUSTER_DIR to a place that exists."
  exec 9<"$parent"
  flock --nonblock 9 && return 0
  say "another run of ci/cluster is at work; waiting for it"
  flock --timeout 1800 9 || fail "the other run of ci/cluster did not end within 30 minutes"
}
