package io.tlengine.pgcheck.fact;

import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;
import java.util.Optional;

/**
 * What drivers publish about room, and what is attached. Read only for the drivers of the planned
 * claims that publish something.
 */
public record StorageRoom(List<Segment> segments, List<Attached> attached) {

  public StorageRoom {
    segments = List.copyOf(segments);
    attached = List.copyOf(attached);
  }

  /**
   * A CSIStorageCapacity object: the room for volumes of one class in one part of the cluster.
   *
   * @param nodes nodeTopology: the labels of the nodes that reach it; empty: none does
   * @param capacityBytes what is free; empty: not known
   * @param maximumBytes the largest single volume; empty: not known
   */
  public record Segment(
      String storageClass,
      Optional<LabelSelector> nodes,
      Optional<Long> capacityBytes,
      Optional<Long> maximumBytes) {

    /** What the scheduler compares a claim with: the largest volume, else what is free. */
    public Optional<Long> limitBytes() {
      return maximumBytes.or(() -> capacityBytes);
    }
  }

  /** How many volumes of a driver are attached to a node (VolumeAttachment). */
  public record Attached(String node, String driver, int volumes) {}

  public int attachedTo(String node, String driver) {
    return attached.stream()
        .filter(a -> a.node().equals(node) && a.driver().equals(driver))
        .mapToInt(Attached::volumes)
        .sum();
  }
}
