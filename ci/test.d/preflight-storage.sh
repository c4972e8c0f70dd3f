#!/usr/bin/env bash
# Storage faults made for real on the cluster: each is found by its code alone, with a remedy that works when pasted;
# before the install, as an upgrade and after it a sound release passes. Needs the cluster.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/say.sh
source ci/lib/say.sh
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh

namespace=tl-preflight-storage
fresh_database_namespace "$namespace"
kubectl label namespace "$namespace" pod-security.kubernetes.io/enforce=restricted >/dev/null

# ---- storage classes of our own; the cluster's stay as they are ------------------------------------------------
at_end 'kubectl delete storageclass,csidriver,pv -l tl-storage-test --ignore-not-found >/dev/null 2>&1'
kubectl apply -f - >/dev/null <<'CLASSES'
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: tl-nobody, labels: {tl-storage-test: ""}}
provisioner: nobody.example.com
volumeBindingMode: WaitForFirstConsumer
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: tl-immediate, labels: {tl-storage-test: ""}}
provisioner: rancher.io/local-path
volumeBindingMode: Immediate
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: tl-small, labels: {tl-storage-test: ""}}
provisioner: small.example.com
volumeBindingMode: WaitForFirstConsumer
allowVolumeExpansion: true
---
apiVersion: storage.k8s.io/v1
kind: CSIDriver
metadata: {name: small.example.com, labels: {tl-storage-test: ""}}
spec: {storageCapacity: true}
CLASSES

# preflight ARGUMENTS...: of the release tl, with the cluster's images.
preflight() {
  run_pgcheck preflight tl charts/tl-engine -f values/statefulset.yaml -f ci/images/values.yaml -n "$namespace" \
    -o json "$@"
}
class() { printf -- '--set-string\ndatabase.statefulset.storage.className=%s\n' "$1"; }
# answer CODE CONDITION: of the last run; a run without a report meets none.
answer() { jq -es --arg code "$1" "any(.[].results[]; .code == \$code and ($2))" "$tap_dir/out"; }
show() { cat "$tap_dir/err"; jq -c '.results[] | select(.status | IN("failed", "unknown"))' "$tap_dir/out"; }

# found NAME CODE SEVERITY PATTERN: the last run found it, and nothing else of that severity or worse.
found() {
  local name=$1 code=$2 severity=$3 pattern=$4
  if jq -e --arg code "$code" --arg severity "$severity" --arg pattern "$pattern" '
    [.results[] | select(.status == "failed" and (.severity == "error" or .severity == $severity))] as $failed
    | ($failed | map(.code)) == [$code] and $failed[0].severity == $severity
      and all($failed[0].findings[]; .remedy != "")
      and any($failed[0].findings[]; .message | test($pattern))' "$tap_dir/out" >/dev/null &&
    [[ "$status" == "$([[ "$severity" == error ]] && echo 3 || echo 0)" ]]; then
    ok "$name"
  else
    not_ok "$name: exit $status" "$(show)"
  fi
}

# sound NAME: nothing is found, nothing is unknown.
sound() {
  if [[ "$status" == 0 ]] && jq -e '.verdict == "passed" and .summary.warnings == 0' "$tap_dir/out" >/dev/null; then
    ok "$1"
  else
    not_ok "$1: exit $status" "$(show)"
  fi
}

# ---- before the install ----------------------------------------------------------------------------------------
install_plugin_for_test 4
preflight
sound "before the install: passed"
check "a provisioner that registers nowhere is no finding" answer PGC-205 '.status | IN("skipped", "passed")'
check "without the flag no volume is probed" answer PGC-209 '.reason == "--probe-volume was not given"'

mapfile -t chosen < <(class tl-nobody)
preflight "${chosen[@]}"
found "no driver: PGC-205" PGC-205 error 'nobody.example.com .* is not installed'
mapfile -t key < <(values_key PGC-205)
preflight "${chosen[@]}" "${key[@]}"
sound "no driver: with its remedy's class it passes"
mapfile -t chosen < <(class tl-immediate)
preflight "${chosen[@]}"
found "Immediate: PGC-202" PGC-202 warning 'binds Immediate'
remedy=$(jq -r '.results[] | select(.code == "PGC-202") | .findings[0].remedy
  | capture("(?<command>kubectl get storageclass.*)").command' "$tap_dir/out")
at_end 'kubectl delete storageclass tl-immediate-wait --ignore-not-found >/dev/null 2>&1'
check "Immediate: the remedy makes a class that waits" bash -c "$remedy"
mapfile -t chosen < <(class tl-immediate-wait)
preflight "${chosen[@]}"
sound "Immediate: with that class it passes"
check "no expansion: the remedy can be pasted" pasted "$(remedies PGC-203 'kubectl patch')"
preflight "${chosen[@]}"
check "no expansion: and then PGC-203 passes" answer PGC-203 '.status == "passed"'

mapfile -t chosen < <(class tl-small)
preflight "${chosen[@]}"
check "announced and not published: unknown" answer PGC-206 '.status == "unknown"'
kubectl apply -n "$namespace" -f - >/dev/null <<'CAPACITY'
apiVersion: storage.k8s.io/v1
kind: CSIStorageCapacity
metadata: {name: tl-small}
storageClassName: tl-small
nodeTopology: {}
capacity: 512Mi
CAPACITY
preflight "${chosen[@]}"
found "too little capacity: PGC-206" PGC-206 error 'is 512Mi, wanted 1Gi'
mapfile -t key < <(values_key PGC-206)
preflight "${chosen[@]}" "${key[@]}"
sound "too little capacity: with its remedy's size it passes"

preflight --set database.statefulset.retention.whenDeleted=Delete
found "the claim goes with the release: PGC-204" PGC-204 warning 'helm uninstall deletes the claims'
mapfile -t key < <(values_key PGC-204)
preflight --set database.statefulset.retention.whenDeleted=Delete "${key[@]}"
sound "the claim goes with the release: with its remedy's key it stays"

# old_claim RELEASE SIZE [FIELDS]
old_claim() {
  kubectl delete pvc postgres-storage-tl-postgres-0 -n "$namespace" --ignore-not-found >/dev/null
  kubectl apply -n "$namespace" -f - >/dev/null <<CLAIM
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: postgres-storage-tl-postgres-0, labels: {app.kubernetes.io/instance: $1}}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: $2}}${3:+, $3}}
CLAIM
}
old_claim other 1Gi
preflight
found "another release's claim: PGC-207" PGC-207 error 'belongs to another release, other'
check "another release's claim: the remedy can be pasted" pasted "$(remedies PGC-207 'kubectl delete')"
old_claim tl 512Mi
preflight
found "a smaller claim: PGC-207" PGC-207 error 'exists with 512Mi, wanted 1Gi'
mapfile -t key < <(values_key PGC-207)
preflight "${key[@]}"
sound "a smaller claim: with its remedy's size it passes"
old_claim tl 1Gi 'storageClassName: tl-immediate-wait'
mapfile -t chosen < <(class local-path)
preflight "${chosen[@]}"
found "a claim of another class: PGC-207" PGC-207 error 'the storage class tl-immediate-wait, wanted local-path'
mapfile -t key < <(values_key PGC-207)
preflight "${chosen[@]}" "${key[@]}"
sound "a claim of another class: with its remedy's class it passes"
# A claim with a volume, made by hand; nothing mounts it.
kubectl apply -f - >/dev/null <<VOLUME
apiVersion: v1
kind: PersistentVolume
metadata: {name: tl-small, labels: {tl-storage-test: ""}}
spec:
  storageClassName: tl-small
  capacity: {storage: 512Mi}
  accessModes: [ReadWriteOnce]
  persistentVolumeReclaimPolicy: Retain
  hostPath: {path: /tmp/tl-small}
  claimRef: {namespace: $namespace, name: postgres-storage-tl-postgres-0}
VOLUME
old_claim tl 512Mi 'storageClassName: tl-small'
bound() { kubectl get pvc -n "$namespace" -o jsonpath='{.items[0].status.phase}' | grep -q Bound; }
within 30 bound
mapfile -t chosen < <(class tl-small)
preflight "${chosen[@]}"
found "a smaller claim with a volume: PGC-207" PGC-207 error 'exists with 512Mi, wanted 1Gi'
remedy=$(remedies PGC-207 'kubectl patch')
check "a smaller claim with a volume: the remedy can be pasted" pasted "${remedy%%; else*}"
preflight "${chosen[@]}"
found "a smaller claim with a volume: and then only its data is told of" PGC-207 warning 'left from an earlier install'
kubectl delete pvc postgres-storage-tl-postgres-0 -n "$namespace" >/dev/null
kubectl delete pv tl-small >/dev/null

# ---- another chart: access modes, ephemeral volumes, claims of its own -----------------------------------------
mkdir -p "$tap_dir/chart/templates"
printf 'apiVersion: v2\nname: foreign\nversion: 1.0.0\n' >"$tap_dir/chart/Chart.yaml"
cat >"$tap_dir/chart/templates/objects.yaml" <<'FOREIGN'
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: foreign}
spec:
  serviceName: foreign
  selector: {matchLabels: {app: foreign}}
  template:
    metadata: {labels: {app: foreign}}
    spec:
      securityContext: {runAsUser: 999, fsGroup: 999}
      containers:
        - name: postgres
          image: {{ .Values.image }}
          ports: [{containerPort: 5432}]
          volumeMounts: [{name: {{ .Values.volume }}, mountPath: /var/lib/postgresql/data}]
      {{- if eq .Values.volume "ephemeral" }}
      volumes:
        - name: ephemeral
          ephemeral:
            volumeClaimTemplate:
              spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
      {{- end }}
  volumeClaimTemplates:
    - metadata: {name: data}
      spec:
        accessModes: [{{ .Values.mode }}]
        resources: {requests: {storage: 1Gi}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: foreign-backups
  annotations: {helm.sh/resource-policy: {{ .Values.policy }}}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
FOREIGN
printf '%s\n' 'image: localhost:5001/postgres:17' 'volume: data' 'mode: ReadWriteOnce' 'policy: keep' \
  >"$tap_dir/chart/values.yaml"
storage_codes=PGC-201,PGC-202,PGC-203,PGC-204,PGC-205,PGC-206,PGC-207,PGC-208,PGC-210
foreign() { run_pgcheck preflight foreign "$tap_dir/chart" -n "$namespace" -o json --only "$storage_codes" "$@"; }
foreign
sound "another chart: passed"
foreign --set mode=ReadWriteMany
found "many nodes on local-path: PGC-210" PGC-210 error 'asks for ReadWriteMany'
foreign --set volume=ephemeral
found "data on an ephemeral volume: PGC-204" PGC-204 warning 'generic ephemeral volume ephemeral'
foreign --set policy=delete
found "a claim among the release's objects: PGC-204" PGC-204 warning 'foreign-backups is an object of the release'

# ---- a real claim ----------------------------------------------------------------------------------------------
nothing_left() { [[ -z "$(kubectl get job,pod,pvc -n "$namespace" -l pgcheck.io/helper -o name)" ]]; }
within_reach() { within 60 nothing_left; }
probe() { preflight --only PGC-209 --probe-volume "$@"; }
probe --timeout 5m
check "--probe-volume: written, flushed, read back" answer PGC-209 '.status == "passed" and .evidence.size == "1Gi"
  and (.evidence.provisioningMillis > 0) and (.evidence.flushMedian | test("^[0-9.]+ ms$"))'
check "--probe-volume: nothing is left" nothing_left
mapfile -t chosen < <(class tl-nobody)
probe "${chosen[@]}" --timeout 60s
found "--probe-volume without a driver: PGC-209" PGC-209 error 'got no volume within'
check "after that: nothing is left" within_reach
run_pgcheck preflight foreign "$tap_dir/chart" -n "$namespace" -o json --only PGC-209 --probe-volume --timeout 5m \
  --set image=localhost:5001/pause:latest
check "an image without a shell: unknown, and says so" answer PGC-209 \
  '.status == "unknown" and (.reason | test("no shell|did not begin"))'
check "an image without a shell: nothing is left" within_reach

# begin_probe CODE: sets $pid, that of helm.
begin_probe() {
  : >"$tap_dir/progress"
  # A shell starts what is in the background deaf to SIGINT.
  setsid env --default-signal=INT "$helm" pgcheck preflight tl charts/tl-engine -f values/statefulset.yaml \
    -f ci/images/values.yaml -n "$namespace" --only "$1" --probe-volume ${chosen[@]+"${chosen[@]}"} --timeout 5m \
    >/dev/null 2>"$tap_dir/progress" </dev/null &
  pid=$!
}
# end_probe WHO SIGNAL: the program may not be there yet, or not be there any more.
end_probe() {
  local program
  program=$(pgrep -P "$pid" | head -n 1)
  [[ -n "$program" ]] || program=$pid
  case $1 in
    helm) kill "-$2" "$pid" ;;
    program) kill "-$2" "$program" ;;
    all) kill "-$2" "$program" "$pid" ;;
  esac 2>/dev/null
  wait "$pid" 2>/dev/null
  wait_for 90 "the program's end" bash -c "! kill -0 $program" 2>/dev/null
}
# interrupted WHO SIGNAL [CODE STEP]: while the check of this code has just done that.
interrupted() {
  begin_probe "${3:-PGC-209}"
  wait_for 120 "the step" grep -q "${4:-made the claim}" "$tap_dir/progress" || true
  end_probe "$1" "$2"
}
interrupted program TERM
check "SIGTERM to the program: nothing is left" within_reach
interrupted helm INT
check "SIGINT to helm: nothing is left" within_reach
# At any moment of a probe that goes well.
waits=("${chosen[@]}") chosen=()
for how in 'program TERM' 'helm INT' 'program INT' 'helm TERM' 'program TERM' 'program INT'; do
  begin_probe PGC-209
  moment=$((RANDOM % 8000))
  sleep "$((moment / 1000)).$(printf %03d $((moment % 1000)))"
  # shellcheck disable=SC2086 # two words
  end_probe $how
  last=$(tail -n 1 "$tap_dir/progress")
  check "SIG${how#* } to the ${how% *} after $moment ms (${last:0:40}): nothing is left" within_reach
done
chosen=("${waits[@]}")
interrupted all KILL
owned() { # every helper object belongs to a Job that has a deadline and a time to live
  kubectl get job,pod,pvc -n "$namespace" -l pgcheck.io/helper -o json | jq -e '(.items | length) >= 3 and all(.items[];
    if .kind == "Job" then .spec.activeDeadlineSeconds > 0 and .spec.ttlSecondsAfterFinished > 0
    else .metadata.ownerReferences[0].kind == "Job" end)'
}
check "SIGKILL: what is left ends by itself" owned
kubectl patch job -n "$namespace" "$(kubectl get job -n "$namespace" -l pgcheck.io/helper \
  -o jsonpath='{.items[0].metadata.name}')" -p '{"spec":{"activeDeadlineSeconds":1}}' >/dev/null
check "SIGKILL: once the deadline has passed nothing is left" within 90 nothing_left

# ---- as an upgrade ---------------------------------------------------------------------------------------------
install=(tl charts/tl-engine -f values/statefulset.yaml -f ci/images/values.yaml --set engine.enabled=false
  -n "$namespace" --wait --timeout 5m)
check "a database is installed" "$helm" install "${install[@]}"
upgrade() { preflight --set engine.enabled=false "$@"; }
upgrade
sound "as an upgrade of the running release: passed"
check "its claim is its own" answer PGC-207 '.status == "passed" and .evidence.own == 1'
check "its set was compared" answer PGC-208 '.status == "passed" and .evidence.sets == ["tl-postgres"]'
check "its fields were tried" answer PGC-810 '.status == "passed" and .evidence.objects > 3'

upgrade --set-string database.statefulset.image.tag=15
found "another major: PGC-207" PGC-207 error 'tl-postgres has data of PostgreSQL 17, .* an image of PostgreSQL 15: '
mapfile -t key < <(values_key PGC-207)
upgrade --set-string database.statefulset.image.tag=15 "${key[@]}"
sound "another major: with its remedy's tag it passes"

upgrade --set-string database.statefulset.storage.size=2Gi
found "a larger claim template: PGC-208" PGC-208 error 'storage is 1Gi, wanted 2Gi'
mapfile -t key < <(values_key PGC-208)
upgrade --set-string database.statefulset.storage.size=2Gi "${key[@]}"
sound "a larger claim template: with its remedy's size it passes"
mapfile -t chosen < <(class local-path)
upgrade "${chosen[@]}"
found "another class: PGC-208" PGC-208 error 'storageClassName is \(none\), wanted local-path'
remedy=$(jq -r '.results[] | select(.code == "PGC-208") | .findings[0].remedy | split(";")[0]' "$tap_dir/out")
mapfile -t key < <(values_key PGC-208)
upgrade "${chosen[@]}" "${key[@]}"
sound "another class: with its remedy's class it passes"
pod_uid() { kubectl get pod tl-postgres-0 -n "$namespace" -o jsonpath='{.metadata.uid}'; }
uid=$(pod_uid)
check "Helm cannot (else the finding is false)" bash -c "! $helm upgrade ${install[*]} ${chosen[*]}"
check "the remedy can be pasted" bash -c "$remedy"
upgrade "${chosen[@]}"
check "the claims of the removed set are still its own" answer PGC-207 '.status == "passed" and .evidence.own == 1'
check "and then the upgrade works" "$helm" upgrade "${install[@]}" "${chosen[@]}"
check "the pod went on running" test "$(pod_uid)" = "$uid"

# somebody scales it by hand before a Helm 4 upgrade
kubectl scale statefulset tl-postgres -n "$namespace" --replicas=2 >/dev/null
upgrade "${chosen[@]}"
found "scaled by hand: PGC-810" PGC-810 error 'spec.replicas belongs to kubectl, is 2, wanted 1'
upgrade "${chosen[@]}" --force-conflicts
check "with --force-conflicts it does not matter" answer PGC-810 '.status == "skipped"'
check "Helm stops there (else the finding is false)" bash -c "! $helm upgrade ${install[*]} ${chosen[*]}"
check "the remedy works" "$helm" upgrade "${install[@]}" "${chosen[@]}" --force-conflicts
install_plugin_for_test 3
upgrade "${chosen[@]}"
sound "Helm 3, after all that: passed"
check "Helm 3: no server-side apply" answer PGC-810 '.status == "skipped"'

# ---- what an uninstall leaves ----------------------------------------------------------------------------------
check "helm uninstall" "$helm" uninstall tl -n "$namespace" --wait
preflight "${chosen[@]}"
found "data of an earlier install: PGC-207" PGC-207 warning 'left from an earlier install of tl'
check "this chart's data opens with the new password" bash -c "! grep -q 'old password' '$tap_dir/out'"

# What is in it: only a pod can look.
major_seen() { preflight "${chosen[@]}" --only PGC-207 --probe-volume --timeout 3m "$@"; }
detail() { answer PGC-207 ".findings[0].detail | test(\"$1\")"; }
major_seen --set-string database.statefulset.image.tag=15
found "data of another major: PGC-207" PGC-207 error 'holds data of PostgreSQL 17, the image runs 15: '
check "the remedy keeps the data's major" answer PGC-207 \
  '.findings[0].remedy | contains("--set-string database.statefulset.image.tag=17;") and contains("kubectl delete pvc")'
check "after the look nothing is left" nothing_left
major_seen
found "data of the same major: only the warning" PGC-207 warning 'left from an earlier install of tl'
check "which names the major" detail 'data of PostgreSQL 17 as'
check "after that look nothing is left" nothing_left
major_seen --set database.statefulset.runAsUser=70
found "data that the planned user may not read: only the warning" PGC-207 warning 'left from an earlier install of tl'
check "which says why the major was not seen" detail 'not seen: the planned user may not read pgdata'
kubectl apply -n "$namespace" -f - >/dev/null <<'HOLDER'
apiVersion: v1
kind: Pod
metadata: {name: holder}
spec:
  securityContext: {runAsUser: 999, runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
  containers:
    - name: holder
      image: localhost:5001/postgres:17
      command: [sleep, "600"]
      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
      volumeMounts: [{name: data, mountPath: /data}]
  volumes: [{name: data, persistentVolumeClaim: {claimName: postgres-storage-tl-postgres-0}}]
HOLDER
check "a pod mounts the claim" kubectl wait pod holder -n "$namespace" --for=condition=Ready --timeout=60s
major_seen --set-string database.statefulset.image.tag=15
check "a claim that a pod mounts is left alone, and the detail says so" detail 'it is mounted by holder, and left alone'
check "no pod was made for it" bash -c "! grep -q 'made the Job' '$tap_dir/err'"
kubectl delete pod holder -n "$namespace" --now >/dev/null
interrupted program TERM PGC-207 'looks into the claim'
check "SIGTERM while a pod looks: nothing is left" within_reach

preflight "${chosen[@]}"
remedy=$(jq -r '.results[] | select(.code == "PGC-207") | .findings[0].remedy
  | capture("(?<command>kubectl delete pvc.*)").command' "$tap_dir/out")
check "to begin anew: the remedy can be pasted" bash -c "$remedy"
preflight "${chosen[@]}"
sound "and then it passes"

finish preflight-storage
