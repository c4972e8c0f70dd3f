package io.tlengine.pgcheck.gather.install;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import java.util.List;

/** What the release brings itself, so that it cannot be there at a dry run. */
record ReleaseNames(List<HasMetadata> manifests) {

  boolean makesNamespace(String name) {
    return makes("Namespace", name);
  }

  boolean makes(String kind, String name) {
    return manifests.stream()
        .anyMatch(m -> m.getKind().equals(kind) && m.getMetadata().getName().equals(name));
  }

  /** The kind's definition is among the manifests. */
  boolean defines(HasMetadata object) {
    return manifests.stream()
        .filter(CustomResourceDefinition.class::isInstance)
        .map(m -> ((CustomResourceDefinition) m).getSpec())
        .anyMatch(
            d ->
                d.getNames().getKind().equals(object.getKind())
                    && d.getGroup().equals(ApiKinds.group(object)));
  }
}
