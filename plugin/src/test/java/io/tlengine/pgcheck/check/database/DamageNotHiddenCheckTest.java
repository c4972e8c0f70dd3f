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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DamageNotHiddenCheckTest {

  private static Outcome judge(Databases situation) {
    return Situations.judge(new DamageNotHiddenCheck(), FactKey.DATABASE_FACTS, situation.facts());
  }

  @Test
  void theDefaultsPass() {
    assertEquals(List.of(), passed(judge(database())).get("settingsThatHideDamage"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"zero_damaged_pages", "ignore_checksum_failure", "data_sync_retry"})
  void eachOfThemIsAnError(String setting) {
    var finding = onlyFinding(judge(database().setting(setting, "on", "configuration file")));

    assertEquals(Severity.ERROR, finding.severity());
    assertEquals(setting + " is on; wanted: off", finding.message());
    assertTrue(finding.remedy().contains(setting), finding.remedy());
  }

  @Test
  void ofAManagedServiceOnlyTheUsersOwnSettingCounts() {
    var managed = database().managedBy(ManagedService.AURORA);

    passed(judge(managed.setting("data_sync_retry", "on", "configuration file")));
    onlyFinding(judge(managed.setting("zero_damaged_pages", "on", "user")));
  }
}
