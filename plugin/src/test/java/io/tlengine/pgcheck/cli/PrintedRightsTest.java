package io.tlengine.pgcheck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The printed Role of one check gives what this check takes of the chart's own kinds. */
class PrintedRightsTest {

  @TempDir static Path folder;
  private static RehearsedRun program;

  @BeforeAll
  static void start() throws Exception {
    program = new RehearsedRun(folder);
    Files.writeString(
        folder.resolve("manifests.yaml"),
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: probe}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: hook, annotations: {helm.sh/hook: pre-install}}
        """);
  }

  @AfterAll
  static void stop() {
    program.close();
  }

  private static String printed(String code) {
    var run =
        program.of(
            Map.of("HELM_NAMESPACE", "shop"),
            "preflight",
            "tl",
            "chart",
            "--print-rbac",
            "--only",
            code);
    assertEquals(ExitCode.CLEAN, run.code(), run::toString);
    return run.out();
  }

  private static void assertRule(String group, String resources, String verbs, String printed) {
    var rule = "apiGroups: [\"%s\"] resources: [%s] verbs: [%s]".formatted(group, resources, verbs);
    assertTrue(printed.replaceAll("\\s+", " ").contains(rule), printed);
  }

  @Test
  void whoOwnsTheNamesTakesToReadThem() {
    var printed = printed("PGC-809");

    assertRule("apps", "\"statefulsets\"", "\"get\"", printed);
    assertTrue(printed.contains("\"pods\""), printed);
    for (var other : new String[] {"create", "delete", "patch", "update", "configmaps"}) {
      assertFalse(printed.contains('"' + other + '"'), printed);
    }
  }

  @Test
  void theDryRunOfAnUpgradeTakesToPatchThem() {
    var printed = printed("PGC-810");

    assertRule("apps", "\"statefulsets\"", "\"get\", \"patch\"", printed);
    for (var other : new String[] {"create", "delete", "update", "configmaps"}) {
      assertFalse(printed.contains('"' + other + '"'), printed);
    }
  }

  @Test
  void theInstallersRightsAreAllOfThem() {
    var printed = printed("PGC-302");

    assertRule("apps", "\"statefulsets\"", "\"create\", \"get\", \"patch\"", printed);
    assertTrue(printed.contains("\"configmaps\""), printed);
  }
}
