#!/usr/bin/env bash
# `ci/cluster up` works after kill -9 of some processes of the cluster, of all of them, and of an `up` that is under way;
# what was stored in the cluster is still there. Leaves the cluster up.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
cluster_dir="${TL_CLUSTER_DIR:-/var/lib/tl-engine-cluster}"
namespace=survives-kill

# recorded [NAME...]: ids of the cluster's processes, as it recorded them itself.
recorded() {
  local name
  if (($# == 0)); then
    awk '{ print $1 }' "$cluster_dir"/pids/*
  else
    for name in "$@"; do awk '{ print $1 }' "$cluster_dir/pids/$name"; done
  fi
}

kill_recorded() {
  local pid
  for pid in $(recorded "$@"); do kill -KILL "$pid" 2>/dev/null || true; done
}

# Killed is not yet gone.
gone() {
  local pid tries
  for ((tries = 0; tries < 100; tries++)); do
    for pid in $(recorded); do
      [[ ! -d "/proc/$pid" ]] || { sleep 0.1; continue 2; }
    done
    return 0
  done
  return 1
}

degraded() { local status=0; ci/cluster status || status=$?; ((status == 3)); }

store_something() {
  kubectl delete namespace "$namespace" --ignore-not-found --timeout=60s
  kubectl create namespace "$namespace"
  kubectl apply --namespace="$namespace" -f - <<'EOF'
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: keeper}
spec:
  serviceName: keeper
  selector: {matchLabels: {app: keeper}}
  template:
    metadata: {labels: {app: keeper}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: keeper
          image: localhost:5001/busybox:dev
          command: [sh, -c, "[ -f /data/first ] || date +%s%N >/data/first; exec sleep 100000"]
          volumeMounts: [{name: data, mountPath: /data}]
          readinessProbe: {exec: {command: [cat, /data/first]}, periodSeconds: 1}
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}
EOF
  kubectl rollout status --namespace="$namespace" statefulset/keeper --timeout=90s
}

kept() { kubectl exec --namespace="$namespace" keeper-0 -- cat /data/first; }

# The pod may still be reported Ready from before the kill: ask the pod itself.
still_there() {
  local tries
  for ((tries = 0; tries < 300; tries++)); do
    [[ "$(kept 2>/dev/null)" != "$first" ]] || return 0
    sleep 0.2
  done
  kubectl describe pod --namespace="$namespace" keeper-0 | tail -n 20
  return 1
}

new_pod_runs() {
  kubectl delete pod --namespace="$namespace" fresh --ignore-not-found --now
  kubectl run fresh --namespace="$namespace" --image=localhost:5001/busybox:dev --restart=Never -- \
    nslookup kubernetes.default.svc.cluster.local
  kubectl wait --namespace="$namespace" pod/fresh --for=jsonpath='{.status.phase}'=Succeeded --timeout=60s
}

ci/cluster up
eval "$(ci/cluster env)"
check "a pod with a volume runs" store_something
first=$(kept)

kill_recorded etcd node1-kubelet node2-containerd coredns
check "after the kill of four parts status says degraded" degraded
check "up brings them back" ci/cluster up
check "what was stored is there" still_there
check "a new pod runs and finds names" new_pod_runs

kill_recorded
check "all processes are gone" gone
check "after the kill of all parts status says degraded" degraded
check "up brings the cluster back" ci/cluster up
check "what was stored is there" still_there
check "a new pod runs and finds names" new_pod_runs

check "down, to begin from nothing" ci/cluster down
for seconds in 1 3 6; do
  # In a shell of its own, which keeps bash's word about a killed job out of the results.
  (timeout --signal=KILL "$seconds" ci/cluster up || true) >/dev/null 2>&1
  ok "an up was killed after $seconds s"
done
check "the next up finishes what they began" ci/cluster up
eval "$(ci/cluster env)"
kubectl create namespace "$namespace" >/dev/null
check "a new pod runs and finds names" new_pod_runs
kubectl delete namespace "$namespace" --wait=false >/dev/null
check "an up of a healthy cluster has nothing to do" ci/cluster up
finish cluster-survives-kill
