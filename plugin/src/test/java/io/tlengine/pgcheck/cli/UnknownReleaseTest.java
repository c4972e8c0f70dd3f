package io.tlengine.pgcheck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.plan.Fixtures;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Helm may not list Secrets, so nobody knows whether this is an install or an upgrade. */
class UnknownReleaseTest {

  @TempDir static Path folder;
  private static RehearsedRun program;

  @BeforeAll
  static void start() throws Exception {
    program = new RehearsedRun(folder);
    program.helmSaysOfTheRelease(
        "query: failed to query with labels: secrets is forbidden: User \"looker\" cannot list"
            + " resource \"secrets\" in API group \"\" in the namespace \"shop\"");
    Files.write(
        folder.resolve("manifests.yaml"),
        Fixtures.text("our-statefulset").getBytes(StandardCharsets.UTF_8));
  }

  @AfterAll
  static void stop() {
    program.close();
  }

  private static ProgramRun run(String... words) {
    var line = new ArrayList<>(List.of(words));
    line.addAll(List.of("tl", "chart"));
    return program.of(Map.of("HELM_NAMESPACE", "shop"), line.toArray(String[]::new));
  }

  private static void assertGrant(String text) {
    assertTrue(text.replaceAll("\\s+", "").contains("--verb=list--resource=secrets"), text);
  }

  @Test
  void whatDependsOnItIsUnknownAndNamesTheRight() {
    var run = run("preflight", "--only", "PGC-207,PGC-809,PGC-810");

    assertEquals(ExitCode.INCOMPLETE, run.code(), run::toString);
    assertTrue(
        run.out().contains("0 passed, 0 failed, 0 warnings, 0 skipped, 3 unknown"), run.out());
    assertGrant(run.out());
  }

  @Test
  void valuesThatCannotBeReusedMakeNoPlan() {
    var run = run("preflight", "--reuse-values", "--only", "PGC-801");

    assertEquals(ExitCode.INCOMPLETE, run.code(), run::toString);
    assertTrue(run.out().contains("0 passed"), run.out());
    assertGrant(run.out());
  }

  @Test
  void norDoTheyMakeASecret() {
    var run = run("secret", "--reuse-values", "--dry-run");

    assertEquals(ExitCode.INCOMPLETE, run.code(), run::toString);
    assertEquals(1, run.err().lines().count(), run.err());
    assertGrant(run.err());
  }
}
