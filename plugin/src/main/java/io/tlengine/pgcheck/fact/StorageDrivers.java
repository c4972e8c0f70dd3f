package io.tlengine.pgcheck.fact;

import java.util.List;
import java.util.Optional;

/** The storage drivers that the cluster knows (storage.k8s.io/v1 CSIDriver and CSINode). */
public record StorageDrivers(List<Driver> registered, List<OnNode> onNodes) {

  public StorageDrivers {
    registered = List.copyOf(registered);
    onNodes = List.copyOf(onNodes);
  }

  /**
   * A CSIDriver object.
   *
   * @param publishesCapacity spec.storageCapacity: it writes CSIStorageCapacity objects
   * @param attaches spec.attachRequired: its volumes are attached to nodes (VolumeAttachment)
   */
  public record Driver(String name, boolean publishesCapacity, boolean attaches) {}

  /**
   * A driver's entry in a node's CSINode object.
   *
   * @param topologyKeys the node labels by which the driver tells where a volume can be reached
   * @param limit allocatable.count: the volumes that may be attached to the node; empty: no limit
   */
  public record OnNode(
      String node, String driver, List<String> topologyKeys, Optional<Integer> limit) {

    public OnNode {
      topologyKeys = List.copyOf(topologyKeys);
    }
  }

  public Optional<Driver> named(String name) {
    return registered.stream().filter(d -> d.name().equals(name)).findFirst();
  }

  public List<OnNode> nodesWith(String driver) {
    return onNodes.stream().filter(n -> n.driver().equals(driver)).toList();
  }

  /** It has an object of its own, or a node has it. */
  public boolean present(String driver) {
    return named(driver).isPresent() || !nodesWith(driver).isEmpty();
  }
}
