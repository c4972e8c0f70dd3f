#!/usr/bin/env bash
# Every values file against the real API server, in a namespace that enforces the restricted Pod Security standard, with
# strict fields: no error, no warning. Nothing is created. Needs ci/cluster up.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh

namespace=tl-dry-run
# Pods in templates of Deployments, StatefulSets and Jobs are warned of, not refused.
fresh_restricted_namespace "$namespace"

# dry_run HELM CHART VALUES...
dry_run() {
  local helm=$1 chart=$2
  shift 2
  "$helm" template demo "$chart" --namespace "$namespace" --kube-version 1.36.0 "$@" >"$tap_dir/objects.yaml" || return 1
  kubectl apply --dry-run=server --validate=strict --namespace "$namespace" --filename "$tap_dir/objects.yaml" 2>&1 |
    tee "$tap_dir/said" >/dev/null
  if ((PIPESTATUS[0] != 0)) || grep -qi warning "$tap_dir/said"; then
    cat "$tap_dir/said"
    return 1
  fi
}

for values in values/*.yaml; do
  [[ "$values" != values/wrong-* ]] || continue
  for helm in helm3 helm4; do
    check "$helm, $values: taken without a warning" dry_run "$helm" charts/tl-engine --values "$values"
  done
done
for helm in helm3 helm4; do
  check "$helm, charts/redis-lab: taken without a warning" dry_run "$helm" charts/redis-lab
done

# A test that cannot fail is none: a pod as root must be found.
as_root() {
  dry_run helm4 charts/tl-engine --values values/external.yaml --set engine.runAsUser=0 --skip-schema-validation
  grep -F 'must not set runAsUser=0' "$tap_dir/said"
}
check "an application that runs as root is found" as_root

finish chart-dry-run
