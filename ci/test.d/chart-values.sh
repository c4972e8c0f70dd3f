#!/usr/bin/env bash
# Every values file is installed for real on the running cluster, and does what its three lines say; the wrong ones are
# refused as their first line says. Databases outside the release are ci/outside-db (PostgreSQL 17) or another release
# (15), and the role's password has every ASCII punctuation character. preflight finds nothing wrong with any of them,
# before the install, as an upgrade of what runs, and after that upgrade. By default each file with one major and one
# Helm; TL_TEST_ALL=1: each with 15 and 17, by Helm 3 and 4, and persistence proves each by all scenarios that suit it.
# Needs ci/cluster up.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh

# shellcheck source=ci/lib/situations.sh
source ci/lib/situations.sh

prefix=tl-values

# ---- what the plugin says of a healthy release ------------------------------------------------------------------
# A database whose name is the cluster's own: from outside nobody can say whether it answers.
inside() { [[ "${url:-}" == *@away-postgres:* ]]; }
# warnings FILE: the codes that warn, each for a reason.
warnings() {
  # They want TLS, which the database beside them has not; production wants a certificate that is verified, too.
  if inside || [[ "$1" == production ]]; then echo PGC-803; fi
}
# healthy WARNINGS COMMAND ARGUMENTS...: nothing failed or unknown, and exactly these codes warn.
healthy() {
  local report=$tap_dir/healthy.json
  if ! timeout 600 "$helm" pgcheck "${@:2}" --namespace "$namespace" -o json >"$report" 2>"$tap_dir/healthy.err"; then
    cat "$tap_dir/healthy.err"
    jq -r '.results[] | select(.status == "failed" or .status == "unknown") | [.code, .status, .reason,
      (.findings[]? | .severity, .message)] | map(strings) | join(" ")' "$report"
    return 1
  fi
  # PGC-109 judges the time of a round trip, which on a busy machine may be long.
  is "$1" jq -r '[.results[] | select(.status == "failed" and .severity != "info" and .code != "PGC-109") | .code]
    | join(" ")' "$report"
}
# installs WORDS FILE OPTIONS...
installs() {
  local arguments expected place=()
  expected=$(warnings "$2")
  release_arguments "${@:2}"
  ! inside || place=(--from-cluster --image localhost:5001/pgcheck:dev)
  passes "preflight has nothing against it" healthy "$expected" preflight "${arguments[@]}" "${place[@]}"
  passes "$1" release "${@:2}"
  passes "preflight has nothing against the same as an upgrade" healthy "$expected" preflight \
    "${arguments[@]}" "${place[@]}"
  passes "  which Helm performs" release "${@:2}"
  passes "  and preflight has nothing against the next one" healthy "$expected" preflight "${arguments[@]}" "${place[@]}"
}

# ---- the lab: its commands, as it writes them --------------------------------------------------------------
lab_psql() { timeout 60 kubectl --namespace "$namespace" exec -i "postgres-$1" -- psql -U admin -d testdb "${@:2}"; }
lab_insert() {
  lab_psql 0 -q --set=ON_ERROR_STOP=1 <<'SQL'
CREATE TABLE usuarios (
    id SERIAL PRIMARY KEY,
    nombre VARCHAR(100),
    email VARCHAR(100)
);

INSERT INTO usuarios (nombre, email) VALUES
    ('Juan Pérez', 'juan@example.com'),
    ('María García', 'maria@example.com'),
    ('Carlos López', 'carlos@example.com');
SQL
}
usuarios() { lab_psql 0 -XAt -c 'SELECT nombre FROM usuarios ORDER BY id' | paste -sd ,; }
three='Juan Pérez,María García,Carlos López'
lab_objects() {
  k get statefulset/postgres service/postgres-headless service/postgres-service pod/postgres-0 \
    pvc/postgres-storage-postgres-0 -o json |
    jq -e '[.items[] | select(.kind == "PersistentVolumeClaim").spec.resources.requests.storage] == ["1Gi"]'
}
lab_steps() {
  passes "the lab's objects by the lab's names" lab_objects
  passes "takes the lab's three usuarios" lab_insert
  passes "deletes the pod" k delete pod postgres-0 --timeout=300s
  k rollout status statefulset/postgres --timeout=300s >/dev/null
  passes "the three usuarios are there" is "$three" usuarios
}

run_lab03() {
  installs "installs" lab03
  lab_steps
  passes "kubectl scale to two pods" k scale statefulset postgres --replicas=2
  passes "  the second has its own volume" within 180 k rollout status statefulset/postgres --timeout=300s
  passes "  and nothing of the first one's data" lab_psql 1 --set=ON_ERROR_STOP=1 -q -c 'CREATE TABLE usuarios (id int)'
  passes "kubectl scale to one pod" k scale statefulset postgres --replicas=1
  passes "  takes the second away" within 180 gone postgres-1
  passes "  its volume stays" k get pvc postgres-storage-postgres-1
  # persistence leaves alone what holds data of an earlier time, and does not scale over it.
  k delete pvc postgres-storage-postgres-1 >/dev/null
  passes "  the three usuarios are there" is "$three" usuarios
}

own_word() { lab_psql "$1" -XAt -c 'SELECT word FROM own'; }
all_own_words() {
  local pod
  for pod in 0 1 2; do is "of $pod" own_word "$pod" || return 1; done
}
write_own_words() {
  local pod
  for pod in 0 1 2; do lab_psql "$pod" -q -c "CREATE TABLE own AS SELECT 'of $pod' AS word" || return 1; done
}
run_lab03-challenge2() {
  installs "installs three pods" lab03-challenge2
  passes "each takes a word of its own" write_own_words
  passes "down to none" k scale statefulset postgres --replicas=0
  passes "  no pod is left" within 180 gone postgres-0
  passes "up to three" k scale statefulset postgres --replicas=3
  passes "  all are ready" k rollout status statefulset/postgres --timeout=300s
  passes "  each has its own word" all_own_words
}

run_lab03-challenge3() {
  # A file of one's own may say anything; what the chart rests on stays.
  printf "work_mem = '5MB'\nlisten_addresses = 'localhost'\nport = 7777\n" >"$tap_dir/postgresql.conf"
  k create configmap postgres-own --from-file="$tap_dir/postgresql.conf" >/dev/null
  k create configmap postgres-names --from-literal=POSTGRES_DB=testdb >/dev/null
  secret postgres-credentials POSTGRES_USER=admin POSTGRES_PASSWORD="$punctuation"
  installs "installs with objects and postgresql.conf of one's own" lab03-challenge3
  passes "  the file counts" is 5MB lab_psql 0 -XAtc 'SHOW work_mem'
  passes "  but not where the chart rests on other settings" is 5432 lab_psql 0 -XAtc 'SHOW port'
  passes "  which helm test shows from outside" helm_test
  lab_steps
}

# ---- StatefulSet mode with the application --------------------------------------------------------------------
run_minikube() {
  # minikube's class is called standard.
  installs "installs" minikube --set database.statefulset.storage.className=local-path
  passes "helm test" helm_test
}

run_statefulset() {
  secret postgresql-secret username=engine password="$test_password"
  installs "installs database and application" statefulset --set engine.migrations.enabled=true
  passes "the application keeps a row" engine_keeps
  passes "helm test" helm_test
}

run_encoded-url() {
  secret postgresql-secret username=engine password="$punctuation" \
    URL="postgresql://engine:$encoded@r-postgres:5432/enginedb"
  installs "installs with a password of all punctuation, and the Secret's encoded URL" statefulset \
    --set engine.migrations.enabled=true --set database.secretKeys.url=URL
  passes "the application keeps a row" engine_keeps
  passes "helm test" helm_test
}

metric() {
  k get --raw "/api/v1/namespaces/$namespace/pods/$1:9187/proxy/metrics" | awk -v name="$2" '$1 == name { print $2 }'
}
run_replicated() {
  secret postgresql-secret username=engine password="$test_password" replication-password="$punctuation"
  installs "installs the database, two standbys, the exporters and the application" replicated \
    --set engine.migrations.enabled=true --set metrics.enabled=true \
    --set metrics.image.repository=localhost:5001/exporter --set metrics.image.tag=dev
  passes "the application keeps a row" engine_keeps
  passes "helm test reads on a standby" helm_test
  passes "the primary's exporter has pg_up 1" within 180 is 1 metric r-postgres-0 pg_up
  passes "  and knows that it is no replica" is 0 metric r-postgres-0 pg_replication_is_replica
  passes "a standby's exporter has pg_up 1" within 180 is 1 metric r-postgres-read-1 pg_up
  passes "  and knows that it is a replica" is 1 metric r-postgres-read-1 pg_replication_is_replica
  # A test that cannot fail is none.
  k exec r-postgres-0 -c postgres -- psql -XqU postgres -c 'ALTER ROLE tl_monitoring NOLOGIN' \
    -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'tl_monitoring'" >/dev/null
  passes "an exporter that is not let in has pg_up 0" within 180 is 0 metric r-postgres-0 pg_up
}

# ---- a database outside the release ---------------------------------------------------------------------------
# While psql of helm test waits in an event trigger, its arguments can be read.
slow_tables() {
  [[ "$major" == 17 ]] || return 0
  ci/outside-db psql -q --dbname="$database" <<'SQL'
CREATE FUNCTION wait_a_while() RETURNS event_trigger LANGUAGE plpgsql AS
  $$ BEGIN IF current_setting('application_name') = 'psql' THEN PERFORM pg_sleep(10); END IF; END $$;
CREATE EVENT TRIGGER wait_a_while ON ddl_command_start WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION wait_a_while();
SQL
}
arguments() { k exec r-engine-test -- sh -c 'cat /proc/[0-9]*/cmdline' 2>/dev/null | tr '\0' '\n'; }
psql_is_seen() { arguments >"$tap_dir/arguments" && grep -qx 'psql' "$tap_dir/arguments"; }
arguments_without_password() {
  local status=0
  helm_test >"$tap_dir/helm-test" 2>&1 &
  within 180 psql_is_seen || { echo "psql was not seen"; status=1; }
  wait $! || { cat "$tap_dir/helm-test"; status=1; }
  grep -qF "postgresql://$outside_role@" "$tap_dir/arguments" || { echo "the URL was not seen"; status=1; }
  ! grep -qFe "$encoded" -e "$punctuation" "$tap_dir/arguments" || { echo "the password was seen"; status=1; }
  return "$status"
}

run_external() {
  outside_database
  secret postgresql-secret DATABASE_URL="$url"
  installs "installs the application" external
  passes "  which prepares its database" engine_migrates
  passes "the application keeps a row" engine_keeps
  if [[ "$major" == 17 ]]; then
    slow_tables
    passes "helm test, and no argument holds the password" arguments_without_password
  else
    passes "helm test" helm_test
  fi
}

run_neon() {
  outside_database
  secret postgresql-secret DATABASE_URL="$url" DATABASE_URL_DIRECT="$url"
  installs "migrates and installs the application" neon
  passes "the application keeps a row" engine_keeps
  passes "helm test, by both URLs" helm_test
}

# The keys that CloudNativePG writes.
run_external-cnpg() {
  local address
  outside_database
  address=${url##*@}
  secret pg-app username="$outside_role" user="$outside_role" password="$punctuation" dbname="${address##*/}" \
    host="${address%%:*}" port=5432 uri="$url" \
    jdbc-uri="jdbc:postgresql://$address&user=$outside_role&password=$encoded" \
    pgpass="${address%%:*}:5432:*:$outside_role:$punctuation"
  installs "migrates and installs the application" external-cnpg
  passes "the application keeps a row" engine_keeps
  passes "helm test" helm_test
}

three_pods() { [[ "$(k get deployment r-engine -o jsonpath='{.status.readyReplicas}')" == 3 ]]; }
production_objects() { k get hpa/r-engine pdb/r-engine networkpolicy/r-engine; }
run_production() {
  local cidr=${outside_address%%:*}/32 port=${outside_address##*:}
  [[ "$major" == 17 ]] || cidr=10.0.0.0/8 port=5432
  outside_database
  secret postgresql-secret DATABASE_URL="$url" DATABASE_URL_DIRECT="$url"
  # Ten connections for each of seven pods are more than the test's server takes.
  installs "migrates and installs the application" production --set engine.pool.maxSize=4 \
    --set "networkPolicy.externalCidrs={$cidr}" --set networkPolicy.externalPort="$port"
  passes "with autoscaler, disruption budget and network policy" production_objects
  passes "  of which the first makes three pods" within 180 three_pods
  passes "the application keeps a row" engine_keeps
  passes "helm test, by both URLs" helm_test
}

# ---- the wrong ones -------------------------------------------------------------------------------------------
refused() {
  local said
  said=$("$1" install wrong charts/tl-engine --namespace "$namespace" --values "$2" 2>&1) && { echo "taken"; return 1; }
  [[ "$said" == *"$(sed -n '1s/^# Refused: //p' "$2")"* ]] || { echo "$said"; return 1; }
  [[ -z "$("$1" list --all --short --namespace "$namespace")" ]] || { echo "a release is left"; return 1; }
}
run_wrong() {
  local file
  for file in values/wrong-*.yaml; do check "$helm install refuses $file as it says" refused "$helm" "$file"; done
}

entries=('lab03 15 3' 'replicated 17 4' 'lab03-challenge2 17 4' 'external 17 3' 'lab03-challenge3 15 3' 'neon 17 4'
  'statefulset 17 4' 'encoded-url 17 3' 'external-cnpg 17 3' 'production 17 4' 'minikube 17 4'
  'wrong 17 3' 'wrong 17 4')
if [[ "${TL_TEST_ALL:-}" == 1 ]]; then
  entries=('wrong 17 3' 'wrong 17 4')
  for file in replicated lab03 lab03-challenge2 lab03-challenge3 statefulset encoded-url minikube external neon \
    external-cnpg production; do
    for major in 15 17; do for number in 3 4; do entries+=("$file $major $number"); done; done
  done
fi

files_without_test() {
  local file name
  for file in values/*.yaml; do
    name=$(basename "$file" .yaml)
    [[ "$name" == wrong-* ]] || declare -F "run_$name" >/dev/null || echo "$file"
  done
}
check "every values file is installed here" is '' files_without_test
prepare_outside
install_plugin_for_test 3
install_plugin_for_test 4
plugins=$tap_dir
install_it() {
  export HELM_PLUGINS=$plugins/$helm/data/plugins
  "run_$1"
  [[ "${TL_TEST_ALL:-}" == 1 && "$1" != wrong ]] || return 0
  if inside; then
    passes "persistence proves it, as a Job" proved_inside
  else
    passes "persistence proves it: $(suiting "$1")" proved "$1"
  fi
}
# suiting FILE: the scenarios, by what runs: a database outside, standbys, databases of their own, a single one. To
# uninstall is no default, and named here as well.
suiting() {
  case $1 in
    external* | neon | production) echo 708 ;;
    replicated) echo 701 702 704 706 707 709 710 ;;
    lab03*) echo 701 702 703 704 705 706 709 710 ;;
    *) echo 701 704 706 709 710 ;;
  esac
}
proved() {
  healthy '' persistence r --yes --only "$(printf ',PGC-7%02d' {1..10} | cut -c2-)" &&
    is "$(suiting "$1")" jq -r '[.results[] | select(.status == "passed") | .code[4:]] | sort | join(" ")' \
      "$tap_dir/healthy.json"
}
proved_inside() {
  local job=job/pgcheck-r-persistence
  "$helm" pgcheck persistence r --namespace "$namespace" --print-job --image localhost:5001/pgcheck:dev |
    k apply -f - && k wait "$job" --for=condition=complete --timeout=4m
  k logs "$job" | tee "$tap_dir/job.log" && grep -q '0 failed, 0 warnings, [0-9]* skipped, 0 unknown' "$tap_dir/job.log"
}
situations install_it "${entries[@]}"

finish chart-values
