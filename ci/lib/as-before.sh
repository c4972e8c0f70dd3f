# shellcheck shell=bash
# Whether a namespace is as it was: every object but for what changes by itself. Needs kubectl and jq.

# objects_of NAMESPACE: each of its objects on one line, without the UIDs and names of nodes that new pods have, and
# without resourceVersion, generation, status and times. Who owns which field counts.
objects_of() {
  local kinds
  kinds=$(kubectl api-resources --namespaced --verbs=list -o name | grep -vE '^events(\.|$)|^endpoints|\.metrics\.k8s\.io$' |
    paste -sd,) || return 1
  kubectl get "$kinds" -n "$1" -o json --show-managed-fields | jq -cS '
    # A new pod of a StatefulSet gets its name back and little else: what its set says about it counts, and that is
    # compared.
    .items[]
    | select(.kind == "ControllerRevision" | not)
    | if .kind == "Pod" or .kind == "EndpointSlice" then
        {kind, name: (if .kind == "Pod" and all(.metadata.ownerReferences[]?; .kind != "ReplicaSet")
            then .metadata.name else "" end),
          labels: (.metadata.labels // {} | del(.["endpointslice.kubernetes.io/managed-by",
            "topology.kubernetes.io/zone", "topology.kubernetes.io/region"])),
          containers: [.spec.containers[]? | {name, image, env}]}
      else
        del(.metadata.resourceVersion, .metadata.generation, .status)
        | .metadata.managedFields |= ((. // []) | map(select(.subresource != "status") | del(.time))
            | sort_by(.manager, .operation, .subresource))
        # The scheduler and the attach controller write here when a pod uses the claim again.
        | if .kind == "PersistentVolumeClaim"
          then del(.metadata.annotations["volume.kubernetes.io/selected-node"]) else . end
      end'
}

# remember_objects NAMESPACE FILE: a kind that goes away between the two requests, as another test's, makes it look again.
remember_objects() {
  local tries
  for tries in 1 2 3 4 5; do
    if objects_of "$1" >"$2"; then return; fi
    sleep "$tries"
  done
  return 1
}

# as_before BEFORE NAMESPACE: BEFORE is a file with what objects_of printed; polls for a while, since pods take a
# moment to be gone.
as_before() {
  local before=$1 namespace=$2 now end=$((SECONDS + 60))
  until now=$(objects_of "$namespace") && diff <(sort "$before") <(sort <<<"$now") >/dev/null; do
    if ((SECONDS >= end)); then
      diff <(sort "$before") <(sort <<<"$now")
      return 1
    fi
    sleep 1
  done
}
