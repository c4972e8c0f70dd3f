package io.tlengine.pgcheck.gather.api;

import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.Grant;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads Secrets and ConfigMaps. What it returns holds secret values: it is used at once, never kept
 * in a fact and never printed.
 */
public final class Secrets {

  private final Cluster cluster;
  private final String namespace;

  public Secrets(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  public String namespace() {
    return namespace;
  }

  /** The values by key; an empty Optional when there is no such Secret. */
  public Fact<Optional<Map<String, String>>> secret(String name) {
    return Reads.fact(
        "read the Secret " + namespace + "/" + name,
        Grant.inNamespace(
            "pgcheck-secret-" + name,
            namespace,
            "--verb=get --resource=secrets --resource-name=" + name),
        () ->
            Optional.ofNullable(
                    cluster.client().secrets().inNamespace(namespace).withName(name).get())
                .map(
                    s ->
                        s.getData() == null
                            ? Map.<String, String>of()
                            : s.getData().entrySet().stream()
                                .collect(
                                    Collectors.toMap(
                                        Map.Entry::getKey, e -> decode(e.getValue())))));
  }

  /** The values by key; an empty Optional when there is no such ConfigMap. */
  public Fact<Optional<Map<String, String>>> configMap(String name) {
    return Reads.fact(
        "read the ConfigMap " + namespace + "/" + name,
        Grant.inNamespace(
            "pgcheck-config-" + name,
            namespace,
            "--verb=get --resource=configmaps --resource-name=" + name),
        () ->
            Optional.ofNullable(
                    cluster.client().configMaps().inNamespace(namespace).withName(name).get())
                .map(c -> c.getData() == null ? Map.<String, String>of() : c.getData()));
  }

  /** The API server keeps base64 alone; what a proxy made of it is taken as it is. */
  private static String decode(String base64) {
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return base64;
    }
  }
}
