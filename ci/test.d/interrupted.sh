#!/usr/bin/env bash
# A run that is told to end, or killed, at a random moment: the release is as before, whichever scenario it was at, and
# whoever is told, helm, the program, or both; after a kill by --restore, or by the next run. Upgrades work afterwards,
# with both Helms. 9 moments over five scenarios, one of them on a database outside; TL_TEST_ALL=1: 54 over nine.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/say.sh
source ci/lib/say.sh
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh
# shellcheck source=ci/lib/as-before.sh
source ci/lib/as-before.sh

# What is interrupted, as "NAME CODE WORDS...": helm pgcheck persistence WORDS --only CODE.
kinds=('pod-deletion PGC-701 lab03' 'scaling PGC-702 lab03' 'own-data PGC-703 lab03' 'kills PGC-706 lab03'
  'outside PGC-708 shop')
rounds=9
if [[ -n "${TL_TEST_ALL:-}" ]]; then
  kinds+=('reinstall PGC-709 lab03' 'redis PGC-701 lab' 'named-set PGC-701 --statefulset postgres'
    'copies PGC-702 copies')
  rounds=54
fi
# How long a run of each kind takes, in milliseconds: a first guess, and once one was too late, what it took.
declare -A longest=([pod-deletion]=8000 [scaling]=30000 [own-data]=30000 [kills]=15000 [reinstall]=15000 [redis]=30000
  [named-set]=8000 [outside]=6000 [copies]=20000)

# For each Helm a release of each sort; the moments go to them in turn. Others test on the outside database meanwhile:
# each release has one of its own there.
ci/outside-db up 2>/dev/null || exit 1
outside_sql() { ci/outside-db psql -XqAt -d "tl_interrupted_$major" -c "$1"; }
for major in 3 4; do
  fresh_namespace "tl-interrupted-$major"
  install_plugin_for_test "$major"
  check "$helm installs the lab" "$helm" install lab03 charts/tl-engine -f values/lab03.yaml -f ci/images/values.yaml \
    --set database.statefulset.runAsUser=999 -n "tl-interrupted-$major" --wait --timeout 3m
  ci/outside-db psql -Xq -c 'SET client_min_messages = warning' \
    -c "DROP DATABASE IF EXISTS tl_interrupted_$major WITH (FORCE)" \
    -c "CREATE DATABASE tl_interrupted_$major OWNER engine"
  at_end "ci/outside-db psql -Xq -c 'DROP DATABASE IF EXISTS tl_interrupted_$major WITH (FORCE)'"
  (umask 077 && sed "s#/enginedb?#/tl_interrupted_$major?#" "$(ci/outside-db url-file)" >"$tap_dir/url")
  kubectl create secret generic outside -n "tl-interrupted-$major" --from-file=DATABASE_URL="$tap_dir/url" >/dev/null
  check "$helm installs an application with its database outside" "$helm" install shop charts/tl-engine \
    -f values/external.yaml -f ci/images/values.yaml --set database.existingSecret=outside \
    --set engine.resources.requests.cpu=20m -n "tl-interrupted-$major" --wait --timeout 3m
  if [[ "${kinds[*]}" == *copies* ]]; then
    printf %s "$test_password" >"$tap_dir/password"
    kubectl create secret generic copies -n "tl-interrupted-$major" --from-literal=username=engine \
      --from-file="$tap_dir/password" --from-file=replication-password="$tap_dir/password" >/dev/null
    check "$helm installs a replicated database" "$helm" install copies charts/tl-engine -f values/replicated.yaml \
      -f ci/images/values.yaml --set engine.enabled=false,database.existingSecret=copies \
      --set database.statefulset.resources.requests.cpu=20m -n "tl-interrupted-$major" --wait --timeout 5m
  fi
  if [[ "${kinds[*]}" == *redis* ]]; then
    check "$helm installs redis-lab" "$helm" install lab charts/redis-lab -n "tl-interrupted-$major" \
      --set image.repository=localhost:5001/redis --set-string image.tag=7 --set resources.requests.cpu=10m \
      --wait --timeout 5m
  fi
  remember_objects "tl-interrupted-$major" "$tap_dir/before-$major"
done

schemas() {
  local query="SELECT count(*) FROM pg_namespace WHERE nspname = 'pgcheck_lab'"
  case $kind in
    outside) outside_sql "$query" ;;
    copies) kubectl exec -n "$namespace" copies-postgres-0 -c postgres -- psql -U postgres -d enginedb -Atc "$query" ;;
    *) kubectl exec -n "$namespace" postgres-0 -c postgres -- psql -d testdb -Atc "$query" ;;
  esac
}
keys() {
  local pod
  for pod in $(kubectl get pods -n "$namespace" -o name | grep pod/redis-); do
    kubectl exec -n "$namespace" "$pod" -- redis-cli --scan --pattern 'pgcheck_lab:*' || echo "$pod did not answer"
  done
}
nothing_written() { [[ "$(schemas)" == 0 ]] && { [[ "$kind" != redis ]] || [[ -z "$(keys)" ]]; }; }
said() { grep -qE "$1" "$tap_dir/progress"; }
# Rows are written and processes ended before anything else is changed, and each is said.
changed() { said ' s  (wrote|ended) '; }
over() { ! kill -0 "$1" 2>/dev/null; }
# The report comes when everything was put back: from then on there is nothing to interrupt.
going() { ! over "$program" && [[ ! -s "$tap_dir/report" ]]; }
changed_or_over() { changed || ! going; }

# start WORDS...: a run in a session of its own, so that a signal to its group does not reach this script. A shell
# without job control has its background processes ignore SIGINT, and so would the program.
start() {
  : >"$tap_dir/progress"
  : >"$tap_dir/report"
  env --default-signal=INT setsid "$helm" pgcheck persistence "$@" -n "$namespace" --yes \
    >"$tap_dir/report" 2>"$tap_dir/progress" </dev/null &
  pid=$!
  wait_for 60 "the run's first line" said 'going to change' || true
  program=$(program_of "$pid")
}

# let_go MILLIS: so long, and less when the run ends before; $gone says how long it was.
let_go() {
  local began
  began=$(now_micros)
  while gone=$((($(now_micros) - began) / 1000)) && ((gone < $1)) && going; do
    # The moment is the point here, and no condition tells it.
    read -rt 0.1 <> <(:) || true
  done
}

# An uninstall and an install make other objects of the same content, and revisions; the claims stay what they were.
same_content() {
  jq -cS 'select(.type != "helm.sh/release.v1") | del(.metadata.managedFields)
    | if .kind == "PersistentVolumeClaim" then .
      else del(.metadata.uid, .metadata.creationTimestamp, .metadata.ownerReferences, .spec.clusterIP, .spec.clusterIPs)
      end' "$1" | sort
}
installed_again() {
  local end=$((SECONDS + 60))
  until objects_of "$namespace" >"$tap_dir/now" &&
    diff <(same_content "$tap_dir/before-$major") <(same_content "$tap_dir/now"); do
    ((SECONDS < end)) || return 1
    sleep 1
  done
  cp "$tap_dir/now" "$tap_dir/before-$major"
}
# What it said of its way back is shown when it did not find it.
put_back() {
  if [[ "$kind" == reinstall ]]; then installed_again; else as_before "$tap_dir/before-$major" "$namespace"; fi ||
    { cat "$tap_dir/progress"; return 1; }
}

# interrupted_by WHO SIGNAL: at a random moment of a run of $kind, of a run that goes on. The first run of each kind is
# interrupted behind its first change.
declare -A behind_change=()
interrupted_by() {
  local who=$1 signal=$2 name gone tries=0 moment was_going=no
  while ((tries < 5)); do
    tries=$((tries + 1))
    start "${words[@]}" --only "$code"
    moment=$((RANDOM % 1000 * longest[$kind] / 1000))
    if [[ -z "${behind_change[$kind]:-}" ]]; then
      wait_for 60 "the first change" changed_or_over || true
      moment=$((moment / 2))
    fi
    let_go "$moment"
    # What is not going any more is not interrupted: once again, and earlier.
    if going; then
      was_going=yes
      break
    fi
    longest[$kind]=$((gone > 1000 ? gone : 1000))
    wait "$pid" 2>/dev/null || true
    check "$kind: a run that ended by itself leaves everything as before" put_back
  done
  name="$kind: SIG$signal to the $who after $((moment / 1000)).$((moment / 100 % 10)) s"
  name+=" ($(tail -n 1 "$tap_dir/progress" | sed 's/^ *//' | cut -c1-40))"
  if changed; then behind_change[$kind]=1; fi
  case $who in
    helm) kill "-$signal" "$pid" ;;
    program) kill "-$signal" "$program" ;;
    group) kill "-$signal" -- "-$pid" ;;
  esac 2>/dev/null
  check "$name: the run was going" test "$was_going" = yes
  wait "$pid" 2>/dev/null || true
  check "$name: the program ends" wait_for 150 "the program's end" over "$program"
  if [[ "$signal" == KILL ]]; then
    run_pgcheck persistence "${words[@]}" -n "$namespace" --restore
    check "$name: --restore ends well" test "$status" = 0
  fi
  check "$name: every object is as before" put_back
  check "$name: what it wrote is gone" nothing_written
}

# Each way of the nine meets each kind in the course of many runs of this script, and with --all in one.
offset=$((RANDOM % ${#kinds[@]}))
for ((round = 0; round < rounds; round++)); do
  ways=(helm program group)
  signals=(INT TERM KILL)
  read -ra words <<<"${kinds[(round + round / 9 + offset) % ${#kinds[@]}]}"
  kind=${words[0]} code=${words[1]}
  words=("${words[@]:2}")
  major=$((3 + RANDOM % 2))
  namespace=tl-interrupted-$major
  use_helm "$major"
  interrupted_by "${ways[round / 3 % 3]}" "${signals[round % 3]}"
done
check "a run of each kind was interrupted behind its first change" test "${#behind_change[@]}" = "${#kinds[@]}"

# helm may be gone before the program guards its end: then it does not begin.
for moment in 0.2 0.5 0.8 1.1; do
  : >"$tap_dir/progress"
  : >"$tap_dir/report"
  namespace=tl-interrupted-$major
  setsid "$helm" pgcheck persistence lab03 --only PGC-701 -n "$namespace" --yes >"$tap_dir/report" 2>"$tap_dir/progress" \
    </dev/null &
  pid=$!
  program=$(within 10 pgrep -P "$pid" | tail -n 1)
  read -rt "$moment" <> <(:) || true
  kill -TERM "$pid"
  wait "$pid" 2>/dev/null
  check "helm ends after $moment s: so does the program" wait_for 60 "the program's end" over "$program"
  check "helm ends after $moment s: it did not go to its end" test ! -s "$tap_dir/report"
  check "helm ends after $moment s: every object is as before" as_before "$tap_dir/before-$major" "$namespace"
done

# A killed run leaves something, else the checks above show nothing; and the next run puts it back by itself.
major=4 namespace=tl-interrupted-4
use_helm 4
start lab03 --only PGC-702
wait_for 120 "the scaling" said 'from 1 to 3' || true
kill -KILL "$program" "$pid"
wait "$pid" 2>/dev/null
# While it is dying, its Lease counts.
wait_for 60 "the program's end" over "$program"
check "SIGKILL leaves a journal and a Lease" \
  kubectl get configmap/pgcheck-journal-lab03 lease/pgcheck-lab03 -n "$namespace"
# What Helm and the GitOps tools track by would have them prune it, or wait for it.
carries_only() {
  kubectl get "$1" -n "$namespace" -o json | jq -e --arg release lab03 '.metadata | .ownerReferences == null and
    .labels == {"app.kubernetes.io/managed-by": "pgcheck"} and .annotations == {"pgcheck.io/release": $release}'
}
check "  the journal has no label, annotation or owner but its own" carries_only configmap/pgcheck-journal-lab03
check "  nor has the Lease" carries_only lease/pgcheck-lab03
check "and other objects than before" bash -c "! diff -q '$tap_dir/before-4' <(source ci/lib/as-before.sh
  objects_of $namespace) >/dev/null"
run_pgcheck persistence lab03 -n "$namespace" --yes --only PGC-701 -o json
check "the next run puts it back and passes" test "$status" = 0
check "and says whose run it was" \
  grep -q 'an earlier run was ended before it put everything back (.*pid ' "$tap_dir/err"
check "then every object is as before" as_before "$tap_dir/before-4" "$namespace"

for major in 3 4; do
  use_helm "$major"
  for replicas in 2 1; do
    check "an upgrade with Helm $major to $replicas pods works" "$helm" upgrade lab03 charts/tl-engine --reuse-values \
      --set "database.statefulset.replicas=$replicas" -n "tl-interrupted-$major" --wait --timeout 3m
  done
done

finish interrupted
