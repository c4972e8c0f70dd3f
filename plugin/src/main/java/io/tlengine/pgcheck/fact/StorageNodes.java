package io.tlengine.pgcheck.fact;

import io.fabric8.kubernetes.api.model.Taint;
import java.util.List;
import java.util.Map;

/** The nodes, as far as they decide where a pod and its volume may be (v1 Node). */
public record StorageNodes(List<StorageNode> items) {

  public StorageNodes {
    items = List.copyOf(items);
  }

  /**
   * @param unschedulable spec.unschedulable: cordoned
   */
  public record StorageNode(
      String name, Map<String, String> labels, boolean unschedulable, List<Taint> taints) {

    public StorageNode {
      labels = Map.copyOf(labels);
      taints = List.copyOf(taints);
    }
  }
}
