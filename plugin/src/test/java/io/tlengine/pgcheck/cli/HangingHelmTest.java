package io.tlengine.pgcheck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.plan.Fixtures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one source asks of Helm may take longer than the run has left: the others still count. */
class HangingHelmTest {

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

  @ParameterizedTest
  @CsvSource({"history, pending-upgrade, PGC-809", "get, deployed, PGC-810"})
  void onlyWhatItWouldHaveSaidIsUnknown(String command, String status, String code)
      throws IOException {
    program.helmKnowsTheRelease(status);
    program.helmHangsAt(command);

    var run =
        program.of(
            Map.of("HELM_NAMESPACE", "shop"),
            "preflight",
            "tl",
            "chart",
            "--timeout",
            "2s",
            "--only",
            "PGC-801," + code);

    assertEquals(ExitCode.INCOMPLETE, run.code(), run::toString);
    var said = run.out().replaceAll("\\s+", " ");
    assertTrue(said.contains("1 passed, 0 failed, 0 warnings, 0 skipped, 1 unknown"), said);
    assertTrue(said.contains("helm " + command + " did not end within"), said);
    assertTrue(said.contains("give it more time with --timeout"), said);
  }
}
