#!/usr/bin/env bash
# Tests of the charts that need no cluster: rendering by both Helms, unit tests, schemas, linters.
# Needs on PATH: helm3, helm4, helm-unittest, kubeconform (ci/cluster env gives these), jq, python3, shellcheck, yamllint.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2

chart=charts/tl-engine
# A Helm built from source without its release's flags takes the cluster for 1.20.
kube_version=1.36.0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

# check NAME COMMAND...: one result; what the command says is shown when it fails.
check() {
  local name=$1
  shift
  if "$@" >"$work/out" 2>&1; then
    passed=$((passed + 1))
    echo "ok - $name"
  else
    failed=$((failed + 1))
    echo "not ok - $name"
    sed 's/^/    /' "$work/out"
  fi
}

render() {
  "$1" template demo "$chart" --namespace lab --kube-version "$kube_version" --values "$2" >"$3"
}

same() { cmp "$1" "$2" || { diff "$1" "$2" | head -n 20; return 1; }; }

# Also for what only a second rendering shows: anything random, a date, a map's order.
renders_again() {
  render "$1" "$2" "$work/again.yaml" && same "$3" "$work/again.yaml"
}

# The values as Helm reads them: no YAML parser needed.
values_json() {
  mkdir -p "$work/probe/templates"
  cp "$chart/Chart.yaml" "$chart/values.yaml" "$work/probe/"
  echo '{{ toJson .Values }}' >"$work/probe/templates/values.yaml"
  helm4 template probe "$work/probe" --kube-version "$kube_version" | grep '^{'
}

# Leaves of values.yaml as dotted paths; a list or an empty map is a leaf.
leaves() {
  jq -r 'path(.. | select(type != "object" or length == 0)) | select(all(.[]; type == "string")) | join(".")' \
    "$work/values.json"
}

schema_covers_values() {
  local missing
  missing=$(leaves | jq -R -n -r --slurpfile schema "$chart/values.schema.json" '
    $schema[0] as $root
    | def resolve: if has("$ref") then $root.definitions[.["$ref"] | ltrimstr("#/definitions/")] else . end;
      def step($key):
        resolve
        | .properties[$key]
          // ([.patternProperties // {} | to_entries[] | .key as $re | select($key | test($re)) | .value] | first);
      inputs | . as $leaf | select(reduce ($leaf | split("."))[] as $key ($root; if . then step($key) else . end) | not)
  ') || return 1
  [[ -z "$missing" ]] || { echo "not in values.schema.json: $missing"; return 1; }
}

schema_is_closed() {
  local open
  open=$(jq -r '
    paths(objects | select(.type == "object" or .properties) | select(.additionalProperties != false))
    | map(tostring) | join("/") | select(. != "properties/global")' "$chart/values.schema.json") || return 1
  [[ -z "$open" ]] || { echo "accepts any key: $open"; return 1; }
}

# A leaf is used when a template names it, or a map that it is in, in full. Templates write .Values.a.b.c throughout,
# but for the one that only checks values.
values_are_used() {
  local leaf path unused=()
  while read -r leaf; do
    path=$leaf
    until grep -rqE --exclude=validate.yaml "\.Values\.${path//./\\.}([^.A-Za-z0-9]|$)" "$chart/templates"; do
      [[ "$path" == *.* ]] || { unused+=("$leaf"); break; }
      path=${path%.*}
    done
  done < <(leaves)
  ((${#unused[@]} == 0)) || { echo "no template uses: ${unused[*]}"; return 1; }
}

templates_use_values_that_exist() {
  local path unknown=()
  while read -r path; do
    jq -e --arg path "$path" 'getpath($path | split(".")) != null' "$work/values.json" >/dev/null || unknown+=("$path")
  done < <(grep -rhoE '\.Values(\.[A-Za-z0-9]+)+' "$chart/templates" | sed 's/^\.Values\.//' | sort -u)
  ((${#unknown[@]} == 0)) || { echo "not in values.yaml: ${unknown[*]}"; return 1; }
}

short_lines() {
  ! grep -rnE '^.{121,}' "$chart" values --include='*.yaml' --include='*.tpl' --include='*.txt' --include='*.sh' \
    --include='*.sql'
}

# three_lines FILE [LINES BEFORE]
three_lines() {
  local line=${2:-0} want
  for want in '# For whom: ' '# What it does: ' '# What to run: '; do
    line=$((line + 1))
    [[ "$(sed -n "${line}p" "$1")" == "$want"* ]] || { echo "$1:$line does not begin with '$want'"; return 1; }
  done
}

# Kubernetes' own schemas, closed, from the sources that the cluster's tools are built of; nothing where those are absent.
kubernetes_schemas() {
  local go source
  go=$(command -v go || echo /usr/local/go/bin/go)
  source=$(cd ci/tools/kubernetes && "$go" list -m -f '{{.Dir}}' k8s.io/kubernetes 2>/dev/null) || return 1
  [[ -f "$source/api/openapi-spec/swagger.json" ]] || return 1
  mkdir "$work/schemas"
  jq '{definitions: (.definitions | map_values(
         if .properties then .additionalProperties = false else . end
         | walk(if type == "object" and .format? == "int-or-string"
                then del(.type, .format) + {type: ["string", "integer"]} else . end)))}
      | .definitions["io.k8s.apimachinery.pkg.api.resource.Quantity"].type = ["string", "number"]' \
    "$source/api/openapi-spec/swagger.json" >"$work/schemas/all.json"
  # One small file per kind, as kubeconform looks for them.
  jq -r '.definitions | to_entries[] | .key as $name | .value["x-kubernetes-group-version-kind"] // [] | .[]
         | [$name, (.kind | ascii_downcase) + (if .group == "" then "" else "-" + (.group | split(".")[0]) end)
                   + "-" + .version] | @tsv' "$work/schemas/all.json" |
    while IFS=$'\t' read -r name file; do
      printf '{"\x24ref": "all.json#/definitions/%s"}\n' "$name" >"$work/schemas/$file.json"
    done
}

for chart in charts/redis-lab charts/tl-engine; do
  check "helm-unittest: every suite of $chart" helm-unittest --strict "$chart"
  values_json >"$work/values.json"
  check "$chart: the schema covers every value" schema_covers_values
  check "$chart: the schema is closed at every level" schema_is_closed
  check "$chart: every value is used by a template" values_are_used
  check "$chart: every value in a template exists" templates_use_values_that_exist
  check "$chart: no line is longer than 120 columns" short_lines
done

check "the READMEs have the values as their comments describe them" ci/test.d/chart-readme.sh
check "the schemas are made of the comments in values.yaml" ci/schema

# A copy in which one comment says more: a test that cannot fail is none.
stale_schema_is_found() {
  local copy="$work/copy"
  mkdir "$copy" && cp -r charts ci "$copy/" &&
    sed -i 's/"maximum": 8}/"maximum": 9}/' "$copy/charts/tl-engine/values.yaml" || return 1
  ! "$copy/ci/schema" && "$copy/ci/schema" --write && grep -q '"maximum": 9' "$copy/charts/tl-engine/values.schema.json"
}
check "a stale schema is found" stale_schema_is_found

have_schemas=false
if kubernetes_schemas; then have_schemas=true; else echo "skipped - kubeconform: Kubernetes' sources are not here"; fi

# What a wrong file's first line says, in the very words that people see.
refused_as_said() {
  local want out
  want=$(sed -n '1s/^# Refused: //p' "$2")
  [[ -n "$want" ]] || { echo "the first line of $2 does not begin with '# Refused: '"; return 1; }
  out=$("$1" template demo "$chart" --kube-version "$kube_version" --values "$2" 2>&1) && { echo "taken"; return 1; }
  [[ "$out" == *"$want"* ]] || { echo "wanted: $want"; echo "said:   $out"; return 1; }
}

for values in values/wrong-*.yaml; do
  check "$values says for whom it is, what it does, what to run" three_lines "$values" 1
  for helm in helm3 helm4; do check "$helm refuses $values as it says" refused_as_said "$helm" "$values"; done
done

# rendered CHART VALUES: by both Helms, to the same bytes, twice, and as Kubernetes' schemas want it.
rendered() {
  chart=$1
  local values=$2 helm
  for helm in helm3 helm4; do
    check "$helm lint: $values" "$helm" lint --strict "$chart" --kube-version "$kube_version" --values "$values"
    check "$helm renders $values" render "$helm" "$values" "$work/$helm.yaml"
    check "$helm renders $values the same again" renders_again "$helm" "$values" "$work/$helm.yaml"
  done
  check "both Helms render $values to the same bytes" same "$work/helm3.yaml" "$work/helm4.yaml"
  if $have_schemas; then
    check "kubeconform: $values" kubeconform -strict -summary \
      -schema-location "$work/schemas/{{.ResourceKind}}{{.KindSuffix}}.json" "$work/helm4.yaml"
  fi
}

rendered charts/redis-lab charts/redis-lab/values.yaml
for values in values/*.yaml; do
  [[ "$values" != values/wrong-* ]] || continue
  check "$values says for whom it is, what it does, what to run" three_lines "$values"
  rendered charts/tl-engine "$values"
done

few_helpers() {
  local helpers
  helpers=$(grep -rhoE 'define "[^"]+"' charts/tl-engine/templates | sort -u | wc -l)
  ((helpers < 25)) || { echo "$helpers helpers; wanted: fewer than 25"; return 1; }
}
check "the chart has fewer than 25 helpers" few_helpers
check "shellcheck: the chart's scripts" shellcheck "$chart"/files/scripts/*.sh
check "shellcheck: the tests of the charts" shellcheck ci/test.d/chart*.sh
check "yamllint: values, charts and their tests" yamllint --strict .yamllint values ci/images/values.yaml charts

echo "chart: $passed passed, $failed failed"
((failed == 0 && passed > 0))
