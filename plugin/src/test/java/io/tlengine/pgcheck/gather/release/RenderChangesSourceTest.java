package io.tlengine.pgcheck.gather.release;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tlengine.pgcheck.gather.helm.Manifests;
import java.util.List;
import org.junit.jupiter.api.Test;

class RenderChangesSourceTest {

  private static final String SECRET =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: db, annotations: {at: monday}}
      data: {password: c2VjcmV0, user: YXBw}
      """;

  private static List<String> changes(String first, String second) {
    return RenderChangesSource.changes(Manifests.parse(first), Manifests.parse(second));
  }

  @Test
  void equalManifestsDoNotDiffer() {
    assertEquals(List.of(), changes(SECRET, SECRET));
  }

  @Test
  void theFieldsThatDifferAreNamedAndNotTheirValues() {
    assertEquals(
        List.of("Secret/db data.password", "Secret/db metadata.annotations.at"),
        changes(SECRET, SECRET.replace("c2VjcmV0", "b3RoZXI=").replace("monday", "tuesday")));
  }

  @Test
  void anObjectOfOneRenderingOnlyIsNamed() {
    assertEquals(
        List.of("Secret/db (rendered once only)", "Secret/db2 (rendered once only)"),
        changes(SECRET, SECRET.replace("name: db", "name: db2")));
  }
}
