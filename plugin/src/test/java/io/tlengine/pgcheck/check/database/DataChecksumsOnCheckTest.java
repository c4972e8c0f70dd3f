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
import io.tlengine.pgcheck.fact.DatabaseFacts.ManagedService;
import io.tlengine.pgcheck.fact.FactKey;
import org.junit.jupiter.api.Test;

class DataChecksumsOnCheckTest {

  private static Outcome judge(Databases situation) {
    return Situations.judge(new DataChecksumsOnCheck(), FactKey.DATABASE_FACTS, situation.facts());
  }

  @Test
  void checksumsPass() {
    assertEquals("on", passed(judge(database())).get("dataChecksums"));
  }

  @Test
  void noChecksumsAreAWarning() {
    var finding = onlyFinding(judge(database().setting("data_checksums", "off", "default")));

    assertEquals(Severity.WARNING, finding.severity());
    assertTrue(finding.remedy().contains("pg_checksums --enable"), finding.remedy());
  }

  @Test
  void aManagedServiceGuardsItsPagesItself() {
    passed(
        judge(
            database().managedBy(ManagedService.RDS).setting("data_checksums", "off", "default")));
  }
}
