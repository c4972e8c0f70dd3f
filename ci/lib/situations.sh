# shellcheck shell=bash disable=SC2034,SC2154 # sourced by tests; major, helm and tap_dir come from elsewhere
# A situation is a values file with a PostgreSQL and a Helm, in a namespace of its own: $what, $namespace, $major and
# $helm name them.
# Needs tap.sh and e2e.sh, and $prefix, which the names of namespaces begin with.

# Every ASCII punctuation character: what breaks shells, SQL, URLs and password files.
# shellcheck disable=SC2016 # nothing is to be expanded
punctuation='!"#$%&'"'"'()*+,-./:;<=>?@[\]^_`{|}~'
encoded=$(printf %s "$punctuation" | jq -sRr @uri)
small=(--set database.statefulset.resources.requests.cpu=20m --set engine.resources.requests.cpu=20m
  --set engine.resources.requests.memory=32Mi)

k() { kubectl --namespace "$namespace" "$@"; }
passes() { check "$what: $1" "${@:2}"; }
is() { [[ "$("${@:2}")" == "$1" ]] || { echo "wanted: $1"; echo "found:  $("${@:2}")"; return 1; }; }

# release_arguments FILE OPTIONS...: what Helm and pgcheck are told of the release r, from the checkout $from or this one.
release_arguments() {
  arguments=(r "${from:-.}/charts/tl-engine" --namespace "$namespace" --values "${from:-.}/values/$1.yaml"
    --values ci/images/values.yaml "${small[@]}" --set-string database.statefulset.image.tag="$major" "${@:2}")
}
release() {
  local arguments
  release_arguments "$@"
  timeout 320 "$helm" upgrade --install "${arguments[@]}" --wait --timeout 5m
}
# secret NAME KEY=VALUE...: by files, since anybody can read arguments.
secret() {
  local entry files=()
  for entry in "${@:2}"; do
    printf %s "${entry#*=}" >"$tap_dir/${entry%%=*}"
    files+=(--from-file="$tap_dir/${entry%%=*}")
  done
  k create secret generic "$1" "${files[@]}" >/dev/null
}
helm_test() { timeout 320 "$helm" test r --namespace "$namespace"; }
engine_address() { echo "http://$(k get service r-engine -o jsonpath='{.spec.clusterIP}')"; }
# kube-proxy hears of a ready pod a moment after the rollout does.
engine_answers() { curl -fsS --max-time 5 -o /dev/null "$(engine_address)/readyz"; }
# A row goes through the application into the database, and comes back.
engine_keeps() {
  k rollout status deployment/r-engine --timeout=300s && within 30 engine_answers &&
    curl -fsS --max-time 10 -d '{"nombre": "Zoë Ibáñez", "email": "zoe@example.test"}' "$(engine_address)/usuarios" &&
    curl -fsS --max-time 10 "$(engine_address)/usuarios" | grep 'Zoë Ibáñez'
}
engine_migrates() { timeout 60 kubectl --namespace "$namespace" exec deployment/r-engine -- engine-api migrate; }

gone() { ! k get pod "$1" >/dev/null 2>&1; }

# ---- a database outside the release ---------------------------------------------------------------------------
# prepare_outside: once for a script.
prepare_outside() {
  check "the outside database is up" ci/outside-db up
  outside_address=$(sed 's#.*@\([^/]*\)/.*#\1#' "$(ci/outside-db url-file)")
  outside_role=${prefix//-/_}
  printf "DO \$\$ BEGIN CREATE ROLE $outside_role LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END \$\$;
    ALTER ROLE $outside_role PASSWORD '%s';\n" "${punctuation//\'/\'\'}" | ci/outside-db psql -q
}

# outside_database: sets $url. Each situation has a database of its own; the role is the script's.
outside_database() {
  if [[ "$major" == 17 ]]; then
    ci/outside-db psql -q -c 'SET client_min_messages = warning' -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" \
      -c "CREATE DATABASE $database OWNER $outside_role"
    url="postgresql://$outside_role:$encoded@$outside_address/$database?sslmode=require&channel_binding=require"
    return
  fi
  secret away username="$outside_role" password="$punctuation"
  timeout 320 "$helm" install away charts/tl-engine --namespace "$namespace" --values values/statefulset.yaml \
    --values ci/images/values.yaml "${small[@]}" --set-string database.statefulset.image.tag="$major" \
    --set database.existingSecret=away --set engine.enabled=false --wait --timeout 5m >/dev/null
  url="postgresql://$outside_role:$encoded@away-postgres:5432/enginedb?sslmode=disable"
}

# situations FUNCTION "FILE MAJOR HELM"...: four at a time, in namespaces that go away at the end.
situations() {
  local function=$1 entry
  shift
  for entry in "$@"; do fresh_restricted_namespace "$prefix-${entry// /-}"; done
  at_once 4 "${@/#/situation $function }"
}

# situation FUNCTION FILE MAJOR HELM: calls FUNCTION FILE.
situation() {
  local function=$1
  shift
  what="$1, PostgreSQL $2, Helm $3" major=$2 helm=helm$3
  namespace=$prefix-$1-$2-$3
  database=${namespace//-/_}
  "$function" "$1"
  # Its memory is wanted by the next ones.
  kubectl delete namespace "$namespace" --wait=false >/dev/null
  ci/outside-db psql -q -c 'SET client_min_messages = warning' -c "DROP DATABASE IF EXISTS $database WITH (FORCE)"
}
