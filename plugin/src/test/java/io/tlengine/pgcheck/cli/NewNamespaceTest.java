package io.tlengine.pgcheck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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

/** A namespace that does not exist: the API server of these runs knows none. */
class NewNamespaceTest {

  @TempDir static Path folder;
  private static RehearsedRun program;

  @BeforeAll
  static void start() throws Exception {
    program = new RehearsedRun(folder);
    Files.write(
        folder.resolve("manifests.yaml"),
        Fixtures.text("our-statefulset").getBytes(StandardCharsets.UTF_8));
  }

  @AfterAll
  static void stop() {
    program.close();
  }

  private static ProgramRun preflight(String... more) {
    var line = new ArrayList<>(List.of("preflight", "tl", "chart"));
    line.addAll(List.of("--only", "PGC-303,PGC-308,PGC-801"));
    line.addAll(List.of(more));
    return program.of(Map.of("HELM_NAMESPACE", "new-one"), line.toArray(String[]::new));
  }

  @Test
  void thatNobodyMakesFailsTheInstallAndSoThePreflight() {
    var run = preflight();

    assertEquals(ExitCode.FINDINGS, run.code(), run::toString);
    var said = run.out().replaceAll("\\s+", " ");
    assertTrue(
        said.contains("the namespace new-one does not exist and --create-namespace is not given"),
        run.out());
    assertTrue(said.contains("kubectl create namespace new-one; or add --create-namespace"), said);
    // What would lie in it is not a second fault.
    assertTrue(said.contains("1 passed, 1 failed, 0 warnings, 1 skipped, 0 unknown"), run.out());
  }

  @Test
  void thatHelmMakesIsNoFault() {
    var run = preflight("--create-namespace");

    assertEquals(ExitCode.CLEAN, run.code(), run::toString);
    assertTrue(run.out().contains("1 passed, 0 failed, 0 warnings, 2 skipped"), run.out());
    assertFalse(run.out().contains("does not exist"), run.out());
  }
}
