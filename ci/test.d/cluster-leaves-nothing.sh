#!/usr/bin/env bash
# After `ci/cluster down` the host is as it was before `ci/cluster up`: processes, mounts, links, addresses, routes,
# firewall tables, kernel settings, control groups, shared memory, directories. Takes a running cluster down first.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh

work=$tap_dir
cluster_dir="${TL_CLUSTER_DIR:-/var/lib/tl-engine-cluster}"
tools_dir="${XDG_CACHE_HOME:-$HOME/.cache}/tl-engine"

# ---- the snapshot: one file for each kind of thing, sorted lines ------------------------------------------------

snapshot() {
  mkdir -p "$1"
  local kind
  for kind in processes mounts links addresses routes firewall sysctls cgroups memory directories namespaces; do
    "seen_$kind" 2>/dev/null | LC_ALL=C sort -u >"$1/$kind" || true
  done
}

# Other processes of the host come and go. Ours are those that run our programs, name our directories, or live in another
# network or process namespace than this test.
seen_processes() {
  local dir pid line
  for dir in /proc/[0-9]*; do
    pid=${dir#/proc/}
    line=$(tr '\0' ' ' <"$dir/cmdline") || continue
    [[ -n "$line" && "$pid" != "$$" && "$pid" != "$BASHPID" ]] || continue
    if [[ "$(readlink "$dir/exe") $line" == *"$cluster_dir"* || "$(readlink "$dir/exe")" == "$tools_dir"/* ]] ||
      [[ "$(readlink "$dir/ns/net")" != "$(readlink /proc/self/ns/net)" || "$(readlink "$dir/ns/pid")" != "$(readlink /proc/self/ns/pid)" ]]; then
      printf '%s %s\n' "$pid" "${line:0:200}"
    fi
  done
}
seen_mounts() { awk '{ print $5, $9, $10 }' /proc/self/mountinfo; }
seen_links() { ip -o link show | awk '{ print $2 }'; }
seen_addresses() { ip -o address show | awk '{ print $2, $3, $4 }'; }
seen_routes() { ip -4 route show table all; ip -6 route show table all | sed 's/ expires [0-9]*sec//'; ip rule show; }
seen_firewall() { nft --stateless list ruleset; }
# Counters and the like change by themselves.
seen_sysctls() {
  sysctl -a | grep -vE '^(fs\.(dentry-state|file-nr|inode-nr|inode-state|aio-nr|nr_open)|fs\.quota\.syncs|kernel\.(random\.|ns_last_pid|pty\.nr|keys\.gc)|.*nf_conntrack_count|.*\.stable_secret|net\.ipv4\.tcp_mem|vm\.stat)'
}
# Whole trees: what is in them is the business of whoever made them.
seen_cgroups() { find /sys/fs/cgroup -mindepth 1 -maxdepth 2 -type d \( -name "tl-engine*" -o -name "kube*" \); }
seen_memory() { ipcs -m -q -s | grep -E '^0x'; ls /dev/shm; }
seen_directories() {
  ls -d "$cluster_dir" /etc/cni /opt/cni /run/netns /run/containerd /run/runc /run/flannel /usr/libexec/kubernetes /var/lib/cni \
    /var/lib/kubelet /var/lib/containerd /var/log/pods /var/log/containers /var/lib/postgresql/outside
  find /etc /opt /run /var/lib /var/log -mindepth 1 -maxdepth 1
}
seen_namespaces() { ls /run/netns /var/run/netns; }

# ---- the test -----------------------------------------------------------------------------------------------------

pods_with_a_volume_and_a_service() {
  kubectl create namespace leaves-nothing
  kubectl apply --namespace=leaves-nothing -f - <<'EOF'
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}
---
apiVersion: v1
kind: Service
metadata: {name: some}
spec: {type: NodePort, selector: {app: some}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: some, labels: {app: some}}
spec:
  containers:
    - name: some
      image: localhost:5001/busybox:dev
      command: [sh, -c, "echo there >/data/file && exec sleep 1000"]
      volumeMounts: [{name: data, mountPath: /data}, {name: memory, mountPath: /memory}]
      readinessProbe: {exec: {command: [cat, /data/file]}, periodSeconds: 1}
  volumes:
    - {name: data, persistentVolumeClaim: {claimName: data}}
    - {name: memory, emptyDir: {medium: Memory}}
EOF
  kubectl wait --namespace=leaves-nothing pod/some --for=condition=Ready --timeout=90s
}

ci/cluster prepare
ci/cluster down
snapshot "$work/before"
check "ci/cluster up" ci/cluster up
eval "$(ci/cluster env)"
check "the outside database starts" ci/outside-db up
check "a pod with a volume and a Service runs" pods_with_a_volume_and_a_service
# Without this a test that looks at the wrong place would pass.
snapshot "$work/during"
for kind in processes links addresses routes cgroups directories; do
  if cmp -s "$work/before/$kind" "$work/during/$kind"; then
    not_ok "the snapshot of $kind sees a running cluster"
  else
    ok "the snapshot of $kind sees a running cluster"
  fi
done
check "ci/cluster down" ci/cluster down
snapshot "$work/after"
for kind in processes mounts links addresses routes firewall sysctls cgroups memory directories namespaces; do
  check "$kind are as before" diff -U0 "$work/before/$kind" "$work/after/$kind"
done
if ci/cluster status >/dev/null 2>&1; then not_ok "status says that it is down"; else ok "status says that it is down"; fi
check "a second down has nothing to do" ci/cluster down
finish cluster-leaves-nothing
