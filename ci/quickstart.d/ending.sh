# shellcheck shell=bash disable=SC2034,SC2154
# What a person sees last, and how everything goes away again.

verdicts() {
  local file mode
  printf '\n%-12s  %-12s  %-10s  %s\n' MODE STEP VERDICT 'WHAT WAS SHOWN'
  for mode in statefulset external; do
    for file in "$reports/$mode-preflight.json" "$reports/$mode-persistence.json"; do
      jq -r --arg mode "$mode" '
        [ $mode, .command, .verdict,
          ( [.results[].evidence.summary? // empty] as $proved
            | if $proved | length > 0 then $proved[0] | split(". Level: ") | .[0]
              else "\(.summary.passed) checks passed, \(.summary.warnings) warnings" end )
          + ", \(.durationMillis / 1000 | . * 10 | round / 10) s" ] | @tsv' "$file" |
        while IFS=$'\t' read -r a b c d; do printf '%-12s  %-12s  %-10s  %s\n' "$a" "$b" "$c" "$d"; done
    done
  done
}

next_steps() {
  printf '\nReports for people, in %s:' "$PWD/$reports"
  (cd "$reports" && printf ' %s' *.html)
  printf '\n'
  printf '\nWhat to do next:\n'
  [[ "$1" == current ]] || printf '  eval "$(ci/cluster env)"                            # kubectl and helm for this cluster\n'
  cat <<NEXT
  helm list -A
  helm pgcheck checks                                 # every code, and what to do about it
  kubectl exec -it -n ${road_namespace_prefix}statefulset $road_release-postgres-0 -c postgres -- psql    # look at the rows
  helm pgcheck persistence $road_release -n ${road_namespace_prefix}statefulset         # once more, by hand
NEXT
  if [[ "$1" == current ]]; then
    printf '  ci/quickstart --cluster=current --down              # take it all down\n'
  else
    printf '  ci/quickstart --down                                # take it all down\n'
  fi
}

# take_down embedded|current
take_down() {
  if [[ "$1" == embedded ]]; then
    say_head "taking down the embedded cluster with everything in it"
    ci/cluster down
    return
  fi
  local namespace
  for namespace in "${road_namespace_prefix}statefulset" "${road_namespace_prefix}external" "$outside_namespace"; do
    say "deleting the namespace $namespace with its volumes"
    kubectl delete namespace "$namespace" --ignore-not-found --timeout=3m >/dev/null
  done
}
