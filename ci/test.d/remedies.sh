#!/usr/bin/env bash
# The remedies that other tests do not paste: a namespace that is missing with all in it, the rights that are named where
# something could not be seen, the rollback of an upgrade that was killed, checksums and settings, probes, a class that
# waits, and what is to be looked at when a wait was in vain. Needs the cluster.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh

namespace=tl-remedies
k() { kubectl -n "$namespace" "$@"; }
result() { jq -e --arg code "$1" ".results[] | select(.code == \$code) | $2" "$tap_dir/out"; }
statefulset=(charts/tl-engine -f values/statefulset.yaml -f ci/images/values.yaml --set engine.enabled=false)
preflight() { run_pgcheck preflight "$@" -n "$namespace" -o json; }

install_plugin_for_test 4
fresh_database_namespace "$namespace"

# ---- a class that waits, by its key -------------------------------------------------------------------------------
immediate=(tl "${statefulset[@]}" --only PGC-202 --set-string
  database.statefulset.storage.className=local-path-immediate)
preflight "${immediate[@]}"
check "a class that binds at once: PGC-202 warns" result PGC-202 '.status == "failed"'
mapfile -t key < <(values_key PGC-202)
preflight "${immediate[@]}" "${key[@]}"
check "  with its remedy's key it passes" result PGC-202 '.status == "passed"'

# ---- probes that keep a serverless database awake -----------------------------------------------------------------
printf 'postgresql://app:secret@ep-cool-sun-123456.eu-central-1.aws.neon.tech/app?sslmode=require' >"$tap_dir/neon"
k create secret generic neon --from-file=DATABASE_URL="$tap_dir/neon" >/dev/null
neon=(neon charts/tl-engine -f values/external.yaml --set-string database.existingSecret=neon --only PGC-504
  --set engine.probes.type=sql)
preflight "${neon[@]}"
check "probes that ask a serverless database: PGC-504 warns" result PGC-504 '.status == "failed"'
mapfile -t key < <(values_key PGC-504)
preflight "${neon[@]}" "${key[@]}"
check "  with its remedy's key it passes" result PGC-504 '.status == "passed"'

# ---- nothing there yet, not even the namespace --------------------------------------------------------------------
nowhere() { # NAMESPACE ARGUMENTS...
  run_pgcheck preflight tl "${statefulset[@]}" -o json -n "$@"
}
errors() { jq -r '.results[] | select(.status == "failed" and .severity == "error").code' "$tap_dir/out" | tr '\n' ' '; }
# in_order: what the last run printed for its errors, in its order, without what is only said.
in_order() {
  jq -r '.results[] | select(.severity == "error").findings[].remedy' "$tap_dir/out" | sed 's/;.*//'
}
for name in "$namespace-new" "$namespace-made"; do
  at_end "kubectl delete namespace '$name' --ignore-not-found --wait=false >/dev/null 2>&1"
  kubectl delete namespace "$name" --ignore-not-found --timeout=120s >/dev/null 2>&1
done
nowhere "$namespace-new"
check "without a namespace: it and the Secret are missing" test "$(errors)" = 'PGC-308 PGC-802 '
check "  the Secret's values follow from that" result PGC-803 '.reason | startswith("follows from PGC-802")'
check "  the remedies can be pasted as they are printed" pasted "$(in_order)"
nowhere "$namespace-new"
check "  and then nothing is missing" test "$status $(errors)" = '0 '
nowhere "$namespace-made" --create-namespace
check "with --create-namespace only the Secret is missing" test "$(errors)" = 'PGC-802 '
check "  its remedy can be pasted" pasted "$(in_order)"
nowhere "$namespace-made" --create-namespace
check "  and then nothing is missing" test "$status $(errors)" = '0 '

# ---- what only the reader knows: from a file, as the remedy says, or from the environment --------------------------
by_hand() { # NAME: of the Secret that the release reads
  elsewhere=(elsewhere "$PWD/charts/tl-engine" -f "$PWD/values/external.yaml" --set-string "database.existingSecret=$1")
}
same_url() { diff <(k get secret "$1" -o json | jq -j '.data.DATABASE_URL | @base64d') "$tap_dir/DATABASE_URL.txt"; }
cp "$tap_dir/neon" "$tap_dir/DATABASE_URL.txt"
by_hand from-file
preflight "${elsewhere[@]}" --only PGC-802
check "a URL that only the reader knows: PGC-802 fails, and says into which file it is to be written" result PGC-802 \
  '.status == "failed" and (.findings[0].remedy | startswith("write the value of DATABASE_URL into DATABASE_URL.txt"))'
check "  its remedy can be pasted beside that file" pasted "cd '$tap_dir' && $(remedies PGC-802 'helm pgcheck secret')"
preflight "${elsewhere[@]}" --only PGC-802
check "  and then it passes" result PGC-802 '.status == "passed"'
check "  with the file's value" same_url from-file
by_hand from-env
THE_URL=$(<"$tap_dir/neon") run_pgcheck secret "${elsewhere[@]}" -n "$namespace" --from-env THE_URL
check "  --from-env takes it from a variable" same_url from-env
check "  and prints nothing of it" bash -c "! grep -F 'app:secret' '$tap_dir/out' '$tap_dir/err'"

# ---- checksums, on a server that was stopped ----------------------------------------------------------------------
k apply -f - >/dev/null <<'POD'
apiVersion: v1
kind: Pod
metadata: {name: bare}
spec:
  terminationGracePeriodSeconds: 1
  containers:
    - name: postgres
      image: localhost:5001/postgres:17
      env: [{name: PGDATA, value: /tmp/data}, {name: PASSWORD, valueFrom: {secretKeyRef: {name: postgresql-secret, key: password}}}]
      readinessProbe: {periodSeconds: 1, exec: {command: [pg_isready, -q, -h, localhost]}}
      command:
        - sh
        - -c
        - |
          printf %s "$PASSWORD" >/tmp/password
          initdb -U engine -A scram-sha-256 --pwfile=/tmp/password >/dev/null
          echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
          pg_ctl start -w -l /tmp/log -o "-c listen_addresses='*' -c unix_socket_directories=/tmp"
          exec sleep infinity
POD
in_bare() { k exec bare -- sh -c "$1"; }
check "a server without checksums is ready" k wait --for=condition=Ready pod/bare --timeout=120s
printf 'postgresql://engine:%s@%s:5432/postgres?sslmode=disable' "$test_password" \
  "$(k get pod bare -o jsonpath='{.status.podIP}')" >"$tap_dir/url"
k create secret generic bare --from-file=DATABASE_URL="$tap_dir/url" >/dev/null
bare=(bare charts/tl-engine -f values/external.yaml --set-string database.existingSecret=bare --only PGC-402)
preflight "${bare[@]}"
check "  PGC-402 warns" result PGC-402 '.status == "failed"'
checksums=$(remedies PGC-402 'pg_checksums')
checksums=${checksums%%;*}
check "  its remedy can be pasted where the server was stopped" in_bare \
  "pg_ctl stop -w -m fast && ${checksums/DATA_DIRECTORY/\$PGDATA} && pg_ctl start -w -l /tmp/log -o \
    \"-c listen_addresses='*' -c unix_socket_directories=/tmp\""
preflight "${bare[@]}"
check "  and mends it" result PGC-402 '.status == "passed"'

# ---- settings: what stands on lines of its own, for psql ----------------------------------------------------------
settings=("${bare[@]/PGC-402/PGC-106,PGC-401}")
in_psql() { k exec -i bare -- sh -c 'PGPASSWORD=$PASSWORD exec psql -X -h localhost -U engine -d postgres -v ON_ERROR_STOP=1 -f -'; }
both_are() { # the server reloads its settings in its own time
  preflight "${settings[@]}"
  result PGC-106 ".status == \"$1\"" && result PGC-401 ".status == \"$1\""
}
in_psql >/dev/null <<'SQL'
ALTER SYSTEM SET fsync = off;
ALTER SYSTEM SET default_transaction_read_only = on;
SELECT pg_reload_conf();
SQL
check "settings of the whole server: PGC-106 and PGC-401 fail" within 30 both_are failed
statements=$(jq -r '.results[].findings[].remedy' "$tap_dir/out" | grep ';$')
check "  their lines of SQL can be pasted into psql" in_psql <<<"$statements"
check "  and mend them" within 30 both_are passed

# ---- an upgrade that was killed -----------------------------------------------------------------------------------
mkdir -p "$tap_dir/slow/templates"
printf 'apiVersion: v1\nname: slow\nversion: 0.1.0\n' >"$tap_dir/slow/Chart.yaml"
cat >"$tap_dir/slow/templates/all.yaml" <<'SLOW'
apiVersion: v1
kind: ConfigMap
metadata: {name: slow-{{ .Release.Name }}}
data: {revision: "{{ .Release.Revision }}"}
---
apiVersion: v1
kind: Pod
metadata: {name: slow-{{ .Release.Name }}-{{ .Release.Revision }}}
spec:
  terminationGracePeriodSeconds: 0
  containers:
    - name: waits
      image: localhost:5001/busybox:dev
      command: [sleep, "600"]
      {{- if gt (int .Release.Revision) 1 }}
      readinessProbe: {exec: {command: ["false"]}}
      {{- end }}
SLOW
state() { "$helm" status "$1" -n "$namespace" -o json 2>/dev/null | jq -r '"\(.info.status) \(.version)"'; }
is() { [[ "$(state "$1")" == "$2" ]]; }
killed_upgrade() { # MAJOR
  local release=killed$1 upgrade
  use_helm "$1"
  check "Helm $1: a release is installed" "$helm" install "$release" "$tap_dir/slow" -n "$namespace" --wait --timeout 2m
  "$helm" upgrade "$release" "$tap_dir/slow" -n "$namespace" --wait --timeout 5m >/dev/null 2>&1 &
  upgrade=$!
  within 60 is "$release" 'pending-upgrade 2'
  # Helm has done its part and waits: a bare pod that is still there cannot be patched back by Helm 3.
  within 60 k get "pod/slow-$release-2" >/dev/null 2>&1
  k wait --for=delete "pod/slow-$release-1" --timeout=60s >/dev/null 2>&1
  kill -KILL "$upgrade"
  wait "$upgrade" 2>/dev/null
  preflight "$release" "$tap_dir/slow" --only PGC-809
  check "Helm $1: an upgrade that was killed: PGC-809 fails" result PGC-809 '.status == "failed" and
    (.findings[0].message | contains("pending-upgrade at revision 2"))'
  check "Helm $1:   its remedy can be pasted" pasted "$(remedies PGC-809 'helm rollback')"
  preflight "$release" "$tap_dir/slow" --only PGC-809
  check "Helm $1:   and mends it" result PGC-809 '.status == "passed"'
  check "Helm $1:   and it is the first revision's again" is "$release" 'deployed 3'
}
killed_upgrade 4
install_plugin_for_test 3
killed_upgrade 3
use_helm 4

# ---- rights -------------------------------------------------------------------------------------------------------
granted=$tap_dir/granted
# grants: what the last run says of the rights that are missing, from its report or its one line.
grants() {
  { jq -r '.results[] | select(.status == "unknown").remedy' "$tap_dir/out" 2>/dev/null; cat "$tap_dir/err"; } |
    grep -oE 'kubectl create (cluster)?role [^;]*' | sort -u | tee -a "$granted"
}
forget_grants() {
  grep -oE 'create clusterrole [^ ]+' "$granted" | sort -u | while read -r _ _ name; do
    kubectl delete clusterrole,clusterrolebinding "$name" --ignore-not-found
  done >/dev/null 2>&1
}
at_end forget_grants
check "a database is installed" "$helm" install tl "${statefulset[@]}" -n "$namespace" --wait --timeout 3m
account nobody
as_nobody() { KUBECONFIG="$tap_dir/nobody" "$@"; }
seeing=(tl "${statefulset[@]}" --ignore 'PGC-302=the installer is another')
forbidden() { jq -r '.results[] | select(.status == "unknown" and (.reason | contains("you may not"))) | .remedy' \
  "$tap_dir/out"; }
as_nobody preflight "${seeing[@]}"
before=$(forbidden | wc -l)
check "without any right, much is unknown for want of one" test "$before" -gt 5
# What one right uncovers may need another one.
for round in 1 2 3 4 5 6; do
  missing=$(grants)
  [[ -n "$missing" ]] || break
  check "  the rights that it names can be pasted, round $round" pasted "$missing"
  as_nobody preflight "${seeing[@]}"
done
# What takes the rights of an installer is given by the printed Role, as preflight-room does.
check "  then all that is left is what the installer's own Role gives" test "$(forbidden | grep -vc -- --print-rbac)" = 0
printed_role() { pasted "$(forbidden | grep -oE 'helm pgcheck preflight tl .*--print-rbac$' | head -n 1)" | grep -qx 'kind: Role'; }
check "  which is printed by the command that it says" printed_role

# ---- the same for persistence and secret --------------------------------------------------------------------------
# All that it takes, less one verb of one resource.
account tester
everything=$(jq -nc '[
  {apiGroups: [""], verbs: ["*"], resources: ["pods", "pods/exec", "pods/portforward", "pods/log", "secrets", "services",
    "configmaps", "events", "persistentvolumeclaims"]},
  {apiGroups: ["apps"], verbs: ["*"], resources: ["statefulsets", "deployments"]},
  {apiGroups: ["coordination.k8s.io"], verbs: ["*"], resources: ["leases"]},
  {apiGroups: ["discovery.k8s.io"], verbs: ["*"], resources: ["endpointslices"]}]')
k create rolebinding tester --role=tester --user="$user" >/dev/null
lacks() { # RESOURCE ARGUMENTS...: pgcheck does not pass and names the right; with it, it does
  local resource=$1
  shift
  jq -nc --argjson rules "$everything" --arg without "$resource" '{apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role", metadata: {name: "tester"}, rules: ($rules | map(.resources -= [$without] | select(.resources != [])))}' |
    k apply -f - >/dev/null
  KUBECONFIG="$tap_dir/tester" run_pgcheck "$@" -n "$namespace"
  check "$1 without $resource: incomplete" test "$status" = 4
  check "$1 without $resource: the right can be pasted" pasted "$(grants)"
  KUBECONFIG="$tap_dir/tester" run_pgcheck "$@" -n "$namespace"
  check "$1 without $resource: then it passes" test "$status" = 0
  [[ "$status" == 0 ]] || cat "$tap_dir/out" "$tap_dir/err"
}
proof=(persistence tl --yes -o json --only)
lacks statefulsets persistence --statefulset tl-postgres --yes -o json --only PGC-710
lacks leases "${proof[@]}" PGC-701
lacks pods/exec "${proof[@]}" PGC-710
lacks secrets "${proof[@]}" PGC-701
lacks secrets secret new "${statefulset[@]}" --set-string database.existingSecret=made
lacks persistentvolumeclaims secret another "${statefulset[@]}" --set-string database.existingSecret=made-too

# ---- what only looks ----------------------------------------------------------------------------------------------
look_names() { # WORD: what is to be looked at is there, and says something of it
  local said
  said=$(pasted "$(looks)") && printf '%s\n' "$said" && grep -qF -- "$1" <<<"$said"
}
comes_back() { k wait pod/tl-postgres-0 --for=condition=Ready --timeout=5s >/dev/null 2>&1; }
# What waits in vain: no pod may be made.
k create quota none --hard=pods=0 >/dev/null
run_pgcheck persistence tl --yes --only PGC-701 --timeout 30s -n "$namespace" -o json
check "a pod that does not come again: unknown" test "$status" = 4
check "  its look says why" look_names 'exceeded quota'
restore=$(grep -oE 'helm pgcheck persistence tl .*--restore -n [a-z0-9-]+' "$tap_dir/err" | tail -n 1)
k delete quota none >/dev/null
# A change of the set makes its controller try at once: by itself it waits twice as long after each refusal, minutes here.
k annotate statefulset tl-postgres tl-remedies=quota-gone >/dev/null
check "  the database comes back" within 120 comes_back
k scale statefulset tl-postgres --replicas=0 >/dev/null
k wait --for=delete pod/tl-postgres-0 --timeout=60s >/dev/null 2>&1
run_pgcheck persistence tl --restore -n "$namespace"
check "  scaled to none meanwhile: --restore cannot, and says why" bash -c "test '$status' = 4 &&
  grep -q 'StatefulSet/tl-postgres is scaled to 0, so tl-postgres-0 does not run' '$tap_dir/err'"
check "  its remedy can be pasted" pasted "$(grep -oE 'kubectl scale [^;]+' "$tap_dir/err" | tail -n 1)"
check "  and the database comes back" within 120 comes_back
check "  and what was left is put back as it says" pasted "$restore"
check "  so that no journal is there" bash -c "! kubectl get configmap pgcheck-journal-tl -n $namespace"
check "a set of two is installed" "$helm" install lab charts/tl-engine -f values/lab03.yaml -f ci/images/values.yaml \
  --set database.statefulset.runAsUser=999,database.statefulset.replicas=2 -n "$namespace" --wait --timeout 3m
k create quota tight --hard=pods="$(k get pods --no-headers | wc -l)" >/dev/null
run_pgcheck persistence lab --yes --only PGC-702 --timeout 40s -n "$namespace" -o json
check "a set that does not grow: unknown" test "$status" = 4
check "  its look says why" look_names 'exceeded quota'
k delete quota tight >/dev/null
k scale statefulset tl-postgres --replicas=0 >/dev/null
k wait --for=delete pod/tl-postgres-0 --timeout=60s >/dev/null 2>&1
run_pgcheck persistence tl --yes --only PGC-701 -n "$namespace" -o json
check "scaled to 0: unknown" test "$status" = 4
check "  its remedy can be pasted" pasted "$(remedies PGC-701 'kubectl scale')"
check "  and the database comes back" within 120 comes_back
k delete secret postgresql-secret >/dev/null
run_pgcheck persistence tl --yes --only PGC-701 -n "$namespace" -o json
check "a Secret that is gone: unknown" test "$status" = 4
check "  its look can be pasted" pasted "$(looks)"

check "no password in any output" bash -c "! grep -F '$test_password' '$tap_dir/all-output'"
check "no stack trace" no_stack_trace "$tap_dir/all-output"

finish remedies
