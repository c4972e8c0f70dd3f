# shellcheck shell=bash disable=SC2034,SC2154 # tap_dir comes from tap.sh, status and helm go to the tests
# For tests on the embedded cluster: the environment, Helm kept apart from the user's, and what a report must be.
# Needs tap.sh.

eval "$(ci/cluster env)" || exit 1
# A run may have another one; what its remedies say is pasted by an administrator.
admin_kubeconfig=$KUBECONFIG

# The plugin is installed into Helms of our own, one for each major, and the user's stay as they are.
# use_helm 3|4
use_helm() {
  helm=helm$1
  export HELM_DATA_HOME="$tap_dir/helm$1/data" HELM_CONFIG_HOME="$tap_dir/helm$1/config" \
    HELM_CACHE_HOME="$tap_dir/helm$1/cache"
  mkdir -p "$HELM_DATA_HOME"
  # Something else may be set for the user's own Helm.
  unset HELM_PLUGINS HELM_NAMESPACE HELM_KUBECONTEXT HELM_DEBUG
}

install_plugin_for_test() {
  use_helm "$1"
  check "helm $1 installs the plugin" "$helm" plugin install ./plugin
}

# fresh_namespace NAME: an earlier run that was killed may have left it.
fresh_namespace() {
  kubectl delete namespace "$1" --ignore-not-found --timeout=120s >/dev/null 2>&1
  kubectl create namespace "$1" >/dev/null
  at_end "kubectl delete namespace '$1' --ignore-not-found --wait=false >/dev/null 2>&1"
}

# fresh_restricted_namespace NAME: enforces the restricted Pod Security standard, and warns of what would break it.
fresh_restricted_namespace() {
  fresh_namespace "$1"
  kubectl label namespace "$1" pod-security.kubernetes.io/enforce=restricted \
    pod-security.kubernetes.io/warn=restricted >/dev/null
}

# within SECONDS COMMAND...: polls until it succeeds.
within() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.2
  done
}

# random_moment MILLIS: waits for any time below; $moment says how long. The moment is the point, so no condition tells it.
random_moment() {
  moment=$((RANDOM % $1))
  read -rt "$((moment / 1000)).$(printf %03d $((moment % 1000)))" <> <(:) || true
}

# program_of PID: the one that the helm of that PID started.
program_of() { pgrep -P "$1" | head -n 1; }
# paused PID COMMAND...: while the program that this helm started stands still, so that its next step comes behind it.
paused() {
  local program status=0
  program=$(program_of "$1")
  shift
  kill -STOP "$program"
  "$@" || status=$?
  kill -CONT "$program"
  return "$status"
}

# What the tests' own databases are logged in to with; the outputs are searched for it.
test_password=S0me-password

# fresh_database_namespace NAME: with the Secret that values/statefulset.yaml reads.
fresh_database_namespace() {
  fresh_namespace "$1"
  printf engine >"$tap_dir/username"
  printf %s "$test_password" >"$tap_dir/password"
  kubectl create secret generic postgresql-secret -n "$1" --from-file="$tap_dir/username" \
    --from-file="$tap_dir/password" >/dev/null
}

# account NAME: a ServiceAccount of $namespace without rights; $tap_dir/NAME is its kubeconfig, $user its name for RBAC.
account() {
  kubectl create serviceaccount "$1" -n "$namespace" >/dev/null
  kubectl config view --raw -o json | jq --arg token "$(kubectl create token "$1" -n "$namespace")" \
    '.users[0].user = {token: $token}' >"$tap_dir/$1"
  user=system:serviceaccount:$namespace:$1
  at_end "kubectl delete clusterrole,clusterrolebinding '$namespace-$1' --ignore-not-found >/dev/null 2>&1"
}

# grant ACCOUNT FILE: the roles that --print-rbac printed into FILE, and nothing else, to the account. They are called
# after namespace and account, since ClusterRoles are everybody's.
grant() {
  local name=$namespace-$1
  sed "s/pgcheck-preflight/$name/" "$2" | kubectl apply -n "$namespace" -f - >/dev/null &&
    kubectl create rolebinding "$name" -n "$namespace" --role="$name" --serviceaccount="$namespace:$1" \
      --dry-run=client -o yaml | kubectl apply -f - >/dev/null &&
    kubectl create clusterrolebinding "$name" --clusterrole="$name" --serviceaccount="$namespace:$1" \
      --dry-run=client -o yaml | kubectl apply -f - >/dev/null
}

# names_of NAMESPACE: the kinds and names of all that is in it, but for events, and of the volumes of its claims.
names_of() {
  local kinds
  kinds=$(kubectl api-resources --namespaced --verbs=list -o name | grep -vE '^events(\.|$)|^endpoints$|\.metrics\.k8s\.io$' |
    paste -sd,) || return 1
  kubectl get "$kinds" -n "$1" -o name || return 1
  kubectl get persistentvolumes -o json |
    jq -r --arg namespace "$1" '.items[].spec.claimRef | select(.namespace == $namespace) | "the volume of \(.name)"'
}
# remember_names, nothing_new: what there is, and whether there is anything else since.
remember_names() { within 30 eval 'names_of "$namespace" >"$tap_dir/names"'; }
nothing_new() {
  names_of "$namespace" >"$tap_dir/names-now" && ! grep -vxFf "$tap_dir/names" "$tap_dir/names-now"
}

# run_pgcheck ARGUMENTS...: fills $status, $tap_dir/out and $tap_dir/err; all-output keeps every run's.
run_pgcheck() {
  status=0
  "$helm" pgcheck "$@" >"$tap_dir/out" 2>"$tap_dir/err" </dev/null || status=$?
  cat "$tap_dir/out" "$tap_dir/err" >>"$tap_dir/all-output"
  paste_looks
}

# remedies CODE [FROM]: of the last run's findings, or of what it could not see, one a line; from the words FROM on.
remedies() {
  jq -r --arg code "$1" --arg from "${2-}" '.results[] | select(.code == $code) | .findings[]?.remedy, .remedy // empty
    | if $from == "" then . else $from + (split($from)[1:] | join($from)) end' "$tap_dir/out"
}

# values_key CODE: the first values key of the last run's remedies, as two lines for mapfile.
values_key() { remedies "$1" | grep -oE -m 1 -- '--set(-string)? [^ ,;)]+' | head -n 1 | tr ' ' '\n'; }

# looks: the commands of the last run's remedies that only look, from its report or from its one line; one that names what
# only the reader knows (NAME) is none.
looks() {
  { jq -r '.results[] | .remedy // empty, .findings[]?.remedy' "$tap_dir/out" 2>/dev/null; cat "$tap_dir/err"; } |
    grep -oE '(kubectl (describe|get|logs|explain)|helm (history|list)) [^;()|]+' | sed 's/ *$//' |
    grep -vE '[ =/](NAME|NODE|RELEASE|CHART)( |$)' | sort -u
}

# paste_looks: each look of every JSON report of every test is pasted once, at once, and must work: judge_looks of tap.sh
# says so at the end.
paste_looks() {
  local look
  while read -r look; do
    ! grep -qxF -- "$look" "$tap_dir/pasted-looks" 2>/dev/null || continue
    printf '%s\n' "$look" >>"$tap_dir/pasted-looks"
    KUBECONFIG=$admin_kubeconfig pasted "$look" >"$tap_dir/look" 2>&1 ||
      printf '%s: %s\n' "$look" "$(tail -n 1 "$tap_dir/look")" >>"$tap_dir/failed-looks"
  done < <(looks)
}

# pasted COMMANDS: each line in a shell of its own, where helm is this test's.
pasted() {
  local command
  [[ -n "$1" ]] || return 1
  mkdir -p "$tap_dir/pasted"
  ln -sf "$(command -v "$helm")" "$tap_dir/pasted/helm"
  while read -r command; do
    PATH="$tap_dir/pasted:$PATH" bash -c "$command" </dev/null || return 1
  done <<<"$1"
}

# secret_from_file NAMESPACE KEY FILE: replaces postgresql-secret.
secret_from_file() {
  kubectl create secret generic postgresql-secret -n "$1" --from-file="$2=$3" --dry-run=client -o yaml |
    kubectl apply -f - >/dev/null
}

# What counts against a run: all that failed or is unknown, but for information, and but for PGC-109, which judges the time
# of a round trip: on a busy machine that may be long.
counted='[.results[] | select(.code != "PGC-109" and (.status == "unknown" or .status == "failed" and .severity != "info"))]'

# alone CODE SEVERITY PATTERN: of everything that the last run judged, this code alone counts; it failed with this
# severity, a message or detail that fits, and a remedy for each finding.
alone() {
  [[ "$status" == "$([[ "$2" == error ]] && echo 3 || echo 0)" ]] && jq -e --arg code "$1" --arg severity "$2" \
    --arg pattern "$3" "$counted"' | map(.code) == [$code] and .[0].status == "failed" and .[0].severity == $severity
      and (.[0].findings | length > 0 and all(.remedy != "") and any(.message + " " + .detail | test($pattern)))' \
    "$tap_dir/out" >/dev/null
}
# show: why that was not so.
show() {
  echo "exit $status"
  cat "$tap_dir/err"
  jq -c '.results[] | select(.status | IN("failed", "unknown"))' "$tap_dir/out"
}

# found NAME CODE SEVERITY PATTERN: the last run found it, and nothing else.
found() { if alone "$2" "$3" "$4"; then ok "$1"; else not_ok "$1" "$(show)"; fi; }

# clean: the last run judged something, and nothing counts against it. sound NAME: the same as a result.
clean() {
  [[ "$status" == 0 ]] && jq -e '.verdict == "passed" and ('"$counted"' | length == 0)' "$tap_dir/out" >/dev/null
}
sound() { if clean; then ok "$1"; else not_ok "$1" "$(show)"; fi; }

# A chart whose values schema is the report's: Helm is the JSON schema validator that is here anyway.
valid_report() {
  mkdir -p "$tap_dir/schema/templates"
  printf 'apiVersion: v2\nname: report\nversion: 0.0.0\n' >"$tap_dir/schema/Chart.yaml"
  cp plugin/src/main/resources/report.schema.json "$tap_dir/schema/values.schema.json" || return 1
  "$helm" template report "$tap_dir/schema" --values "$1"
}

# watch_for FILE NAMESPACE: what the namespace's objects are, but for Secrets, goes to $tap_dir/watched from now on, and
# which processes have a line of FILE in their arguments to $tap_dir/argued.
watch_for() {
  local kind
  mkdir -p "$tap_dir/watched"
  for kind in configmaps leases jobs pods persistentvolumeclaims; do
    kubectl get "$kind" -n "$2" -o json --watch >"$tap_dir/watched/$kind" 2>/dev/null &
    at_end "kill $! 2>/dev/null"
  done
  while grep -laFf "$1" /proc/[0-9]*/cmdline 2>/dev/null || true; do sleep 0.2; done >"$tap_dir/argued" &
  at_end "kill $! 2>/dev/null"
}

no_stack_trace() { ! grep -nE '^\s+at [a-z]+\.|Exception in thread|Caused by:' "$@"; }
