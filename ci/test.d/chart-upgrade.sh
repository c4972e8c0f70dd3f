#!/usr/bin/env bash
# From the first committed version of a values file, with the chart of that commit, to this version of both: the rows
# and the claims stay. By default a file of each kind, TL_TEST_ALL=1: every file. Needs ci/cluster up, and the history.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh
# shellcheck source=ci/lib/situations.sh
source ci/lib/situations.sh

prefix=tl-upgrade

# first_version FILE: prints the directory with chart and values of the commit that added the file.
first_version() {
  local commit
  commit=$(git log --diff-filter=A --format=%H -- "values/$1.yaml" | tail -n 1)
  [[ -n "$commit" ]] || return 1
  mkdir -p "$tap_dir/first"
  git archive "$commit" charts/tl-engine "values/$1.yaml" | tar -x -C "$tap_dir/first" && echo "$tap_dir/first"
}

objects_of_ones_own() {
  case $1 in
    lab03-challenge3)
      printf "work_mem = '5MB'\n" >"$tap_dir/postgresql.conf"
      k create configmap postgres-own --from-file="$tap_dir/postgresql.conf"
      k create configmap postgres-names --from-literal=POSTGRES_DB=testdb
      secret postgres-credentials POSTGRES_USER=admin POSTGRES_PASSWORD="$test_password"
      ;;
    statefulset | replicated)
      secret postgresql-secret username=engine password="$test_password" replication-password="$test_password"
      ;;
    external-cnpg) secret pg-app uri="$url" ;;
    external | neon | production) secret postgresql-secret DATABASE_URL="$url" DATABASE_URL_DIRECT="$url" ;;
  esac >/dev/null
}

# psql of a pod's own database.
sql() { timeout 60 kubectl --namespace "$namespace" exec "$1" -c postgres -- psql -XAtqc "$2"; }
primaries() {
  k get pods -l app.kubernetes.io/component=database -o jsonpath='{range .items[*]}{.metadata.name}{"\n"}{end}'
}
fill() {
  local pod
  for pod in $(primaries); do
    sql "$pod" "CREATE TABLE usuarios (id serial PRIMARY KEY, nombre text, pod text);
      INSERT INTO usuarios (nombre, pod) SELECT nombre, '$pod' FROM unnest(ARRAY['Juan', 'María', 'Carlos']) nombre" ||
      return 1
  done
}
rows() {
  local pod
  for pod in $(primaries); do sql "$pod" 'SELECT id, nombre, pod FROM usuarios ORDER BY id' || return 1; done
}
claims() { k get pvc -o jsonpath='{range .items[*]}{.metadata.name} {.metadata.uid}{"\n"}{end}' | sort; }
standby_reads() { within 180 is "$1" sql r-postgres-read-1 'SELECT id, nombre, pod FROM usuarios ORDER BY id'; }

upgrade_in_cluster() {
  local before volumes
  passes "takes three rows in each pod" fill
  before=$(rows) volumes=$(claims)
  passes "upgrades to this version" release "$@"
  passes "  the rows are there" is "$before" rows
  passes "  on the same volumes" is "$volumes" claims
  [[ -n "$before" && -n "$volumes" ]] || not_ok "$what: there were rows and volumes"
  [[ "$1" != replicated ]] || passes "  and on a standby" standby_reads "$before"
}

usuarios() { curl -fsS --max-time 10 "$(engine_address)/usuarios"; }
upgrade_outside() {
  local before
  # The first one migrates by hand.
  [[ "$1" != external ]] || engine_migrates >/dev/null 2>&1
  passes "takes a row through the application" engine_keeps
  before=$(usuarios)
  passes "upgrades to this version" release "$@"
  passes "  the application still has the row" is "$before" usuarios
  passes "  and takes another one" engine_keeps
}

upgrade_it() {
  local options=() from
  from=$(first_version "$1") || {
    echo "skipped - $what: the commit that added values/$1.yaml is not in this clone"
    return
  }
  case $1 in
    minikube) options=(--set database.statefulset.storage.className=local-path) ;;
    statefulset | replicated) options=(--set engine.enabled=false) ;;
    external*) outside_database ;;
    neon) outside_database ;;
    production)
      outside_database
      options=(--set "networkPolicy.externalCidrs={${outside_address%%:*}/32}"
        --set networkPolicy.externalPort="${outside_address##*:}")
      ;;
  esac
  objects_of_ones_own "$1"
  passes "installs the file's first version" release "$1" "${options[@]}"
  from=''
  case $1 in
    external* | neon | production) upgrade_outside "$1" "${options[@]}" ;;
    *) upgrade_in_cluster "$1" "${options[@]}" ;;
  esac
}

prepare_outside
entries=('lab03-challenge2 15 4' 'replicated 17 4' 'external 17 4')
if [[ "${TL_TEST_ALL:-}" == 1 ]]; then
  entries+=('lab03 15 3' 'lab03-challenge3 15 4' 'minikube 17 3' 'statefulset 17 3' 'neon 17 3' 'external-cnpg 17 4'
    'production 17 3')
else
  echo "the other values files: with --all; statefulset.yaml: chart-life"
fi
situations upgrade_it "${entries[@]}"

finish chart-upgrade
