package io.tlengine.pgcheck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreTest {

  @TempDir Path folder;

  /** The API server of this run knows no objects, and its helm no release. */
  @Test
  void aNameThatIsNothingIsAUsageErrorAndTakesNoLease() throws Exception {
    try (var program = new RehearsedRun(folder)) {
      assertEquals(
          new ProgramRun(
              ExitCode.USAGE,
              "",
              "pgcheck: no release no-such in shop and nothing of it to put back\n"),
          program.of(
              Map.of("HELM_NAMESPACE", "shop"),
              "persistence",
              "no-such",
              "--restore",
              "--timeout",
              "5s"));
    }
  }

  @Test
  void theReleasesThatHaveAJournalAreNamed() {
    assertEquals(
        "no release lt in shop and nothing of it to put back; there is a journal of: db, tl",
        PersistenceCommand.nothingToRestore("release lt", "shop", List.of("db", "tl")));
  }
}
