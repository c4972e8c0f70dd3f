package io.tlengine.pgcheck.check.database;

import static io.tlengine.pgcheck.check.Databases.database;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tlengine.pgcheck.check.Databases;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.DatabaseFacts.ManagedService;
import io.tlengine.pgcheck.fact.FactKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsInForceCheckTest {

  private static Outcome judge(Databases situation) {
    return Situations.judge(new SettingsInForceCheck(), FactKey.DATABASE_FACTS, situation.facts());
  }

  @Test
  void nothingPendingPasses() {
    var evidence = passed(judge(database()));
    assertEquals(List.of(), evidence.get("settingsThatWaitForARestart"));
    assertEquals("not looked at, only superusers may", evidence.get("configurationFiles"));
    assertEquals(
        "without errors",
        passed(judge(database().configurationErrors())).get("configurationFiles"));
  }

  @Test
  void settingsThatWaitForARestartAreAWarning() {
    var finding =
        onlyFinding(judge(database().pendingRestart("max_connections", "shared_buffers")));

    assertEquals(Severity.WARNING, finding.severity());
    assertEquals(
        "settings wait for a restart of the server: max_connections, shared_buffers",
        finding.message());
  }

  @Test
  void errorsInAFileAreAWarning() {
    assertEquals(
        "/etc/postgresql.conf line 3 port: invalid value",
        onlyFinding(
                judge(
                    database()
                        .configurationErrors("/etc/postgresql.conf line 3 port: invalid value")))
            .detail());
  }

  @Test
  void aManagedServiceRestartsWhenItLikes() {
    passed(judge(database().managedBy(ManagedService.RDS).pendingRestart("max_connections")));
  }
}
