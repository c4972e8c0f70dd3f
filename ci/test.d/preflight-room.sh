#!/usr/bin/env bash
# Room, rights and admission (PGC-301 to 310): each fault is made for real on the cluster, and exactly its code fails.
# Needs the cluster.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh

namespace=hr-room
fresh_database_namespace "$namespace"
# A real database for the charts of somebody else.
ci/outside-db up 2>/dev/null || exit 1
jq -n --rawfile url "$(ci/outside-db url-file)" '{stringData: {DATABASE_URL: $url}}' >"$tap_dir/url"
kubectl patch secret postgresql-secret -n "$namespace" --patch-file "$tap_dir/url" >/dev/null
rm "$tap_dir/url"
kubectl label namespace "$namespace" pod-security.kubernetes.io/enforce=restricted >/dev/null
install_plugin_for_test 4
inside=(charts/tl-engine -f values/statefulset.yaml -f ci/images/values.yaml)

# room ARGUMENTS...: preflight of the release r; CHART and values come first.
room() { run_pgcheck preflight r "$@" -n "$namespace" -o json; }

room "${inside[@]}"
sound "a namespace with room"

# ---- quota and limit range; the remedies' commands are run as they are -----------------------------------------
kubectl create quota small -n "$namespace" --hard=pods=1,requests.storage=512Mi >/dev/null
within 20 kubectl wait resourcequota/small -n "$namespace" --for=jsonpath='{.status.hard.pods}'=1 \
  --timeout=1s >/dev/null
room "${inside[@]}"
found "quota" PGC-303 error "leaves 1 of 1 for pods, and the release still needs 2"
check "quota: the storage is named, too" grep -q 'leaves 512Mi of 512Mi for requests.storage' "$tap_dir/out"
while read -r command; do
  bash -c "${command%%; or ask*}" >/dev/null
done < <(jq -r '.results[] | select(.code == "PGC-303").findings[].remedy' "$tap_dir/out")
room "${inside[@]}"
sound "quota: after its remedies"
kubectl delete quota small -n "$namespace" >/dev/null

kubectl apply -n "$namespace" -f - >/dev/null <<'YAML'
apiVersion: v1
kind: LimitRange
metadata: {name: bounds}
spec:
  limits:
    - {type: PersistentVolumeClaim, max: {storage: 512Mi}}
    - {type: Container, max: {memory: 384Mi}}
YAML
room "${inside[@]}"
found "limit range" PGC-304 error "wants at most 512Mi of storage"
check "limit range: container and claim, each named" jq -e '
  [.results[] | select(.code == "PGC-304").findings[].message]
  | any(contains("container postgres")) and any(contains("claims"))' "$tap_dir/out"
while read -r command; do
  bash -c "${command##*or the limit range: }" >/dev/null
done < <(jq -r '.results[] | select(.code == "PGC-304").findings[].remedy' "$tap_dir/out")
room "${inside[@]}"
sound "limit range: after its remedies"
kubectl delete limitrange bounds -n "$namespace" >/dev/null

# ---- nodes -----------------------------------------------------------------------------------------------------
room "${inside[@]}" --set-string engine.resources.requests.memory=9Ti --set-string engine.resources.limits.memory=9Ti
found "a pod larger than any node" PGC-305 error "no node could ever hold a pod of Deployment/r-engine"
cores=$(kubectl get nodes -o jsonpath='{.items[0].status.allocatable.cpu}')
room "${inside[@]}" --set-string "engine.resources.requests.cpu=$((cores * 600))m" --set engine.replicas=4
found "pods that fit one by one but not together" PGC-305 error "pods together do not fit"

chart=$tap_dir/chart
# chart_with FILE: a chart of that one manifest, read from standard input.
chart_with() {
  mkdir -p "$chart/templates"
  printf 'apiVersion: v2\nname: own\nversion: 0.1.0\n' >"$chart/Chart.yaml"
  cat >"$chart/templates/objects.yaml"
}
# deployment POD-SPEC-LINE...: one that is well but for these lines of its pod.
deployment() {
  cat <<YAML
apiVersion: apps/v1
kind: Deployment
metadata: {name: own}
spec:
  replicas: 2
  selector: {matchLabels: {app: own}}
  template:
    metadata: {labels: {app: own}}
    spec:
$(printf '      %s\n' "$@")
      containers:
        - name: main
          image: own:1
          env:
            - {name: DATABASE_URL, valueFrom: {secretKeyRef: {name: postgresql-secret, key: DATABASE_URL}}}
            - {name: POOL_MAX_SIZE, value: "5"}
          securityContext:
            runAsNonRoot: true
            runAsUser: 1000
            allowPrivilegeEscalation: false
            capabilities: {drop: [ALL]}
            seccompProfile: {type: RuntimeDefault}
YAML
}
deployment 'automountServiceAccountToken: false' | chart_with
room "$chart"
sound "a chart of somebody else"
deployment 'nodeSelector: {disk: none-has-this}' | chart_with
room "$chart"
found "a selector that no node has" PGC-305 error "its selector wants the label disk=none-has-this"
deployment 'affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [' \
  '  {matchExpressions: [{key: tier, operator: In, values: [gold]}]}]}}}' | chart_with
room "$chart"
found "an affinity that no node has" PGC-305 error "its required node affinity does not match"

# Others' pods ask for more than half of a node, and so does ours. Others' tests keep the rest.
node=$(kubectl get nodes -o jsonpath='{.items[1].metadata.name}')
most=$(kubectl get node "$node" -o json | jq -r '.status.allocatable.memory | rtrimstr("Ki") | tonumber * 0.6 | floor')Ki
pinned() {
  deployment "nodeSelector: {kubernetes.io/hostname: $node}" |
    sed "s/replicas: 2/replicas: 1/; s/image: own:1/&\n          resources: {requests: {memory: $most}}/" | chart_with
}
pinned
room "$chart"
sound "a pod that asks for more than half of a node"
fresh_namespace "$namespace-others"
kubectl run taker -n "$namespace-others" --image=localhost:5001/pause:latest --overrides='{"spec": {
  "nodeSelector": {"kubernetes.io/hostname": "'"$node"'"}, "terminationGracePeriodSeconds": 0,
  "containers": [{"name": "taker", "image": "localhost:5001/pause:latest", "resources": {"requests": {"memory": "'"$most"'"}}}]}}' \
  >/dev/null
kubectl wait pod taker -n "$namespace-others" --for=condition=Ready --timeout=60s >/dev/null
room "$chart"
found "nodes that others have filled" PGC-305 error "1 pod does not fit into what is free.*$node: .* memory, .* free"
check "its remedy's look can be pasted" pasted "$(looks)"
kubectl delete pod taker -n "$namespace-others" --now >/dev/null
room "$chart"
sound "nodes that others have left"

# For seconds only: others' pods wait for a node meanwhile.
at_end "kubectl taint node '$node' pgcheck-room- >/dev/null 2>&1"
kubectl taint node "$node" pgcheck-room=taken:NoSchedule >/dev/null
deployment "nodeSelector: {kubernetes.io/hostname: $node}" | chart_with
room "$chart"
found "a taint that the pods do not tolerate" PGC-305 error "pgcheck-room=taken:NoSchedule"
deployment "nodeSelector: {kubernetes.io/hostname: $node}" 'tolerations: [{key: pgcheck-room, operator: Exists}]' |
  chart_with
room "$chart"
sound "a taint that they tolerate"
kubectl taint node "$node" pgcheck-room- >/dev/null

# ---- admission and manifests -----------------------------------------------------------------------------------
deployment 'hostNetwork: true' | chart_with
room "$chart"
found "Pod Security restricted" PGC-306 error 'violates PodSecurity "restricted'
check "Pod Security restricted: its remedy can be pasted" pasted "$(remedies PGC-306 'kubectl label')"
room "$chart"
sound "Pod Security restricted: after its remedy"
kubectl label --overwrite namespace "$namespace" pod-security.kubernetes.io/enforce=restricted >/dev/null
deployment 'hostNetworks: true' | chart_with
room "$chart"
found "a field that does not exist" PGC-308 error 'unknown field "spec.template.spec.hostNetworks"'
deployment 'terminationGracePeriodSeconds: soon' | chart_with
room "$chart"
found "a field of the wrong type" PGC-308 error terminationGracePeriodSeconds
{ deployment 'automountServiceAccountToken: false'; printf 'strategy: {}\n---\n%s\n' \
  '{apiVersion: v1, kind: Service, metadata: {name: Not_A_Name}, spec: {ports: [{port: 80}]}}'; } |
  sed '/^strategy/d' | chart_with
room "$chart"
found "a name that the API server refuses" PGC-308 error Not_A_Name
{ deployment 'serviceAccountName: own'
  printf -- '---\n{apiVersion: v1, kind: ServiceAccount, metadata: {name: own}}\n'; } | chart_with
room "$chart"
check "a service account of the release itself: 306 is unknown, nothing fails" jq -e '
  .verdict == "incomplete" and any(.results[]; .code == "PGC-306" and .status == "unknown"
    and (.reason | contains("made by the release itself")))' "$tap_dir/out"
check "a service account of the release itself: the remedy can be pasted" pasted "$(remedies PGC-306 'kubectl create')"
room "$chart"
sound "a service account of the release itself: after its remedy"
check "a service account of the release itself: and Helm takes it over" "$helm" install r "$chart" -n "$namespace"
"$helm" uninstall r -n "$namespace" >/dev/null

# An earlier version of the chart, whose selector was another one.
deployment 'automountServiceAccountToken: false' | sed 's/app: own/app: older/; s/replicas: 2/replicas: 0/' | chart_with
check "an earlier version of a chart is installed" "$helm" install r "$chart" -n "$namespace"
deployment 'automountServiceAccountToken: false' | chart_with
room "$chart"
found "a selector that cannot be changed" PGC-308 error 'field is immutable'
check "a selector that cannot be changed: its remedy can be pasted" pasted "$(remedies PGC-308 'kubectl delete')"
room "$chart"
sound "a selector that cannot be changed: after its remedy"
"$helm" uninstall r -n "$namespace" >/dev/null

# ---- disruption budget, network policy, version ----------------------------------------------------------------
{ deployment 'automountServiceAccountToken: false'
  printf -- '---\n%s\n' '{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: own},
    spec: {minAvailable: 2, selector: {matchLabels: {app: own}}}}'; } | chart_with
room "$chart"
found "a disruption budget that no drain satisfies" PGC-309 warning "says minAvailable 2, and Deployment/own has 2 pods"
check "a disruption budget: its remedy names what to say" grep -q 'say maxUnavailable: 1 in place' "$tap_dir/out"
sed -i 's/minAvailable: 2/maxUnavailable: 1/' "$chart/templates/objects.yaml"
room "$chart"
sound "a disruption budget: after its remedy"
printf '%s' '{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: theirs},
  spec: {podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 5432}]}]}}' |
  kubectl apply -n "$namespace" -f - >/dev/null
room "${inside[@]}"
found "a policy that lets no DNS out" PGC-310 error "do not let it reach DNS"
check "a policy that lets no DNS out: its remedy can be pasted" pasted "$(remedies PGC-310 'echo ')"
room "${inside[@]}"
sound "a policy that lets no DNS out: after its remedy"
kubectl delete networkpolicy --all -n "$namespace" >/dev/null
printf '%s' '{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: theirs},
  spec: {podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}]}]}}' |
  kubectl apply -n "$namespace" -f - >/dev/null
room "${inside[@]}"
found "a policy that was there before" PGC-310 error "port 5432"
check "a policy that was there before: its remedy can be pasted" pasted "$(remedies PGC-310 'echo ')"
room "${inside[@]}"
sound "a policy that was there before: after its remedy"
kubectl delete networkpolicy --all -n "$namespace" >/dev/null
room "${inside[@]}" --set networkPolicy.enabled=true
sound "the chart's own policies"

deployment 'automountServiceAccountToken: false' | chart_with
echo 'kubeVersion: ">=1.99.0-0"' >>"$chart/Chart.yaml"
for major in 3 4; do
  [[ "$major" == 4 ]] || install_plugin_for_test 3
  use_helm "$major"
  room "$chart"
  found "helm $major: another Kubernetes" PGC-301 error "the chart wants Kubernetes >=1.99.0-0"
done

# ---- rights ----------------------------------------------------------------------------------------------------
account installer
as_installer() { KUBECONFIG="$tap_dir/installer" "$@"; }

as_installer room "${inside[@]}"
check "without rights: 302 fails, the rest is unknown, and no remedy is missing" jq -e '
  all(.results[] | select(.status == "failed"); .code == "PGC-302")
  and any(.results[]; .code == "PGC-305" and .status == "unknown" and (.reason | contains("list nodes")))
  and all(.results[] | select(.status == "unknown"); .remedy != "")' "$tap_dir/out"
check "without rights: the remedies can be pasted by who may grant" pasted "$(remedies PGC-302)"
as_installer room "${inside[@]}"
check "without rights: 302 passes after its remedies" jq -e '
  .results[] | select(.code == "PGC-302").status == "passed"' "$tap_dir/out"
kubectl delete role,rolebinding --all -n "$namespace" >/dev/null

run_pgcheck preflight r "${inside[@]}" -n "$namespace" --wait --print-rbac
cp "$tap_dir/out" "$tap_dir/rbac.yaml"
check "the printed roles are taken" grant installer "$tap_dir/rbac.yaml"
as_installer run_pgcheck preflight r "${inside[@]}" -n "$namespace" --wait -o json
check "with exactly the printed rights the run of all checks is complete" jq -e '.verdict == "passed"' "$tap_dir/out"
# without ACCOUNT RESOURCE VERB: the printed roles less one verb of one resource.
without() {
  kubectl get role,clusterrole "$namespace-$1" -n "$namespace" -o json | jq --arg resource "$2" --arg verb "$3" '
    .items[] |= (del(.metadata.resourceVersion, .metadata.uid)
      | .rules |= [.[] | . as $rule | .resources[] as $one | $rule + {resources: [$one]}
        | if $one == $resource then .verbs -= [$verb] else . end | select(.verbs != [])])' |
    kubectl apply -f - >/dev/null
}
# each_is_needed ACCOUNT ROLES ARGUMENTS...: each right that is printed is needed: without it the run is incomplete, names
# it, and finds nothing else. Four are for what is not here: a driver that announces its room, a driver with attachments,
# a namespace or a claim that may be there. By default those rights that reads take; --all: each.
each_is_needed() {
  local account=$1 roles=$2 printed right resource verb
  shift 2
  mapfile -t printed < <(kubectl get role,clusterrole "$namespace-$account" -n "$namespace" -o json | jq -r '
    [.items[].rules[] | .resources[] as $resource | .verbs[] | "\($resource) \(.)"] | unique[]')
  check "$account: the printed roles have rules" test "${#printed[@]}" -gt 15
  [[ "${TL_TEST_ALL:-}" == 1 ]] || mapfile -t printed < <(printf '%s\n' "${printed[@]}" | grep -E ' list$')
  check "$account: some of them are tried" test "${#printed[@]}" -ge 5
  for right in "${printed[@]}"; do
    read -r resource verb <<<"$right"
    without "$account" "$resource" "$verb"
    KUBECONFIG="$tap_dir/$account" room "$@"
    if missing_one "$resource" "$verb" >/dev/null; then
      ok "$account without $verb $resource: it is named, and nothing else fails"
    else
      not_ok "$account without $verb $resource: it is named, and nothing else fails" "$(show)"
    fi
    grant "$account" "$roles"
  done
}
missing_one() { # RESOURCE VERB
  if [[ "$1 $2" =~ ^(csistoragecapacities|volumeattachments|namespaces|persistentvolumeclaims\ get) ]]; then
    jq -e '.verdict == "passed"' "$tap_dir/out"
    return
  fi
  jq -e --arg what "$2 $1" '
    [.results[] | select(.status == "failed" and .severity != "info")] as $failed
    | [.results[] | select(.status == "unknown") | .reason] as $open
    | all($failed[]; .code == "PGC-302") and ($failed + $open | length > 0)
      and ([$open[], $failed[].findings[].message] | any(contains($what)))' "$tap_dir/out"
}
check "they have none for what the release does not have" bash -c "test -s '$tap_dir/rbac.yaml' &&
  ! grep -E 'autoscalers|budgets|serviceaccounts' '$tap_dir/rbac.yaml'"
each_is_needed installer "$tap_dir/rbac.yaml" "${inside[@]}" --wait
check "with exactly these rights Helm installs and waits" as_installer "$helm" install r "${inside[@]}" \
  -n "$namespace" --wait --timeout 180s
for object in statefulset/r-postgres deployment/r-engine; do
  check "$object runs" kubectl rollout status "$object" -n "$namespace" --timeout=180s
done

without installer statefulsets watch
as_installer room "${inside[@]}" --wait
check "who may not watch cannot wait: 302 says so" jq -e '.results[] | select(.code == "PGC-302")
  | .status == "failed" and any(.findings[]; .message | contains("may not watch statefulsets.apps")
    and contains("--wait on StatefulSet/r-postgres"))' "$tap_dir/out"
as_installer room "${inside[@]}"
sound "and without --wait the same right is not wanted"
grant installer "$tap_dir/rbac.yaml"
without installer pods create
as_installer room "${inside[@]}"
check "an installer who may not create pods: 306 alone is unknown" jq -e '
  [.results[] | select(.status == "failed" or .status == "unknown").code] == ["PGC-306"]' "$tap_dir/out"
grant installer "$tap_dir/rbac.yaml"

# The same for a database outside.
account outsider
outside=(charts/tl-engine -f values/external.yaml -f ci/images/values.yaml)
run_pgcheck preflight r "${outside[@]}" -n "$namespace" --print-rbac
cp "$tap_dir/out" "$tap_dir/rbac-outside.yaml"
check "the roles for a database outside are taken" grant outsider "$tap_dir/rbac-outside.yaml"
check "  they have none for sets, claims and storage" bash -c "test -s '$tap_dir/rbac-outside.yaml' &&
  ! grep -E 'statefulsets|persistentvolume|storage' '$tap_dir/rbac-outside.yaml'"
"$helm" uninstall r -n "$namespace" --wait >/dev/null
KUBECONFIG="$tap_dir/outsider" room "${outside[@]}"
sound "with exactly the printed rights the run with a database outside is complete"
each_is_needed outsider "$tap_dir/rbac-outside.yaml" "${outside[@]}"
check "with exactly these rights Helm installs it" env KUBECONFIG="$tap_dir/outsider" "$helm" install r "${outside[@]}" \
  -n "$namespace"
"$helm" uninstall r -n "$namespace" --wait >/dev/null
kubectl delete pvc --all -n "$namespace" >/dev/null
check "the first one is installed again" as_installer "$helm" install r "${inside[@]}" -n "$namespace" --wait \
  --timeout 180s

# ---- the release is there: its own pods and claims are no strangers ---------------------------------------------
pods=$(kubectl get pods -n "$namespace" --no-headers | wc -l)
kubectl create quota full -n "$namespace" --hard="pods=$pods,requests.storage=1Gi,persistentvolumeclaims=1" >/dev/null
within 20 kubectl wait resourcequota/full -n "$namespace" --for=jsonpath='{.status.used.requests\.storage}'=1Gi \
  --timeout=1s >/dev/null
room "${inside[@]}" --set database.statefulset.configCheck.enabled=false
sound "an upgrade within a full quota"
kubectl delete quota full -n "$namespace" >/dev/null

check "what was tried left nothing behind" test -z "$(kubectl get deployments,services -n "$namespace" -o name |
  grep -v '/r-')"
run_pgcheck preflight r "${inside[@]}" -n hr-room-new --create-namespace -o json
found "a new namespace: has no Secret yet" PGC-802 error "does not exist in the namespace hr-room-new"
check "a new namespace: what lies in it is skipped" jq -e '([.results[] | select(.reason == "the namespace will be new").code]
    | contains(["PGC-302", "PGC-303", "PGC-304", "PGC-306", "PGC-308"]))' "$tap_dir/out"
run_pgcheck preflight r "${inside[@]}" -n hr-room-new -o json
check "a namespace that nobody makes: it is missing, and so is the Secret in it" jq -e "$counted"' |
  map(.code) == ["PGC-308", "PGC-802"] and (.[0].findings[0].message
    | contains("the namespace hr-room-new does not exist and --create-namespace is not given"))' "$tap_dir/out"
check "no stack trace" no_stack_trace "$tap_dir/all-output"

finish preflight-room
