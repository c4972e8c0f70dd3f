# shellcheck shell=bash disable=SC2034,SC2154
# The road of one mode: Secret, preflight, helm install, persistence.

road_release=tl
road_namespace_prefix=tl-

private_files=$(mktemp -d)
trap 'rm -rf "$private_files"' EXIT
# A file that only this user can read, gone when the script ends.
private_file() { (umask 077 && mktemp "$private_files/XXXXXX"); }

# run_logged WHAT COMMAND...: quiet when it succeeds; otherwise which step failed, and its last lines.
run_logged() {
  local what=$1 log="$reports/last-step.log"
  shift
  say "$what"
  "$@" >"$log" 2>&1 && return 0
  say_error "this step failed: $what"
  last_lines "$log" 25
  leave_to_look
  exit 1
}

ensure_namespace() {
  kubectl get namespace "$1" >/dev/null 2>&1 || run_logged "create the namespace $1" kubectl create namespace "$1"
}

# The password is made once: a volume keeps the one it was initialised with.
ensure_password_secret() {
  kubectl get secret postgresql-secret --namespace "$1" >/dev/null 2>&1 && return 0
  local user password
  user=$(private_file) password=$(private_file)
  printf engine >"$user"
  # Letters and digits need no encoding in a URL.
  LC_ALL=C tr -dc 'A-Za-z0-9' </dev/urandom 2>/dev/null | head -c 32 >"$password" || true
  run_logged "create the Secret postgresql-secret in $1" kubectl create secret generic postgresql-secret \
    --namespace "$1" --from-file=username="$user" --from-file=password="$password"
}

statefulset_secret() {
  ensure_namespace "${road_namespace_prefix}statefulset"
  ensure_password_secret "${road_namespace_prefix}statefulset"
}

# The outside database may have been made anew since the last run, so its URL is written each time.
external_secret() {
  local namespace=${road_namespace_prefix}external
  ensure_namespace "$namespace"
  kubectl create secret generic postgresql-secret --namespace "$namespace" \
    --from-file=DATABASE_URL="$outside_url_file" --dry-run=client -o yaml | kubectl apply -f - >/dev/null ||
    fail "the Secret postgresql-secret in $namespace could not be written"
}

# walk MODE: the three steps; the reports stay in $reports.
walk() {
  local mode=$1 namespace=$road_namespace_prefix$1
  local chart=(charts/tl-engine --values "values/$1.yaml" "${image_values[@]}" "${extra_values[@]}")
  pgcheck "$mode" preflight "$road_release" "${chart[@]}" --namespace "$namespace"
  run_logged "helm install $road_release (values/$mode.yaml)" "$helm" upgrade --install "$road_release" \
    "${chart[@]}" --namespace "$namespace" --wait --timeout 5m
  pgcheck "$mode" persistence "$road_release" --namespace "$namespace" --yes
}

# pgcheck MODE COMMAND ARGUMENTS...: shows the table, keeps JSON and HTML.
pgcheck() {
  local mode=$1 command=$2 status=0
  shift
  say "helm pgcheck $*"
  "$helm" pgcheck "$@" -o table -o "json=$reports/$mode-$command.json" -o "html=$reports/$mode-$command.html" ||
    status=$?
  ((status == 0)) && return 0
  say_error "helm pgcheck $command ended with exit code $status in the mode $mode"
  leave_to_look
  exit 1
}

leave_to_look() {
  {
    printf '       everything is left as it is. To look:\n'
    [[ "$cluster" == current ]] || printf '         eval "$(ci/cluster env)"\n'
    printf '         kubectl get pods,pvc,events -A | grep -e NAMESPACE -e %s\n' "$road_namespace_prefix"
    [[ "$cluster" == current ]] || printf '         ci/cluster logs\n'
  } >&2
}
