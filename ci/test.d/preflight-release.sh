#!/usr/bin/env bash
# Preflight on the release itself (8xx): faults in Secret, chart and release, each found by its own code and no other.
# Needs ci/cluster up and the plugin's jar.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh

namespace=tl-preflight-release
install_plugin_for_test 4
fresh_namespace "$namespace"
ours=(charts/tl-engine --values values/statefulset.yaml --values ci/images/values.yaml)

secret() { # USERNAME PASSWORD
  printf %s "$1" >"$tap_dir/username"
  printf %s "$2" >"$tap_dir/password"
  kubectl delete secret postgresql-secret -n "$namespace" --ignore-not-found >/dev/null
  kubectl create secret generic postgresql-secret -n "$namespace" --from-file="$tap_dir/username" \
    --from-file="$tap_dir/password" >/dev/null
}
preflight() { run_pgcheck preflight "$@" -n "$namespace" -o json; }
# only CODE SEVERITY PATTERN ARGUMENTS...
only() {
  preflight "${@:4}"
  { alone "$1" "$2" "$3" && no_stack_trace "$tap_dir/out" "$tap_dir/err"; } || { show; return 1; }
}
nothing() { # ARGUMENTS...: nothing fails, nothing is unknown
  preflight "$@"
  clean || { show; return 1; }
}

# ---- the Secret's values ---------------------------------------------------------------------------------------
secret engine "$test_password"
check "a sound release has nothing against it" nothing tl "${ours[@]}"
secret engine "$test_password"$'\n'
check "a line break in a password" only PGC-803 error "holds a line break" tl "${ours[@]}"
printf %s "$test_password" >"$tap_dir/password.txt"
check "  its remedy works when pasted" pasted "cd '$tap_dir' && $(remedies PGC-803 'kubectl create')"
check "  and mends it" nothing tl "${ours[@]}"
secret engine 'a@b/c'
check "a password that a pod puts into a URL unencoded" only PGC-803 error "must be percent-encoded" tl "${ours[@]}"
mapfile -t key < <(values_key PGC-803)
check "  its remedy works when pasted" pasted "$(remedies PGC-803 'helm pgcheck secret')"
check "  and with its key nothing is against it" nothing tl "${ours[@]}" "${key[@]}"
secret engine '<password>'
check "a placeholder" only PGC-803 error "is a placeholder" tl "${ours[@]}"
kubectl delete secret postgresql-secret -n "$namespace" >/dev/null
check "no Secret" only PGC-802 error "postgresql-secret does not exist in the namespace $namespace" tl "${ours[@]}"
printf %s "$test_password" >"$tap_dir/password"
kubectl create secret generic postgresql-secret -n "$namespace" --from-file="$tap_dir/password" >/dev/null
check "a Secret without one of its keys" only PGC-802 error "username" tl "${ours[@]}"
check "  its remedy works when pasted" pasted "$(remedies PGC-802 'helm pgcheck secret')"
check "  and mends it" nothing tl "${ours[@]}"
secret engine "$test_password"

# ---- charts that are not ours ------------------------------------------------------------------------------------
# chart NAME: its one template comes from standard input.
chart() {
  mkdir -p "$tap_dir/$1/templates"
  printf 'apiVersion: v2\nname: %s\nversion: 0.1.0\n' "$1" >"$tap_dir/$1/Chart.yaml"
  cat >"$tap_dir/$1/templates/all.yaml"
}
set_of() { # NAME REPLICAS IMAGE MOUNT EXTRA: a StatefulSet of PostgreSQL
  cat <<YAML
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: $1}
spec:
  replicas: $2
  serviceName: $1
  selector: {matchLabels: {app: $1}}
  template:
    metadata: {labels: {app: $1}}
    spec:
      ${5:-enableServiceLinks: true}
      containers:
        - name: postgres
          image: $3
          ports: [{containerPort: 5432}]
          env: [{name: POSTGRES_HOST_AUTH_METHOD, value: trust}]
          volumeMounts: [{name: data, mountPath: $4}]
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
YAML
}
service_of() { # NAME CLUSTER_IP
  printf -- '---\napiVersion: v1\nkind: Service\nmetadata: {name: %s}\nspec: {clusterIP: %s, ports: [{port: 5432}], selector: {app: %s}}\n' "$1" "$2" "$1"
}

{ set_of sound 3 postgres:17 /var/lib/postgresql/data; service_of sound None; } | chart sound
check "three databases behind a headless Service are sound" nothing f "$tap_dir/sound"
{ set_of split 3 postgres:17 /var/lib/postgresql/data; service_of split '""'; } | chart split
check "three databases behind one Service" only PGC-806 error "sends each connection to any of them" f "$tap_dir/split"
lab=(f charts/tl-engine --values values/lab03.yaml --set database.statefulset.replicas=3 --only PGC-806)
check "  in this chart, too" only PGC-806 error "and the Service postgres-service sends" "${lab[@]}"
mapfile -t key < <(values_key PGC-806)
check "  and its remedy's key mends it" nothing "${lab[@]}" "${key[@]}"
{ set_of late 1 postgres:18 /var/lib/postgresql/data; service_of late None; } | chart late
check "the directory that PostgreSQL 18's image uses" only PGC-807 error "/var/lib/postgresql/18/docker" f "$tap_dir/late"
sed 's#\(env: \[\)#\1{name: PGDATA, value: /var/lib/postgresql/data/pgdata}, #' "$tap_dir/late/templates/all.yaml" |
  chart earlier
check "  its remedy is PGDATA below the mount" bash -c "grep -q 'set PGDATA to a directory below the mount of data' \
  <<<\"\$1\"" - "$(remedies PGC-807)"
check "  and works" nothing f "$tap_dir/earlier"
{ set_of short 1 postgres:17 /var/lib/postgresql/data 'terminationGracePeriodSeconds: 0'; service_of short None; } |
  chart short
check "a grace period of 0" only PGC-808 warning "is killed 0 s after" f "$tap_dir/short"
hasty=(tl "${ours[@]}" --set database.statefulset.terminationGracePeriodSeconds=2)
check "  in this chart, too" only PGC-808 warning "is killed 2 s after" "${hasty[@]}"
mapfile -t key < <(values_key PGC-808)
check "  and its remedy's key mends it" nothing "${hasty[@]}" "${key[@]}"
{ set_of waits 1 postgres:17 /var/lib/postgresql/data | sed 's#\( *\)image: .*#&\n\1lifecycle: {stopSignal: SIGTERM}#'
  service_of waits None; } | chart waits
check "a stop signal that waits for clients" only PGC-808 warning "is stopped by SIGTERM" f "$tap_dir/waits"
signal=$(remedies PGC-808 'stopSignal to ' | grep -oE 'SIG[A-Z]+' | head -n 1)
sed "s/stopSignal: SIGTERM/stopSignal: $signal/" "$tap_dir/waits/templates/all.yaml" | chart ends
check "  its remedy's signal mends it" nothing f "$tap_dir/ends"
sed 's/stopSignal: SIGTERM/&, preStop: {exec: {command: [pg_ctl, stop, -m, fast]}}/' \
  "$tap_dir/waits/templates/all.yaml" | chart hooks
check "  and so does its preStop hook" nothing f "$tap_dir/hooks"
chart random <<'YAML'
apiVersion: v1
kind: Secret
metadata: {name: random}
stringData: {password: "{{ randAlphaNum 24 }}"}
YAML
check "a random password in a chart" only PGC-804 warning "Secret/random stringData.password" f "$tap_dir/random"
pasted "$(remedies PGC-804 'diff ')" >"$tap_dir/difference"
check "  its remedy shows where" grep -q 'stringData: {password' "$tap_dir/difference"
chart hook <<'YAML'
apiVersion: v1
kind: ConfigMap
metadata: {name: migrations}
data: {sql: SELECT 1}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations: {helm.sh/hook: pre-install}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: migrate
          image: localhost:5001/busybox:dev
          command: [sleep, "600"]
          envFrom: [{configMapRef: {name: migrations}}]
YAML
check "a hook that needs what comes after it" only PGC-805 error "needs ConfigMap/migrations" f "$tap_dir/hook"
annotations=$(remedies PGC-805 'annotations: ')
sed "s#{name: migrations}\$#{name: migrations, ${annotations%%\}*}}}#" "$tap_dir/hook/templates/all.yaml" | chart hooked
check "  its remedy is an annotation" grep -q 'hook-weight: "-10"}}' "$tap_dir/hooked/templates/all.yaml"
check "  and works when pasted" nothing f "$tap_dir/hooked"

# ---- the release ---------------------------------------------------------------------------------------------------
kubectl create service clusterip taken --clusterip=None --tcp=5432 -n "$namespace" >/dev/null
{ set_of taken 1 postgres:17 /var/lib/postgresql/data; service_of taken None; } | chart taken
check "a Service of that name that is nobody's" only PGC-809 error "belongs to no Helm release" f "$tap_dir/taken"
check "  with the flag of its remedy nothing is against it" nothing f "$tap_dir/taken" --take-ownership

# A Helm that was killed in the middle: its hook waits for ever.
"$helm" install stuck "$tap_dir/hook" -n "$namespace" >/dev/null 2>&1 &
installer=$!
pending() { [[ "$("$helm" status stuck -n "$namespace" -o json 2>/dev/null | jq -r .info.status)" == pending-install ]]; }
within 60 pending
kill -KILL "$installer"
wait "$installer" 2>/dev/null
check "an install that was killed" only PGC-809 error "the release is pending-install at revision 1" stuck "$tap_dir/sound"
check "  its remedy works when pasted" pasted "$(remedies PGC-809 'helm uninstall')"
check "  and mends it" nothing stuck "$tap_dir/sound"
check "no output names a password" bash -c "! grep -F '$test_password' '$tap_dir/all-output'"

finish preflight-release
