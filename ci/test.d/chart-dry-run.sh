#!/usr/bin/env bash
# Every values file against the real API server, in a namespace that enforces the restricted Pod Security standard, with
# strict fields: no error, no warning. Nothing is created. Needs ci/cluster up.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
eval "$("${CLUSTER:-ci/cluster}" env)" || exit 2

namespace=c4-dry-run-$$
passed=0 failed=0
work=$(mktemp -d)
trap 'kubectl delete namespace "$namespace" --wait=false >/dev/null 2>&1; rm -rf "$work"' EXIT

kubectl create namespace "$namespace" >/dev/null || exit 2
# Pods in templates of Deployments, StatefulSets and Jobs are warned of, not refused.
kubectl label namespace "$namespace" pod-security.kubernetes.io/enforce=restricted \
  pod-security.kubernetes.io/warn=restricted >/dev/null

# dry_run HELM CHART VALUES...
dry_run() {
  local helm=$1 chart=$2
  shift 2
  "$helm" template demo "$chart" --namespace "$namespace" --kube-version 1.36.0 "$@" >"$work/objects.yaml" || return 1
  kubectl apply --dry-run=server --validate=strict --namespace "$namespace" --filename "$work/objects.yaml" 2>&1 |
    tee "$work/said" >/dev/null
  ((PIPESTATUS[0] == 0)) && ! grep -i warning "$work/said"
}

check() {
  local name=$1
  shift
  if "$@" >"$work/out" 2>&1; then
    passed=$((passed + 1))
    echo "ok - $name"
  else
    failed=$((failed + 1))
    echo "not ok - $name"
    sed 's/^/    /' "$work/out" "$work/said"
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
  grep -F 'must not set runAsUser=0' "$work/said"
}
check "an application that runs as root is found" as_root

echo "chart-dry-run: $passed passed, $failed failed"
((failed == 0 && passed > 0))
