package io.tlengine.pgcheck.gather.storage;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.TopologySelectorTerm;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.tlengine.pgcheck.fact.ClaimUsers;
import io.tlengine.pgcheck.fact.Claims;
import io.tlengine.pgcheck.fact.Claims.ClaimFact;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.StorageClasses;
import io.tlengine.pgcheck.fact.StorageClasses.StorageClassFact;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.api.Reads;
import io.tlengine.pgcheck.gather.rbac.ApiRight;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads storage classes, claims and the pods that mount them. */
public final class StorageGatherer {

  /** Storage classes belong to no namespace. */
  public static final ApiRight LIST_CLASSES =
      ApiRight.inCluster("storage.k8s.io", "storageclasses", "list");

  /** Claims are read in the release's namespace alone. */
  public static final ApiRight LIST_CLAIMS =
      ApiRight.inNamespace("", "persistentvolumeclaims", "list");

  static final ApiRight LIST_PODS = ApiRight.inNamespace("", "pods", "list");

  private static final List<String> DEFAULT_CLASS_ANNOTATIONS =
      List.of(
          "storageclass.kubernetes.io/is-default-class",
          "storageclass.beta.kubernetes.io/is-default-class");

  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  private final Cluster cluster;

  public StorageGatherer(Cluster cluster) {
    this.cluster = cluster;
  }

  /** All storage classes of the cluster. */
  public Fact<StorageClasses> storageClasses() {
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

  /** Which pods of the namespace mount these claims; none of them: nothing is read. */
  public Fact<ClaimUsers> users(String namespace, Set<String> claims) {
    if (claims.isEmpty()) {
      return Fact.known(new ClaimUsers(Map.of()));
    }
    return Reads.fact(
        LIST_PODS,
        namespace,
        () -> {
          Map<String, List<String>> users = new HashMap<>();
          cluster.client().pods().inNamespace(namespace).list().getItems().stream()
              .filter(p -> !ENDED.contains(p.getStatus().getPhase()))
              .forEach(
                  p ->
                      mounted(p).stream()
                          .filter(claims::contains)
                          .forEach(
                              c ->
                                  users
                                      .computeIfAbsent(c, n -> new ArrayList<>())
                                      .add(p.getMetadata().getName())));
          return new ClaimUsers(users);
        });
  }

  private static Set<String> mounted(Pod pod) {
    return pod.getSpec().getVolumes().stream()
        .filter(v -> v.getPersistentVolumeClaim() != null)
        .map(v -> v.getPersistentVolumeClaim().getClaimName())
        .collect(Collectors.toSet());
  }

  private static StorageClassFact fact(StorageClass storageClass) {
    var metadata = storageClass.getMetadata();
    return new StorageClassFact(
        metadata.getName(),
        storageClass.getProvisioner(),
        isDefault(metadata),
        Instant.parse(metadata.getCreationTimestamp()),
        Objects.requireNonNullElse(storageClass.getVolumeBindingMode(), "Immediate"),
        Boolean.TRUE.equals(storageClass.getAllowVolumeExpansion()),
        Objects.requireNonNullElse(storageClass.getReclaimPolicy(), "Delete"),
        storageClass.getAllowedTopologies().stream().map(StorageGatherer::topology).toList());
  }

  private static Map<String, List<String>> topology(TopologySelectorTerm term) {
    return term.getMatchLabelExpressions().stream()
        .collect(Collectors.toMap(e -> e.getKey(), e -> List.copyOf(e.getValues()), (a, b) -> b));
  }

  private static boolean isDefault(ObjectMeta metadata) {
    var annotations = metadata.getAnnotations();
    return annotations != null
        && DEFAULT_CLASS_ANNOTATIONS.stream()
            .anyMatch(name -> "true".equals(annotations.get(name)));
  }

  private static ClaimFact fact(PersistentVolumeClaim claim) {
    var metadata = claim.getMetadata();
    var resources = claim.getSpec().getResources();
    var request = resources == null ? null : resources.getRequests().get("storage");
    return new ClaimFact(
        metadata.getName(),
        metadata.getUid(),
        claim.getStatus().getPhase(),
        Optional.ofNullable(claim.getSpec().getStorageClassName()),
        Objects.requireNonNullElse(claim.getSpec().getVolumeName(), ""),
        request == null ? 0 : Quantity.getAmountInBytes(request).longValue(),
        claim.getSpec().getAccessModes(),
        metadata.getLabels() == null ? Map.of() : metadata.getLabels(),
        Instant.parse(metadata.getCreationTimestamp()));
  }
}
