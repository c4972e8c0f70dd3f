package io.tlengine.pgcheck.check.database;

import static io.tlengine.pgcheck.check.Databases.database;
import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Databases;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.DatabaseFacts.Archiver;
import io.tlengine.pgcheck.fact.DatabaseFacts.ManagedService;
import io.tlengine.pgcheck.fact.DatabaseFacts.Slot;
import io.tlengine.pgcheck.fact.FactKey;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WalNotPilingUpCheckTest {

  private static Outcome judge(Databases situation) {
    return Situations.judge(new WalNotPilingUpCheck(), FactKey.DATABASE_FACTS, situation.facts());
  }

  private static final long MIB = 1024 * 1024;

  private static Slot slot(String type, boolean active, String status, long bytes) {
    return new Slot("forgotten", type, active, false, Optional.of(status), bytes);
  }

  private static Archiver archiver(Instant archived, Instant failed) {
    return new Archiver(7, 3, Optional.of(archived), Optional.of(failed), Optional.of("0001"));
  }

  @Test
  void noSlotsAndNoArchivingPass() {
    assertEquals("off", passed(judge(database())).get("archiveMode"));
  }

  @Test
  void anInactiveSlotThatHoldsWalIsAWarning() {
    var finding =
        onlyFinding(judge(database().slot(slot("physical", false, "extended", 80 * MIB))));

    assertEquals(Severity.WARNING, finding.severity());
    assertEquals(
        "the inactive replication slot forgotten holds 80 MiB of WAL; wanted: less than 64",
        finding.message());
    assertTrue(finding.remedy().contains("pg_drop_replication_slot('forgotten')"));
  }

  @Test
  void aSlotThatHasLostItsWalIsAWarning() {
    assertTrue(
        onlyFinding(judge(database().slot(slot("logical", false, "lost", 0))))
            .message()
            .endsWith("has lost its WAL"));
  }

  @Test
  void anActiveSlotAndOneThatHoldsLittlePass() {
    passed(
        judge(
            database()
                .slot(slot("physical", true, "extended", 800 * MIB))
                .slot(slot("physical", false, "reserved", 3 * MIB))));
  }

  @Test
  void aServicesOwnCopiesAreItsOwnMatter() {
    var managed = database().managedBy(ManagedService.RDS);

    passed(judge(managed.slot(slot("physical", false, "extended", 80 * MIB))));
    onlyFinding(judge(managed.slot(slot("logical", false, "extended", 80 * MIB))));
  }

  @Test
  void anArchiverThatFailsIsAWarningUntilItSucceeds() {
    var earlier = Instant.parse("2026-11-22T08:00:00Z");
    var later = Instant.parse("2026-11-22T09:00:00Z");

    assertTrue(
        onlyFinding(judge(database().archiver(archiver(earlier, later))))
            .message()
            .startsWith("archiving of WAL fails: 3 times, last on 2026-11-22T09:00:00Z"));
    passed(judge(database().archiver(archiver(later, earlier))));
  }

  @Test
  void aServerWithoutTheseViewsIsSkipped() {
    assertSkipped("the service keeps its WAL by itself", judge(database().hidesWal()));
  }
}
