#!/usr/bin/env bash
# The topology replicated on the running cluster: roles, copies, lost volumes, and the promotion by hand.
# Needs ci/cluster up. POSTGRES=15 or 17 (default 17) chooses the major.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh

namespace=tl-replicated
major=${POSTGRES:-17}

k() { kubectl --namespace "$namespace" "$@"; }


query() { timeout 60 kubectl --namespace "$namespace" exec "db-$1" -c postgres -- psql -XAtqc "$2"; }
super() { timeout 60 kubectl --namespace "$namespace" exec "db-$1" -c postgres -- psql -XAtqU postgres -c "$2"; }
answers() { [[ "$(query "$1" "$2" 2>/dev/null)" == "$3" ]]; }
# A bound that counts: a standby that waits for the kernel to give a dead address up takes more than two minutes.
both_answer() { within 60 answers read-0 "$1" "$2" && within 60 answers read-1 "$1" "$2"; }

values=(--values values/replicated.yaml --values ci/images/values.yaml --set engine.enabled=false
  --set-string database.statefulset.image.tag="$major" --set database.statefulset.name=db
  --set database.statefulset.resources.requests.cpu=50m --set database.statefulset.config.max_wal_size=32MB
  --set database.statefulset.config.min_wal_size=32MB --set database.statefulset.config.max_slot_wal_keep_size=48MB)
deploy() {
  timeout 320 helm4 upgrade --install r charts/tl-engine --namespace "$namespace" "${values[@]}" "$@" \
    --timeout 5m
}

rows() { query 0 "INSERT INTO t VALUES ($1)" && both_answer 'SELECT max(i) FROM t' "$1"; }
roles_as_before() {
  within 180 answers 0 'SELECT pg_is_in_recovery()' f && both_answer 'SELECT pg_is_in_recovery()' t &&
    rows "$1"
}
restart_pods() {
  k delete pod "$@" --timeout=300s && k rollout status statefulset/db --timeout=300s &&
    k rollout status statefulset/db-read --timeout=300s
}
scale() { k scale statefulset "$1" --replicas="$2" && k rollout status "statefulset/$1" --timeout=300s; }
scale_away() { k scale statefulset "$1" --replicas=0 && within 180 gone "$2"; }
refuses_to_write() { ! query "$1" 'INSERT INTO t VALUES (0)'; }
init_says() { k logs "db-$1" -c init --tail=20 | grep -F -- "$2"; }
identifier() { super "$1" 'SELECT system_identifier FROM pg_control_system()'; }
gone() { ! k get pod "$1" >/dev/null 2>&1; }

lose_volume() {
  scale_away "$1" "$1-0" && k delete pvc "postgres-storage-$1-0" --timeout=300s &&
    k scale statefulset "$1" --replicas="$2"
}

# More WAL than the slots keep while no standby is there.
outrun_standbys() {
  scale_away db-read db-read-0 || return 1
  local round
  for round in 1 2 3 4 5 6; do
    super 0 "SELECT pg_switch_wal()" && super 0 CHECKPOINT && query 0 "INSERT INTO t VALUES (10$round)" || return 1
  done
  super 0 CHECKPOINT
  [[ "$(count_slots "wal_status = 'lost'")" == 2 ]]
}
count_slots() { super 0 "SELECT count(*) FROM pg_replication_slots WHERE $1"; }
slots_hold() { [[ "$(count_slots "active AND wal_status = 'reserved'")" == 2 ]]; }

fresh_restricted_namespace "$namespace"
# Every ASCII punctuation character: scripts and the password file must not break on one.
# shellcheck disable=SC2016 # nothing is to be expanded
printf %s '!"#$%&'"'"'()*+,-./:;<=>?@[\]^_`{|}~' >"$tap_dir/password"
printf engine >"$tap_dir/username"
k create secret generic postgresql-secret --from-file="$tap_dir/username" --from-file="$tap_dir/password" \
  --from-file=replication-password="$tap_dir/password" >/dev/null

check "installs, all pods ready (PostgreSQL $major)" deploy --wait
query 0 'CREATE TABLE t (i int)' >/dev/null
check "the primary writes, both standbys show it" rows 1
check "a standby refuses to write" refuses_to_write read-0
for helm in helm3 helm4; do
  check "$helm test writes, reads back, and reads on a standby" \
    timeout 320 "$helm" test r --namespace "$namespace"
done
check "deleting the primary's pod" restart_pods db-0
check "  leaves the roles" roles_as_before 2
check "deleting a standby's pod" restart_pods db-read-0
check "  leaves the roles" roles_as_before 3
check "deleting all pods at once" restart_pods db-0 db-read-0 db-read-1
check "  leaves the roles" roles_as_before 4
check "the primary scaled to 0" scale_away db db-0
check "  without the primary the standbys go on to be read" both_answer 'SELECT max(i) FROM t' 4
check "  and back" scale db 1
check "  leaves the roles" roles_as_before 5
check "a standby's volume is lost: it clones again" lose_volume db-read 2
check "  and follows" roles_as_before 6
check "the slots give way while the standbys are away" outrun_standbys
scale db-read 2 >/dev/null
check "  the standbys clone again, by themselves" init_says read-0 "no longer has the WAL"
check "  and follow" roles_as_before 200
check "  with slots that hold" within 180 slots_hold

before=$(identifier read-0)
check "the primary's volume is lost" lose_volume db 1
check "  the primary says why it does not start" within 180 init_says 0 "a standby answers at db-read-headless"
check "  the standbys keep the data" both_answer 'SELECT max(i) FROM t' 200
check "promotion by hand: recoverFrom" deploy --set database.statefulset.recoverFrom=db-read-0 \
  --set database.statefulset.configCheck.enabled=false
k delete pod db-0 --timeout=300s >/dev/null
check "  the primary is back" k rollout status statefulset/db --timeout=300s
check "  with the data" within 180 answers 0 'SELECT max(i) FROM t' 200
check "  the standbys' restart" restart_pods db-read-0 db-read-1
check "  and everything follows again" roles_as_before 201
check "  as the same database" test "$before" = "$(identifier 0)"

check "an upgrade without recoverFrom changes nothing" deploy --wait
check "  the roles stay" roles_as_before 202
scale_away db-read db-read-0 >/dev/null
check "the primary's volume is lost while no standby runs: it begins anew" lose_volume db 1
k rollout status statefulset/db --timeout=300s >/dev/null
k scale statefulset db-read --replicas=2 >/dev/null
check "  the standby says that the primary is another database" within 180 \
  init_says read-0 "Nothing was changed: this may be the only copy"
scale_away db db-0 >/dev/null
k delete pod db-read-0 --timeout=300s >/dev/null
check "  and its data is still there" within 180 answers read-0 'SELECT max(i) FROM t' 202

if [[ "${TL_TEST_ALL:-}" == 1 && "$major" == 17 ]]; then
  check "the same with PostgreSQL 15" env POSTGRES=15 "$0"
fi

finish chart-replicated
