# shellcheck shell=bash
# Everything that ci/cluster and ci/outside-db are made of.
set -euo pipefail
cluster_load="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)"
# shellcheck source=ci/lib/say.sh
source "$cluster_load/lib/say.sh"
# shellcheck source=ci/lib/packages.sh
source "$cluster_load/lib/packages.sh"
# shellcheck source=ci/lib/hash.sh
source "$cluster_load/lib/hash.sh"
# shellcheck source=ci/lib/go.sh
source "$cluster_load/lib/go.sh"
# shellcheck source=ci/lib/tools.sh
source "$cluster_load/lib/tools.sh"
# ci/lib/java.sh belongs to the plugin's build; the pgcheck image asks it for the JDK.
# shellcheck source=/dev/null
[[ ! -f "$cluster_load/lib/java.sh" ]] || source "$cluster_load/lib/java.sh"
# shellcheck source=ci/images/lib.sh
source "$cluster_load/images/lib.sh"
# shellcheck source=ci/images/all.sh
source "$cluster_load/images/all.sh"
# shellcheck source=ci/cluster.d/settings.sh
source "$cluster_load/cluster.d/settings.sh"
# shellcheck source=ci/cluster.d/processes.sh
source "$cluster_load/cluster.d/processes.sh"
# shellcheck source=ci/cluster.d/packages.sh
source "$cluster_load/cluster.d/packages.sh"
# shellcheck source=ci/cluster.d/preconditions.sh
source "$cluster_load/cluster.d/preconditions.sh"
# shellcheck source=ci/cluster.d/certificates.sh
source "$cluster_load/cluster.d/certificates.sh"
# shellcheck source=ci/cluster.d/network.sh
source "$cluster_load/cluster.d/network.sh"
# shellcheck source=ci/cluster.d/registry.sh
source "$cluster_load/cluster.d/registry.sh"
# shellcheck source=ci/cluster.d/control-plane.sh
source "$cluster_load/cluster.d/control-plane.sh"
# shellcheck source=ci/cluster.d/node.sh
source "$cluster_load/cluster.d/node.sh"
# shellcheck source=ci/cluster.d/dns.sh
source "$cluster_load/cluster.d/dns.sh"
# shellcheck source=ci/cluster.d/storage.sh
source "$cluster_load/cluster.d/storage.sh"
# shellcheck source=ci/cluster.d/outside-db.sh
source "$cluster_load/cluster.d/outside-db.sh"
# shellcheck source=ci/cluster.d/up.sh
source "$cluster_load/cluster.d/up.sh"
# shellcheck source=ci/cluster.d/down.sh
source "$cluster_load/cluster.d/down.sh"
# shellcheck source=ci/cluster.d/status.sh
source "$cluster_load/cluster.d/status.sh"

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
