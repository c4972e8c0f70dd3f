#!/usr/bin/env bash
# An init container that is killed at a random moment (SIGKILL to all of its processes) starts over cleanly: the
# database comes up complete, and nothing half made is left. 5 moments; TL_TEST_ALL=1: 20. And a main container that is
# told to end before it is a server does so. Needs ci/cluster up.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh

namespace=tl-killed

k() { kubectl --namespace "$namespace" "$@"; }
psql_in() { timeout 60 kubectl --namespace "$namespace" exec "$1-postgres-0" -c postgres -- psql -XAtq "${@:2}"; }

install_without_waiting() {
  helm4 install "$1" charts/tl-engine --namespace "$namespace" --values values/statefulset.yaml \
    --values ci/images/values.yaml --set engine.enabled=false --set database.statefulset.resources.requests.cpu=20m
}

# processes RELEASE: those of its init container, as the host numbers them; fails when it does not run.
processes() {
  local uid file pids pid
  uid=$(k get pod "$1-postgres-0" -o jsonpath='{.metadata.uid}' 2>/dev/null) && [[ -n "$uid" ]] || return 1
  while read -r file; do
    mapfile -t pids < <(cat "$file" 2>/dev/null)
    for pid in "${pids[@]}"; do
      if tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -q '/scripts/init\.sh'; then
        printf '%s\n' "${pids[@]}"
        return
      fi
    done
  done < <(find /sys/fs/cgroup -path "*/pod$uid/*/cgroup.procs" 2>/dev/null)
  return 1
}

# What the kubelet saw: 137 is SIGKILL.
exit_code() {
  k get pod "$1-postgres-0" -o json |
    jq -r '.status.initContainerStatuses[0] | (.lastState.terminated // .state.terminated).exitCode'
}
was_killed() { [[ "$(exit_code "$1")" == 137 ]]; }

# kill_init RELEASE MILLISECONDS: fails when there was nothing to kill any more.
kill_init() {
  local pids
  within 180 processes "$1" >/dev/null || return 1
  sleep "$(printf '%d.%03d' $(($2 / 1000)) $(($2 % 1000)))"
  mapfile -t pids < <(processes "$1")
  ((${#pids[@]} > 0)) && kill -KILL "${pids[@]}" 2>/dev/null && within 60 was_killed "$1"
}

# Roles, database, checksums and no leftovers: what an init in one go makes.
complete() {
  psql_in "$1" -c 'CREATE TABLE t (i int)' -c 'INSERT INTO t VALUES (1)' || return 1
  [[ "$(psql_in "$1" -U postgres -c "SELECT string_agg(rolname, ',' ORDER BY rolname) FROM pg_roles
    WHERE rolname !~ '^pg_'")" == engine,postgres,tl_monitoring ]] || { echo "roles are missing"; return 1; }
  [[ "$(psql_in "$1" -c 'SHOW data_checksums')" == on ]] || { echo "no checksums"; return 1; }
  [[ "$(k exec "$1-postgres-0" -c postgres -- ls -A /var/lib/postgresql/data | sort | paste -sd ,)" == .lock,pgdata ]] ||
    { echo "something is left on the volume"; return 1; }
}

# killed NUMBER: the init may be done before its moment: then again, with an earlier one.
killed() {
  local release=k$1 most=3000 moment try
  for try in 1 2 3 4 5; do
    moment=$((RANDOM % most)) most=$((most * 2 / 3))
    install_without_waiting "$release" >/dev/null || break
    if kill_init "$release" "$moment"; then
      ok "init $1 was killed $moment ms after it was seen"
      check "  the database becomes ready" k rollout status "statefulset/$release-postgres" --timeout=300s
      check "  it is complete, and nothing half made is left" complete "$release"
      return
    fi
    helm4 uninstall "$release" --namespace "$namespace" --wait >/dev/null
    k delete pvc -l app.kubernetes.io/instance="$release" --timeout=300s >/dev/null
  done
  not_ok "init $1 was killed" "in $try tries it was always done before"
}

# start.sh as process 1, before it becomes the server: a shell without a trap would hear nothing there.
hears_its_end() {
  local outside inside
  cp charts/tl-engine/files/scripts/start.sh "$tap_dir/start.sh"
  printf 'find_server() { echo begun; for i in 1 2 3 4 5 6 7 8 9; do sleep 1; done; exit 0; }\n' >"$tap_dir/lib.sh"
  unshare --fork --pid --kill-child sh "$tap_dir/start.sh" >"$tap_dir/begun" &
  outside=$!
  within 20 grep -q begun "$tap_dir/begun" || return 1
  inside=$(pgrep -P "$outside")
  kill -TERM "$inside"
  wait "$outside"
  [[ $? == 143 ]]
}
check "a main container that is told to end before it is a server ends" hears_its_end

fresh_restricted_namespace "$namespace"
printf engine >"$tap_dir/username"
printf %s "$test_password" >"$tap_dir/password"
k create secret generic postgresql-secret --from-file="$tap_dir/username" --from-file="$tap_dir/password" >/dev/null
moments=({1..5})
[[ "${TL_TEST_ALL:-}" != 1 ]] || moments=({1..20})
at_once 4 "${moments[@]/#/killed }"

finish chart-killed
