package io.tlengine.pgcheck.scenario.pod;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.gather.api.Cluster;

/** What the cluster's events say about one object. */
public record Warnings(Cluster cluster, String namespace) {

  /** The newest warning about this very object; who may not list events gets none. */
  public String newest(HasMetadata object) {
    try {
      return cluster
          .client()
          .v1()
          .events()
          .inNamespace(namespace)
          .withField("involvedObject.uid", object.getMetadata().getUid())
          .list()
          .getItems()
          .stream()
          .filter(e -> "Warning".equals(e.getType()))
          .reduce((a, b) -> b)
          .map(e -> e.getReason() + ": " + e.getMessage().lines().findFirst().orElse(""))
          .orElse("");
    } catch (KubernetesClientException e) {
      return "";
    }
  }
}
