#!/usr/bin/env bash
# Storage faults made for real on the cluster: each is found by its code alone, with a remedy that works when pasted;
# before the install and as an upgrade a sound release passes. What claims hold: preflight-claims. Needs the cluster.
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
# in_chart EXPRESSION: the rendered objects after a change by jq, as a chart of their own; then preflight of it.
in_chart() {
  mkdir -p "$tap_dir/changed/templates"
  cp "$tap_dir/chart/Chart.yaml" "$tap_dir/changed/"
  "$helm" template foreign "$tap_dir/chart" "${@:2}" | kubectl create -f - --dry-run=client -o json |
    jq -s "[.[] | .items // [.] | .[]] | map($1) | {apiVersion: \"v1\", kind: \"List\", items: .}" \
      >"$tap_dir/changed/templates/objects.yaml"
  run_pgcheck preflight foreign "$tap_dir/changed" -n "$namespace" -o json --only "$storage_codes"
}
modes=$(remedies PGC-210 'accessModes: [' | grep -oE '\[[A-Za-z]+\]' | tr -d '[]')
in_chart "if .kind == \"StatefulSet\" then .spec.volumeClaimTemplates[].spec.accessModes = [\"$modes\"] else . end" \
  --set mode=ReadWriteMany
sound "many nodes on local-path: with its remedy's mode it passes"
foreign --set volume=ephemeral
found "data on an ephemeral volume: PGC-204" PGC-204 warning 'generic ephemeral volume ephemeral'
check "  its remedy says what to move" test "$(remedies PGC-204)" = "move spec.template.spec.volumes[ephemeral]\
.ephemeral.volumeClaimTemplate to spec.volumeClaimTemplates, with metadata.name: ephemeral"
in_chart 'if .kind == "StatefulSet" then .spec.volumeClaimTemplates += [.spec.template.spec.volumes[0]
    | .ephemeral.volumeClaimTemplate * {metadata: {name: "ephemeral"}}] | del(.spec.template.spec.volumes)
  else . end' --set volume=ephemeral
sound "  and when it is moved it passes"
foreign --set policy=delete
found "a claim among the release's objects: PGC-204" PGC-204 warning 'foreign-backups is an object of the release'
annotation=$(remedies PGC-204 'annotations: ' | grep -oE '\{[^}]*\}' | tr -d '{} ')
in_chart "if .kind == \"PersistentVolumeClaim\" then .metadata.annotations = {\"${annotation%%:*}\": \"${annotation#*:}\"}
  else . end" --set policy=delete
sound "a claim among the release's objects: with its remedy's annotation it stays"

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

finish preflight-storage
