package io.tlengine.pgcheck.plan;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.tlengine.pgcheck.gather.Manifests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The manifests under src/test/resources/manifests. */
final class Fixtures {

  private Fixtures() {}

  static List<HasMetadata> manifests(String name) {
    try (var in = Fixtures.class.getResourceAsStream("/manifests/" + name + ".yaml")) {
      if (in == null) {
        throw new IllegalArgumentException("no fixture " + name);
      }
      return Manifests.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static StatefulSet set(String name) {
    return manifests(name).stream()
        .filter(StatefulSet.class::isInstance)
        .map(StatefulSet.class::cast)
        .findFirst()
        .orElseThrow();
  }
}
