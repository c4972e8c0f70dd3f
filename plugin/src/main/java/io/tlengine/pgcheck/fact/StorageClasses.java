package io.tlengine.pgcheck.fact;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** All storage classes of the cluster (storage.k8s.io/v1). */
public record StorageClasses(List<StorageClassFact> items) {

  public StorageClasses {
    items = List.copyOf(items);
  }

  /**
   * One storage class.
   *
   * @param isDefault annotation storageclass.kubernetes.io/is-default-class, or its beta form
   * @param created metadata.creationTimestamp
   */
  public record StorageClassFact(
      String name, String provisioner, boolean isDefault, Instant created) {}

  public Optional<StorageClassFact> named(String name) {
    return items.stream().filter(c -> c.name().equals(name)).findFirst();
  }

  /** The default classes, the one that Kubernetes uses first: the most recently created wins. */
  public List<StorageClassFact> defaults() {
    return items.stream()
        .filter(StorageClassFact::isDefault)
        .sorted(Comparator.comparing(StorageClassFact::created).reversed())
        .toList();
  }

  public List<String> names() {
    return items.stream().map(StorageClassFact::name).sorted().toList();
  }
}
