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
import io.tlengine.pgcheck.fact.DatabaseFacts.Age;
import io.tlengine.pgcheck.fact.DatabaseFacts.ManagedService;
import io.tlengine.pgcheck.fact.FactKey;
import org.junit.jupiter.api.Test;

class WraparoundFarCheckTest {

  private static Outcome judge(Databases situation) {
    return Situations.judge(new WraparoundFarCheck(), FactKey.DATABASE_FACTS, situation.facts());
  }

  @Test
  void anAgeWithinWhatAutovacuumAllowsPasses() {
    assertEquals(
        250_000_000L,
        passed(judge(database().age(new Age("engine", 250_000_000, 1))))
            .get("oldestTransactionAge"));
  }

  @Test
  void anOldTransactionIdIsAWarning() {
    var finding = onlyFinding(judge(database().age(new Age("engine", 300_000_001, 1))));

    assertEquals(Severity.WARNING, finding.severity());
    assertEquals(
        "the oldest transaction id of the database engine is 300000001 back; autovacuum should keep"
            + " it below 300000000",
        finding.message());
  }

  @Test
  void anOldMultixactIsAWarning() {
    assertTrue(
        onlyFinding(judge(database().age(new Age("engine", 1, 600_000_001))))
            .message()
            .contains("multixact"));
  }

  @Test
  void theServersOwnLimitCounts() {
    passed(
        judge(
            database()
                .setting("autovacuum_freeze_max_age", "1000000000", "configuration file")
                .age(new Age("engine", 1_400_000_000, 1))));
  }

  @Test
  void aManagedServicesOwnDatabasesAreItsOwnMatter() {
    var managed = database().managedBy(ManagedService.RDS);

    passed(judge(managed.age(new Age("rdsadmin", 300_000_001, 1))));
    onlyFinding(judge(managed.age(new Age("engine", 300_000_001, 1))));
  }
}
