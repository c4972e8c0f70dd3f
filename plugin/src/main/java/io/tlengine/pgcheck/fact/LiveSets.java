package io.tlengine.pgcheck.fact;

import java.util.List;
import java.util.Optional;

/**
 * The StatefulSets of the plan that exist already.
 *
 * @param release the release that is going to be installed
 * @param namespace where it is going to be installed
 * @param installed Helm knows the release, so this is an upgrade
 */
public record LiveSets(String release, String namespace, boolean installed, List<LiveSet> items) {

  public LiveSets {
    items = List.copyOf(items);
  }

  /**
   * @param owner the release it belongs to: annotation meta.helm.sh/release-name, else the label
   *     app.kubernetes.io/instance (Argo CD)
   * @param replicas spec.replicas
   * @param image of the container that runs PostgreSQL; empty when none is known to
   */
  public record LiveSet(
      String name, Optional<String> owner, int replicas, Optional<String> image) {}

  public Optional<LiveSet> named(String name) {
    return items.stream().filter(s -> s.name().equals(name)).findFirst();
  }
}
