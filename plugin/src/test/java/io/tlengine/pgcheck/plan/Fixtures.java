package io.tlengine.pgcheck.plan;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.tlengine.pgcheck.gather.helm.Manifests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The manifests under src/test/resources/manifests, as they are or with a fault put in. */
public final class Fixtures {

  private Fixtures() {}

  /** The plan of a fixture in which a text was replaced; one that is not there is a mistake. */
  public static Plan plan(String name, String text, String replacement) {
    var yaml = text(name);
    if (!yaml.contains(text)) {
      throw new IllegalArgumentException(name + " does not hold " + text);
    }
    return PlanReader.read(Manifests.parse(yaml.replace(text, replacement)));
  }

  public static Plan plan(String name) {
    return PlanReader.read(manifests(name));
  }

  static List<HasMetadata> manifests(String name) {
    return Manifests.parse(text(name));
  }

  public static String text(String name) {
    try (var in = Fixtures.class.getResourceAsStream("/manifests/" + name + ".yaml")) {
      if (in == null) {
        throw new IllegalArgumentException("no fixture " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
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
