package io.tlengine.pgcheck.gather.release;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.tlengine.pgcheck.gather.helm.Manifests;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LiveSetSourceTest {

  private static StatefulSet set(String port) {
    return (StatefulSet)
        Manifests.parse(
                """
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: db}
                spec:
                  template:
                    spec:
                      containers:
                        - {name: metrics, image: "exporter:0.17", ports: [{containerPort: 9187}]}
                        - {name: server, image: "postgres:17", ports: [{containerPort: %s}]}
                """
                    .formatted(port))
            .getFirst();
  }

  @Test
  void theImageIsThatOfTheServersContainer() {
    assertEquals(Optional.of("postgres:17"), LiveSetSource.image(set("5432")));
  }

  @Test
  void ofASetWithoutAServerNoImageCounts() {
    assertEquals(Optional.empty(), LiveSetSource.image(set("6379")));
  }
}
