package io.tlengine.pgcheck.plan;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.tlengine.pgcheck.plan.StoragePlan.RenderedClaim;
import io.tlengine.pgcheck.plan.StoragePlan.SetStorage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads from rendered manifests what a release does with volumes. */
public final class StoragePlanReader {

  private static final String HOOK = "helm.sh/hook";
  private static final String RESOURCE_POLICY = "helm.sh/resource-policy";
  private static final String ROLE = "pgcheck.io/role";

  /** charts/tl-engine alone sets it on its database sets. */
  private static final String TOPOLOGY = "pgcheck.io/topology";

  private StoragePlanReader() {}

  public static StoragePlan read(List<HasMetadata> manifests) {
    return new StoragePlan(
        manifests.stream()
            .filter(StatefulSet.class::isInstance)
            .map(StatefulSet.class::cast)
            .filter(s -> !s.getSpec().getVolumeClaimTemplates().isEmpty())
            .map(StoragePlanReader::set)
            .toList(),
        manifests.stream()
            .filter(PersistentVolumeClaim.class::isInstance)
            .filter(c -> !annotations(c).containsKey(HOOK))
            .map(
                c ->
                    new RenderedClaim(
                        c.getMetadata().getName(),
                        "keep".equals(annotations(c).get(RESOURCE_POLICY))))
            .toList());
  }

  private static SetStorage set(StatefulSet set) {
    var policy = set.getSpec().getPersistentVolumeClaimRetentionPolicy();
    return new SetStorage(
        set.getMetadata().getName(),
        "standby".equals(annotations(set).get(ROLE)),
        annotations(set).containsKey(TOPOLOGY),
        orRetain(policy == null ? null : policy.getWhenDeleted()),
        orRetain(policy == null ? null : policy.getWhenScaled()),
        set.getSpec().getVolumeClaimTemplates().stream()
            .filter(t -> "Block".equals(t.getSpec().getVolumeMode()))
            .map(t -> t.getMetadata().getName())
            .toList());
  }

  private static String orRetain(@Nullable String policy) {
    return policy == null ? "Retain" : policy;
  }

  private static Map<String, String> annotations(HasMetadata object) {
    var annotations = object.getMetadata().getAnnotations();
    return annotations == null ? Map.of() : annotations;
  }
}
