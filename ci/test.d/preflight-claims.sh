#!/usr/bin/env bash
# The claims that an earlier install left, told by what the API says of them and by a look at their data; and the claim
# that --probe-volume makes, of which nothing is left, whoever is ended by whatever signal. Needs the cluster.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/say.sh
source ci/lib/say.sh
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh
# shellcheck source=ci/lib/storage.sh
source ci/lib/storage.sh

namespace=tl-preflight-claims
fresh_database_namespace "$namespace"
kubectl label namespace "$namespace" pod-security.kubernetes.io/enforce=restricted >/dev/null

# ---- storage classes of our own; the cluster's stay as they are ------------------------------------------------
at_end 'kubectl delete storageclass,pv -l tl-claims-test --ignore-not-found >/dev/null 2>&1'
kubectl apply -f - >/dev/null <<'CLASSES'
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: tl-claims-nobody, labels: {tl-claims-test: ""}}
provisioner: nobody.example.com
volumeBindingMode: WaitForFirstConsumer
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: tl-claims-other, labels: {tl-claims-test: ""}}
provisioner: rancher.io/local-path
volumeBindingMode: WaitForFirstConsumer
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: tl-claims-grows, labels: {tl-claims-test: ""}}
provisioner: grows.example.com
volumeBindingMode: WaitForFirstConsumer
allowVolumeExpansion: true
CLASSES
install_plugin_for_test 4

# ---- claims that an earlier install left -----------------------------------------------------------------------
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
old_claim tl 1Gi 'storageClassName: tl-claims-other'
mapfile -t chosen < <(class local-path)
preflight "${chosen[@]}"
found "a claim of another class: PGC-207" PGC-207 error 'the storage class tl-claims-other, wanted local-path'
mapfile -t key < <(values_key PGC-207)
preflight "${chosen[@]}" "${key[@]}"
sound "a claim of another class: with its remedy's class it passes"
# A claim with a volume, made by hand; nothing mounts it.
kubectl apply -f - >/dev/null <<VOLUME
apiVersion: v1
kind: PersistentVolume
metadata: {name: tl-claims-grows, labels: {tl-claims-test: ""}}
spec:
  storageClassName: tl-claims-grows
  capacity: {storage: 512Mi}
  accessModes: [ReadWriteOnce]
  persistentVolumeReclaimPolicy: Retain
  hostPath: {path: /tmp/tl-claims-grows}
  claimRef: {namespace: $namespace, name: postgres-storage-tl-postgres-0}
VOLUME
old_claim tl 512Mi 'storageClassName: tl-claims-grows'
bound() { kubectl get pvc -n "$namespace" -o jsonpath='{.items[0].status.phase}' | grep -q Bound; }
within 30 bound
mapfile -t chosen < <(class tl-claims-grows)
preflight "${chosen[@]}"
found "a smaller claim with a volume: PGC-207" PGC-207 error 'exists with 512Mi, wanted 1Gi'
remedy=$(remedies PGC-207 'kubectl patch')
check "a smaller claim with a volume: the remedy can be pasted" pasted "${remedy%%; else*}"
preflight "${chosen[@]}"
found "a smaller claim with a volume: and then only its data is told of" PGC-207 warning 'left from an earlier install'
kubectl delete pvc postgres-storage-tl-postgres-0 -n "$namespace" >/dev/null
kubectl delete pv tl-claims-grows >/dev/null

# ---- a real claim ----------------------------------------------------------------------------------------------
remember_names
printf '%s\n' "$test_password" >"$tap_dir/secrets"
watch_for "$tap_dir/secrets" "$namespace"
# Once: what is left and ends by its deadline is not counted again.
within_reach() {
  within 60 nothing_new && return
  cat "$tap_dir/progress" 2>/dev/null
  remember_names
  return 1
}
probe() { preflight --only PGC-209 --probe-volume "$@"; }
probe --timeout 5m
check "--probe-volume: written, flushed, read back" answer PGC-209 '.status == "passed" and .evidence.size == "1Gi"
  and (.evidence.provisioningMillis > 0) and (.evidence.flushMedian | test("^[0-9.]+ ms$"))'
check "--probe-volume: nothing is left" within_reach
mapfile -t chosen < <(class tl-claims-nobody)
probe "${chosen[@]}" --timeout 60s
found "--probe-volume without a driver: PGC-209" PGC-209 error 'got no volume within'
check "after that: nothing is left" within_reach
probe --set database.statefulset.image.repository=localhost:5001/pause \
  --set-string database.statefulset.image.tag=latest --timeout 5m
check "an image without a shell: unknown, and says so" answer PGC-209 \
  '.status == "unknown" and (.reason | test("no shell|did not begin"))'
check "an image without a shell: nothing is left" within_reach

# begin_probe CODE: sets $pid, that of helm.
begin_probe() {
  : >"$tap_dir/progress"
  # A shell starts what is in the background deaf to SIGINT.
  setsid env --default-signal=INT "$helm" pgcheck preflight tl charts/tl-engine -f values/statefulset.yaml \
    -f ci/images/values.yaml -n "$namespace" --only "$1" --probe-volume ${chosen[@]+"${chosen[@]}"} --timeout "${limit:-5m}" \
    >/dev/null 2>"$tap_dir/progress" </dev/null &
  pid=$!
}
# end_probe WHO SIGNAL: the program may not be there yet, or not be there any more.
end_probe() {
  local program
  program=$(program_of "$pid")
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
  check "what is ended by SIG$2 to the $1 is at work" wait_for 120 "the step" grep -q "${4:-made the claim}" "$tap_dir/progress"
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
  random_moment 8000
  # shellcheck disable=SC2086 # two words
  end_probe $how
  last=$(tail -n 1 "$tap_dir/progress")
  check "SIG${how#* } to the ${how% *} after $moment ms (${last:0:40}): nothing is left" within_reach
done
chosen=("${waits[@]}")
# What belongs to this run's probes ends 70 s after their beginning.
limit=50s
interrupted all KILL
owned() { # every helper object belongs to a Job that has a deadline and a time to live
  kubectl get job,pod,pvc -n "$namespace" -l pgcheck.io/helper -o json | jq -e '(.items | length) >= 3 and all(.items[];
    if .kind == "Job" then .spec.activeDeadlineSeconds > 0 and .spec.ttlSecondsAfterFinished > 0
    else .metadata.ownerReferences[0].kind == "Job" end)'
}
check "SIGKILL: what is left ends by itself" owned
# The same at any moment; all of it is looked for again below, where its deadline has passed.
chosen=()
for _ in 1 2 3; do
  begin_probe PGC-209
  random_moment 8000
  end_probe all KILL
done
unset limit
! nothing_new >"$tap_dir/left"
check "SIGKILL: something is left" grep -q . "$tap_dir/left"

# ---- rights ----------------------------------------------------------------------------------------------------
account prober
probing=(tl charts/tl-engine -f values/statefulset.yaml -f ci/images/values.yaml -n "$namespace" --probe-volume)
run_pgcheck preflight "${probing[@]}" --print-rbac
cp "$tap_dir/out" "$tap_dir/rbac"
check "the roles for --probe-volume are taken" grant prober "$tap_dir/rbac"
KUBECONFIG="$tap_dir/prober" run_pgcheck preflight "${probing[@]}" -o json --timeout 3m
sound "with exactly the printed rights the run of all checks with a volume is complete"
check "  and the volume was tried" answer PGC-209 '.status == "passed" and .evidence.provisioningMillis > 0'
kubectl create -f "$tap_dir/rbac" -n "$namespace" --dry-run=client -o json | jq '(.items // [.])[]
  | .rules |= map(.resources -= ["jobs"] | select(.resources != []))' >"$tap_dir/less"
grant prober "$tap_dir/less"
KUBECONFIG="$tap_dir/prober" run_pgcheck preflight "${probing[@]}" -o json --only PGC-209
check "without them the volume is unknown, and the verb is named" answer PGC-209 '.status == "unknown" and
  (.reason | contains("create jobs"))'
for resource in jobs pods persistentvolumeclaims; do
  kubectl create -f "$tap_dir/rbac" -n "$namespace" --dry-run=client -o json | jq --arg resource "$resource" '
    (.items // [.])[] | .rules |= [.[] | . as $rule | .resources[] as $one | $rule + {resources: [$one]}
      | if $one == $resource then .verbs -= ["delete"] else . end]' >"$tap_dir/less"
  grant prober "$tap_dir/less"
  KUBECONFIG="$tap_dir/prober" run_pgcheck preflight "${probing[@]}" -o json --only PGC-209
  check "who may not delete $resource makes none: unknown, and the verb is named" answer PGC-209 ".status == \"unknown\"
    and (.reason | contains(\"delete $resource\") and contains(\"nothing was made\"))"
done
all_printed() {
  pasted "$(remedies PGC-209 'helm pgcheck preflight --print-rbac' | sed 's/ prints all of them.*//')" >"$tap_dir/printed" &&
    kubectl create -f "$tap_dir/printed" -n "$namespace" --dry-run=client -o json | jq -es '
      [.[] | .items // [.] | .[].rules[] | select(.verbs | index("delete")) | .resources[]]
      | contains(["jobs", "pods", "persistentvolumeclaims"])'
}
check "  the command that it names prints all of them" all_printed
check "  the last one's remedy can be pasted" pasted "$(remedies PGC-209 'kubectl create role' | sed 's/;.*//')"
KUBECONFIG="$tap_dir/prober" run_pgcheck preflight "${probing[@]}" -o json --only PGC-209
check "  and then the volume is tried" answer PGC-209 '.status == "passed"'

# ---- what an uninstall leaves ----------------------------------------------------------------------------------
mapfile -t chosen < <(class local-path)
check "a database is installed" "$helm" install tl charts/tl-engine -f values/statefulset.yaml -f ci/images/values.yaml \
  --set engine.enabled=false -n "$namespace" "${chosen[@]}" --wait --timeout 5m
check "helm uninstall" "$helm" uninstall tl -n "$namespace" --wait
preflight "${chosen[@]}"
found "data of an earlier install: PGC-207" PGC-207 warning 'left from an earlier install of tl'
check "this chart's data opens with the new password" bash -c "! grep -q 'old password' '$tap_dir/out'"

# What is in it: only a pod can look.
# Of the Jobs that look: their names are others than those of the probes.
looked_and_gone() { names_of "$namespace" >"$tap_dir/names-now" && ! grep pgcheck-claim "$tap_dir/names-now"; }
major_seen() { preflight "${chosen[@]}" --only PGC-207 --probe-volume --timeout 3m "$@"; }
detail() { answer PGC-207 ".findings[0].detail | test(\"$1\")"; }
major_seen --set-string database.statefulset.image.tag=15
found "data of another major: PGC-207" PGC-207 error 'holds data of PostgreSQL 17, the image runs 15: '
check "the remedy keeps the data's major" answer PGC-207 \
  '.findings[0].remedy | contains("--set-string database.statefulset.image.tag=17;") and contains("kubectl delete pvc")'
check "after the look nothing is left" within 60 looked_and_gone
major_seen
found "data of the same major: only the warning" PGC-207 warning 'left from an earlier install of tl'
check "which names the major" detail 'data of PostgreSQL 17 as'
check "after that look nothing is left" within 60 looked_and_gone
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
check "SIGTERM while a pod looks: nothing is left" within 60 looked_and_gone
all_gone() { names_of "$namespace" >"$tap_dir/names-now" && ! grep -E 'pgcheck-(probe|claim)-' "$tap_dir/names-now"; }
check "SIGKILL: once the deadlines have passed nothing of it is left" within 120 all_gone

preflight "${chosen[@]}"
remedy=$(jq -r '.results[] | select(.code == "PGC-207") | .findings[0].remedy
  | capture("(?<command>kubectl delete pvc.*)").command' "$tap_dir/out")
check "to begin anew: the remedy can be pasted" bash -c "$remedy"
preflight "${chosen[@]}"
sound "and then it passes"

# ---- no secret anywhere ----------------------------------------------------------------------------------------
check "the probes' objects were seen" grep -q pgcheck-probe "$tap_dir/watched/jobs"
unseen() { ! grep -rFf "$tap_dir/secrets" "$tap_dir/watched" "$tap_dir/all-output"; }
check "no password in any of their objects, nor in the outputs" unseen
check "nor in any process's arguments" test ! -s "$tap_dir/argued"

finish preflight-claims
