package io.tlengine.pgcheck.fact;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.List;

/**
 * The network policies of the release's namespace, as they will be (networking.k8s.io/v1
 * NetworkPolicy): those that the release makes, and those of others that are there.
 */
public record NetworkPolicies(String namespace, List<NetworkPolicy> items) {

  public NetworkPolicies {
    items = List.copyOf(items);
  }
}
