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
import java.util.List;
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
        "the oldest transaction id of the database engine is 300000001 back; autovacuum begins"
            + " to freeze at 200000000 (autovacuum_freeze_max_age) and would have ended long ago, so"
            + " something holds it back; wanted: at most 300000000, half as much again",
        finding.message());
  }

  /** Whoever has written and waits holds vacuum back by backend_xid, without a backend_xmin. */
  @Test
  void theRemedyFindsWhateverHoldsVacuumBack() {
    var remedy = onlyFinding(judge(database().age(new Age("engine", 300_000_001, 1)))).remedy();

    for (var name :
        List.of("backend_xid", "backend_xmin", "pg_prepared_xacts", "pg_replication_slots")) {
      assertTrue(remedy.contains(name), remedy);
    }
    assertTrue(remedy.endsWith("as a superuser in engine:\nVACUUM (FREEZE);"), remedy);
  }

  @Test
  void nobodyCanLogInToTemplate0UntilItIsAllowed() {
    var remedy = onlyFinding(judge(database().age(new Age("template0", 300_000_001, 1)))).remedy();

    assertTrue(remedy.contains("ALTER DATABASE template0 ALLOW_CONNECTIONS true;"), remedy);
    assertTrue(remedy.endsWith("ALTER DATABASE template0 ALLOW_CONNECTIONS false;"), remedy);
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
