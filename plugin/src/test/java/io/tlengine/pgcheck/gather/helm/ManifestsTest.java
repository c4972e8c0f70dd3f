package io.tlengine.pgcheck.gather.helm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.tlengine.pgcheck.gather.failure.GatherException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ManifestsTest {

  private static final String DEPLOYMENT =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: app
        annotations: {kept: "yes", not-set: %s}
      spec:
        template:
          spec:
            containers: [%s]
      """;

  @Test
  void aValueThatWasNotSetIsNotThere() {
    var found =
        assertInstanceOf(
            Deployment.class,
            Manifests.parse(DEPLOYMENT.formatted("null", "{name: app}")).getFirst());

    assertEquals(Map.of("kept", "yes"), found.getMetadata().getAnnotations());
  }

  @Test
  void whatLacksPartsIsLeftToTheServer() {
    for (var container : new String[] {"{}", "null", "{name: app}, null"}) {
      assertInstanceOf(
          GenericKubernetesResource.class,
          Manifests.parse(DEPLOYMENT.formatted("\"\"", container)).getFirst(),
          container);
    }
  }

  @Test
  void whatIsNoObjectIsToldByItsTemplate() {
    var refusal =
        assertThrows(
            GatherException.class,
            () -> Manifests.parse("# Source: app/templates/odd.yaml\nkind: Service\n"));

    assertTrue(
        String.valueOf(refusal.getMessage())
            .startsWith("the template app/templates/odd.yaml is no"),
        refusal::getMessage);
  }
}
