#!/usr/bin/env bash
# No default storage class, and two of them, made for real: PGC-201 alone finds it, and its remedy works when pasted.
# The default class is every test's, so no other one runs beside this. Needs the cluster.
set -uo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=ci/lib/tap.sh
source ci/lib/tap.sh
# shellcheck source=ci/lib/e2e.sh
source ci/lib/e2e.sh

namespace=tl-preflight-defaults annotation=storageclass.kubernetes.io/is-default-class
fresh_database_namespace "$namespace"
install_plugin_for_test 4
default=$(kubectl get storageclass -o json |
  jq -r --arg key "$annotation" '.items[].metadata | select(.annotations[$key] == "true").name')
check "the cluster has one default class" test "$(wc -w <<<"$default")" = 1
at_end "kubectl annotate --overwrite storageclass '$default' $annotation=true >/dev/null 2>&1
  kubectl delete storageclass tl-second-default --ignore-not-found >/dev/null 2>&1"

preflight() {
  run_pgcheck preflight d charts/tl-engine -f values/statefulset.yaml -f ci/images/values.yaml -n "$namespace" -o json
}

preflight
sound "one default class: passed"

kubectl annotate --overwrite storageclass "$default" "$annotation=false" >/dev/null
preflight
found "no default class: an error" PGC-201 error 'the cluster has no default one'
check "  its remedy can be pasted" pasted "$(remedies PGC-201 'kubectl annotate')"
preflight
sound "  and mends it"

kubectl get storageclass "$default" -o json | jq '.metadata |= {name: "tl-second-default", annotations}' |
  kubectl apply -f - >/dev/null
preflight
found "two default classes: a warning that names the one that is used" PGC-201 warning 'there are 2 default storage classes.*the most recently created, tl-second-default'
check "  its remedy can be pasted" pasted "$(remedies PGC-201 'kubectl annotate')"
preflight
sound "  and mends it"

finish preflight-defaults
