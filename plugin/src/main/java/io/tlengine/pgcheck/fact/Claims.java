package io.tlengine.pgcheck.fact;

import java.time.Instant;
import java.util.List;
import java.util.Map;
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
   * @param requestedBytes spec.resources.requests.storage
   * @param created metadata.creationTimestamp
   */
  public record ClaimFact(
      String name,
      String uid,
      String phase,
      Optional<String> storageClass,
      String volume,
      long requestedBytes,
      List<String> accessModes,
      Map<String, String> labels,
      Instant created) {

    public ClaimFact {
      accessModes = List.copyOf(accessModes);
      labels = Map.copyOf(labels);
    }

    public boolean bound() {
      return phase.equals("Bound");
    }

    /** The release whose set made it, by the labels that charts put there. */
    public Optional<String> release() {
      return RELEASE_LABELS.stream().filter(labels::containsKey).findFirst().map(labels::get);
    }
  }

  /** The recommended label, and the one of older charts. */
  private static final List<String> RELEASE_LABELS =
      List.of("app.kubernetes.io/instance", "release");

  public Optional<ClaimFact> named(String name) {
    return items.stream().filter(c -> c.name().equals(name)).findFirst();
  }
}
