package io.tlengine.pgcheck.fact;

import io.fabric8.kubernetes.api.model.Taint;
import io.tlengine.pgcheck.plan.Amounts;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The cluster's nodes, and what is taken of them by others than the release.
 *
 * @param more there are more nodes than these
 * @param gap why the pods on them could not be seen, if so
 * @param grant what to do about the gap
 */
public record Nodes(List<Node> items, boolean more, Optional<String> gap, String grant) {

  public Nodes {
    items = List.copyOf(items);
  }

  /**
   * @param allocatable status.allocatable, with the number of pods as "pods"
   * @param taken the requests of all other pods on it; empty when they were not looked at
   * @param elastic virtual, or of a group that an autoscaler may let grow
   */
  public record Node(
      String name,
      Map<String, String> labels,
      List<Taint> taints,
      boolean unschedulable,
      Amounts allocatable,
      Optional<Amounts> taken,
      boolean elastic) {
    public Node {
      labels = Map.copyOf(labels);
      taints = List.copyOf(taints);
    }
  }
}
