package io.tlengine.pgcheck.check.database;

import static io.tlengine.pgcheck.check.Databases.database;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Databases;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.check.Sql;
import io.tlengine.pgcheck.fact.DatabaseFacts.ManagedService;
import io.tlengine.pgcheck.fact.FactKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommitsAreDurableCheckTest {

  private static Outcome judge(Databases situation) {
    return Situations.judge(
        new CommitsAreDurableCheck(), FactKey.DATABASE_FACTS, situation.facts());
  }

  @Test
  void aServerWithItsDefaultsPasses() {
    assertEquals("on", passed(judge(database())).get("fsync"));
  }

  @Test
  void fsyncOffIsAnErrorAndIsTakenBackWhereItWasMade() {
    var finding = onlyFinding(judge(database().setting("fsync", "off", "configuration file")));

    assertEquals(Severity.ERROR, finding.severity());
    assertEquals("fsync is off; wanted: on", finding.message());
    assertTrue(finding.remedy().startsWith("ALTER SYSTEM RESET fsync;"), finding.remedy());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "global | ALTER ROLE ALL RESET synchronous_commit;",
        "user | ALTER ROLE \"app\" RESET synchronous_commit;",
        "database | ALTER DATABASE \"engine\" RESET synchronous_commit;",
        "database user | ALTER ROLE \"app\" IN DATABASE \"engine\" RESET synchronous_commit;",
      })
  void synchronousCommitOffIsAWarningAnywhere(String origin, String remedy) {
    var situation = database().setting("synchronous_commit", "off", origin);

    assertEquals(Severity.WARNING, onlyFinding(judge(situation)).severity());
    assertEquals(remedy, onlyFinding(judge(situation.managedBy(ManagedService.NEON))).remedy());
  }

  @Test
  void aSettingForAllRolesIsNotTheServers() {
    assertEquals(
        "set for all roles (ALTER ROLE ALL)",
        Sql.origin(
            database().setting("synchronous_commit", "off", "global").facts(),
            "synchronous_commit"));
  }

  @Test
  void fullPageWritesOffIsAWarning() {
    assertEquals(
        Severity.WARNING,
        onlyFinding(judge(database().setting("full_page_writes", "off", "configuration file")))
            .severity());
  }

  /** Its storage nodes make commits durable, not the local disk. */
  @Test
  void aManagedServiceMaySetWhatItLikes() {
    var situation =
        database()
            .managedBy(ManagedService.NEON)
            .setting("fsync", "off", "configuration file")
            .setting("full_page_writes", "off", "configuration file")
            .setting("synchronous_commit", "off", "configuration file");

    assertEquals("Neon", passed(judge(situation)).get("provider"));
  }
}
