package io.tlengine.pgcheck.gather;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.tlengine.pgcheck.fact.Claims;
import io.tlengine.pgcheck.fact.Claims.ClaimFact;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.StorageClasses;
import io.tlengine.pgcheck.fact.StorageClasses.StorageClassFact;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reads storage classes and claims. */
final class StorageGatherer {

  static final ApiRight LIST_CLASSES =
      ApiRight.inCluster("storage.k8s.io", "storageclasses", "list");
  static final ApiRight LIST_CLAIMS = ApiRight.inNamespace("", "persistentvolumeclaims", "list");

  private static final List<String> DEFAULT_CLASS_ANNOTATIONS =
      List.of(
          "storageclass.kubernetes.io/is-default-class",
          "storageclass.beta.kubernetes.io/is-default-class");

  private final Cluster cluster;

  StorageGatherer(Cluster cluster) {
    this.cluster = cluster;
  }

  Fact<StorageClasses> storageClasses() {
    return Reads.fact(
        LIST_CLASSES,
        "",
        () ->
            new StorageClasses(
                cluster.client().storage().v1().storageClasses().list().getItems().stream()
                    .map(StorageGatherer::fact)
                    .toList()));
  }

  Fact<Claims> claims(String namespace) {
    return Reads.fact(
        LIST_CLAIMS,
        namespace,
        () ->
            new Claims(
                cluster
                    .client()
                    .persistentVolumeClaims()
                    .inNamespace(namespace)
                    .list()
                    .getItems()
                    .stream()
                    .map(StorageGatherer::fact)
                    .toList()));
  }

  private static StorageClassFact fact(StorageClass storageClass) {
    var metadata = storageClass.getMetadata();
    return new StorageClassFact(
        metadata.getName(),
        storageClass.getProvisioner(),
        isDefault(metadata),
        Instant.parse(metadata.getCreationTimestamp()));
  }

  private static boolean isDefault(ObjectMeta metadata) {
    var annotations = metadata.getAnnotations();
    return annotations != null
        && DEFAULT_CLASS_ANNOTATIONS.stream()
            .anyMatch(name -> "true".equals(annotations.get(name)));
  }

  private static ClaimFact fact(PersistentVolumeClaim claim) {
    return new ClaimFact(
        claim.getMetadata().getName(),
        claim.getMetadata().getUid(),
        claim.getStatus().getPhase(),
        Optional.ofNullable(claim.getSpec().getStorageClassName()),
        Optional.ofNullable(claim.getSpec().getVolumeName()).orElse(""));
  }
}
