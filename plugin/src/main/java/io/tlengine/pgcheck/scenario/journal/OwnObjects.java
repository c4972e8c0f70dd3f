package io.tlengine.pgcheck.scenario.journal;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Locale;
import java.util.Optional;

/**
 * Names and labels of the objects that a run makes beside the release. They carry no label or
 * annotation that Helm or Argo CD track by, so that neither prunes nor adopts them.
 */
public final class OwnObjects {

  /** The field manager of our writes, as metadata.managedFields names it. */
  public static final String FIELD_MANAGER = "pgcheck";

  static final String MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";
  static final String MANAGER = "pgcheck";
  private static final String RELEASE_ANNOTATION = "pgcheck.io/release";

  /** Of which every journal's name begins. */
  static final String JOURNAL = "pgcheck-journal-";

  private OwnObjects() {}

  static String journalName(String release) {
    return JOURNAL + nameOf(release);
  }

  /** The name of the release's Lease. */
  public static String leaseName(String release) {
    return "pgcheck-" + nameOf(release);
  }

  static ObjectMeta metadata(String name, String namespace, String release) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(namespace)
        .addToLabels(MANAGED_BY_LABEL, MANAGER)
        .addToAnnotations(RELEASE_ANNOTATION, release)
        .build();
  }

  /** The release that an object of ours lies beside, as {@link #metadata} wrote it. */
  static Optional<String> release(HasMetadata object) {
    return Optional.ofNullable(object.getMetadata().getAnnotations())
        .map(a -> a.getOrDefault(RELEASE_ANNOTATION, ""))
        .filter(r -> !r.isEmpty());
  }

  /** A label's value may have capitals, underscores and dots; two that differ stay different. */
  private static String nameOf(String release) {
    var name = release.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-");
    return name.equals(release) ? name : name + "-x" + Integer.toHexString(release.hashCode());
  }
}
