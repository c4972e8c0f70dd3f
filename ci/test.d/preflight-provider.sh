#!/usr/bin/env bash
# The budget of connections against a real server: fits, does not fit, fits again with the remedy; an upgrade's own
# connections are its own; migrations and probes of the values files for providers. Needs the cluster.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh

namespace=tl-provider role=tl_provider release=budget
fresh_namespace "$namespace"
ci/outside-db up 2>/dev/null || exit 1
umask 077
install_plugin_for_test 4

# A role of our own, whose limit stands in for a small server's.
sql() { ci/outside-db psql -q -v ON_ERROR_STOP=1 "$@"; }
password=$(openssl rand -hex 12)
at_end "ci/outside-db psql -q -c 'DROP OWNED BY $role' -c 'DROP ROLE IF EXISTS $role' enginedb >/dev/null 2>&1"
sql enginedb -c "DROP OWNED BY $role" >/dev/null 2>&1
sql -c "DROP ROLE IF EXISTS $role" >/dev/null 2>&1
sql <<<"CREATE ROLE $role LOGIN CONNECTION LIMIT 30 PASSWORD '$password'; GRANT engine TO $role;" >/dev/null
url=$(sed "s#//[^@]*@#//$role:$password@#" "$(ci/outside-db url-file)")
printf %s "$url" >"$tap_dir/url"
kubectl create secret generic postgresql-secret -n "$namespace" --from-file=DATABASE_URL="$tap_dir/url" \
  --from-file=DATABASE_URL_DIRECT="$tap_dir/url" >/dev/null

# preflight VALUES ARGUMENTS...
preflight() {
  local values=$1
  shift
  run_pgcheck preflight "$release" charts/tl-engine -f "values/$values.yaml" -n "$namespace" -o json "$@"
}
result() { jq -r --arg code "$1" '.results[] | select(.code == $code) | '"$2" "$tap_dir/out"; }
preflight external
check "one pod and one more while rolling fit into thirty" test "$(result PGC-501 .status)" = passed
check "and nothing else is wrong" test "$status" = 0
check "two pods of ten and the surge are all of thirty: a warning" jq -e '
  .results[] | select(.code == "PGC-501") | .status == "failed" and .severity == "warning"' \
  <(preflight external --set engine.replicas=2; cat "$tap_dir/out")

preflight external --set engine.replicas=4
found "four pods do not fit: PGC-501 alone" PGC-501 error "[0-9]"
fits=$(result PGC-501 '.findings[0].remedy' | sed -n 's/.*engine.pool.maxSize to \([0-9]*\).*/\1/p')
preflight external --set engine.replicas=4 --set "engine.pool.maxSize=${fits:-0}"
check "with the remedy's engine.pool.maxSize=$fits they fit" test "$(result PGC-501 .status)" = passed

# Migrations by the direct URL, the pool of the running release.
preflight neon
check "values/neon.yaml: migrations go direct, probes let it sleep" test \
  "$(result PGC-503 .status) $(result PGC-504 .status)" = "passed skipped"

"$helm" install "$release" charts/tl-engine -f values/external.yaml -f ci/images/values.yaml -n "$namespace" --wait \
  --timeout 120s >/dev/null 2>"$tap_dir/err" || cat "$tap_dir/err"
preflight external -f ci/images/values.yaml
check "as an upgrade: the running pod's connections are its own" test \
  "$(result PGC-501 .status) $(result PGC-501 .evidence.left)" = "passed 30"
check "and nothing else is wrong with the upgrade" test "$status" = 0
check "no password in any output" test -z "$(grep -F "$password" "$tap_dir/all-output")"

finish preflight-provider
