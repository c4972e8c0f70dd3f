#!/usr/bin/env bash
# What happens to a database over its life, on the running cluster, by the paths that the chart's README describes: from
# the chart's first version, a new password, a larger volume, uninstall and install, and a new major.
# Needs ci/cluster up.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh

namespace=tl-life

k() { kubectl --namespace "$namespace" "$@"; }

# deploy CHART RELEASE MAJOR OPTIONS...
deploy() {
  local chart=$1 release=$2 major=$3
  shift 3
  timeout 320 helm4 upgrade --install "$release" "$chart" --namespace "$namespace" --values values/statefulset.yaml \
    --values ci/images/values.yaml --set engine.enabled=false --set-string database.statefulset.image.tag="$major" \
    --set database.statefulset.resources.requests.cpu=50m --timeout 5m "$@"
}
run_in() {
  local pod=$1
  shift
  timeout 60 kubectl --namespace "$namespace" exec -i "$pod-postgres-0" -c postgres -- "$@"
}
query() { run_in "$1" psql -XAtqc "$2"; }
kept() { [[ "$(query "$1" 'SELECT nombre FROM usuarios ORDER BY id' | paste -sd ,)" == 'Juan,María,Carlos' ]]; }
claim() { k get pvc "postgres-storage-$1-postgres-0" -o jsonpath='{.metadata.uid}'; }
pod() { k get pod "$1-postgres-0" -o jsonpath='{.metadata.uid}'; }
fill() {
  query "$1" "CREATE TABLE usuarios (id serial PRIMARY KEY, nombre text);
    INSERT INTO usuarios (nombre) VALUES ('Juan'), ('María'), ('Carlos')"
}
# By the network, where the password counts.
logs_in() { run_in "$1" psql -XAtqh localhost -c 'SELECT 1'; }
secret() {
  printf %s "$1" >"$tap_dir/password"
  k create secret generic postgresql-secret --from-file="$tap_dir/username" --from-file="$tap_dir/password" \
    --dry-run=client -o json | k apply -f -
}
fails_with() {
  local want=$1 said
  shift
  said=$("$@" 2>&1) && { echo "it succeeded"; return 1; }
  [[ "$said" == *"$want"* ]] || { echo "$said"; return 1; }
}
init_says() { k logs "$1-postgres-0" -c init --tail=20 | grep -F -- "$2"; }
ready() { k rollout status "statefulset/$1-postgres" --timeout=300s; }

fresh_restricted_namespace "$namespace"
printf engine >"$tap_dir/username"
secret first-password >/dev/null

first=$(git log --diff-filter=A --format=%H -- charts/tl-engine/Chart.yaml | tail -n 1)
if [[ -n "$first" ]] && git archive "$first" charts/tl-engine 2>/dev/null | tar -x -C "$tap_dir"; then
  check "installs the chart's first version" deploy "$tap_dir/charts/tl-engine" a 17 --wait
else
  echo "skipped - the chart's first version: this is no full clone"
  check "installs" deploy charts/tl-engine a 17 --wait
fi
fill a
before=$(claim a)
check "upgrades to this version" deploy charts/tl-engine a 17 --wait --set commonLabels.team=blue
check "  keeps the data" kept a
check "  on the same claim" test "$before" = "$(claim a)"
check "  has the roles that the first version lacked" run_in a psql -XAtq -U tl_monitoring -c 'SELECT 1'

secret 'second/password' >/dev/null
check "a changed Secret, and the pod restarted" k rollout restart statefulset/a-postgres
check "  becomes ready" ready a
check "  the new password is let in" logs_in a
check "  the old one is not" fails_with 'password authentication failed' \
  run_in a env PGPASSWORD=first-password psql -XAtqh localhost -c 'SELECT 1'
check "  keeps the data" kept a

running=$(pod a)
check "a larger size alone is refused, by the API server" fails_with 'updates to statefulset spec' \
  deploy charts/tl-engine a 17 --set database.statefulset.storage.size=2Gi
check "  nothing happened to the pod" test "$running" = "$(pod a)"
expands=$(kubectl get storageclass -o json |
  jq -r '.items[] | select(.metadata.annotations["storageclass.kubernetes.io/is-default-class"] == "true")
         | .allowVolumeExpansion // false')
patch='{"spec":{"resources":{"requests":{"storage":"2Gi"}}}}'
if [[ "$expands" == true ]]; then
  check "  1. the claim is patched" k patch pvc postgres-storage-a-postgres-0 -p "$patch"
else
  check "  1. the claim: this storage class does not grow volumes, and says so" fails_with 'must support resize' \
    k patch pvc postgres-storage-a-postgres-0 -p "$patch"
fi
check "  2. the set goes, its pod stays" k delete statefulset a-postgres --cascade=orphan
check "     and answers" kept a
check "  3. the upgrade makes the set anew" deploy charts/tl-engine a 17 --wait --set commonLabels.team=blue \
  --set database.statefulset.storage.size=2Gi
size=$(k get statefulset a-postgres -o jsonpath='{.spec.volumeClaimTemplates[0].spec.resources.requests.storage}')
check "     with the new size" test "$size" = 2Gi
check "     around the same claim" test "$before" = "$(claim a)"
check "  keeps the data" kept a

check "uninstall" helm4 uninstall a --namespace "$namespace" --wait
check "  leaves the claim" test "$before" = "$(claim a)"
secret third-password >/dev/null
check "install again, with another password" deploy charts/tl-engine a 17 --wait
check "  takes up the data" kept a
check "  with the Secret's password" logs_in a

# A file of one's own may say anything; what the chart rests on stays.
printf "work_mem = '5MB'\nlisten_addresses = 'localhost'\nport = 7777\n" >"$tap_dir/postgresql.conf"
k create configmap postgres-own --from-file="$tap_dir/postgresql.conf" >/dev/null
k create configmap postgres-names --from-literal=POSTGRES_DB=testdb >/dev/null
k create secret generic postgres-credentials --from-file=POSTGRES_USER="$tap_dir/username" \
  --from-file=POSTGRES_PASSWORD="$tap_dir/password" >/dev/null
check "the lab's third challenge: objects and postgresql.conf of one's own" timeout 320 helm4 install lab \
  charts/tl-engine --namespace "$namespace" --values values/lab03-challenge3.yaml --values ci/images/values.yaml \
  --set-string database.statefulset.image.tag=15 --set database.statefulset.resources.requests.cpu=50m --wait
show() { timeout 60 kubectl --namespace "$namespace" exec postgres-0 -c postgres -- psql -XAtc "SHOW $1"; }
own() { [[ "$(show "$1")" == "$2" ]]; }
check "  the file counts" own work_mem 5MB
check "  but not where the chart rests on other settings" own port 5432
check "  which helm test shows from outside" timeout 320 helm4 test lab --namespace "$namespace"

check "PostgreSQL 15" deploy charts/tl-engine old 15 --wait
fill old
deploy charts/tl-engine old 17 --set database.statefulset.configCheck.enabled=false >/dev/null 2>&1
check "an image of 17 over data of 15 is refused in words" within 180 \
  init_says old 'was made by PostgreSQL 15, the image holds 17'
helm4 rollback old 1 --namespace "$namespace" --no-hooks >/dev/null 2>&1
k delete pod old-postgres-0 --timeout=300s >/dev/null
check "  going back" ready old
check "  nothing was changed" kept old
dump() { run_in old pg_dump -U postgres --format=custom enginedb >"$tap_dir/dump"; }
restore() { run_in new pg_restore -U postgres --exit-on-error -d enginedb <"$tap_dir/dump"; }
check "dump from 15" dump
check "a release of 17" deploy charts/tl-engine new 17 --wait
check "  takes the dump" restore
check "  has the data" kept new
check "  as the application's own" query new "INSERT INTO usuarios (nombre) VALUES ('Ana')"

finish chart-life
