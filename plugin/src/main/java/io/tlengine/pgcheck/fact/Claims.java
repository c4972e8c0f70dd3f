package io.tlengine.pgcheck.fact;

import java.util.List;
import java.util.Optional;

/** The claims of the release's namespace (v1 PersistentVolumeClaim). */
public record Claims(List<ClaimFact> items) {

  public Claims {
    items = List.copyOf(items);
  }

  /**
   * One claim.
   *
   * @param phase status.phase: Pending, Bound or Lost
   * @param storageClass spec.storageClassName, empty when the field is not set
   * @param volume spec.volumeName, empty until it is bound
   */
  public record ClaimFact(
      String name, String uid, String phase, Optional<String> storageClass, String volume) {}

  public Optional<ClaimFact> named(String name) {
    return items.stream().filter(c -> c.name().equals(name)).findFirst();
  }
}
