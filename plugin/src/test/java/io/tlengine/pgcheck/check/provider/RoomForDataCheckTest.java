package io.tlengine.pgcheck.check.provider;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.CreateProof;
import io.tlengine.pgcheck.fact.DatabaseFacts;
import io.tlengine.pgcheck.fact.DatabaseFacts.Setting;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoomForDataCheckTest {

  private static final RoomForDataCheck CHECK = new RoomForDataCheck();

  private static Outcome judge(DatabaseFacts database) {
    return Situations.judge(CHECK, FactKey.DATABASE_FACTS, database);
  }

  private static Outcome refused(DatabaseFacts database, String sqlState, String message) {
    var proof =
        new CreateProof(
            Situations.SOURCE,
            Optional.empty(),
            "app",
            "engine",
            Optional.of("public"),
            new Setting("public", "", "default"),
            Optional.of(new CreateProof.Refusal(sqlState, message)));
    var facts =
        Situations.facts(FactKey.DATABASE_FACTS, database)
            .with(FactKey.CREATE_PROOF, Fact.known(proof));
    return CHECK.evaluate(facts.view(CHECK.facts()));
  }

  @Test
  void thereIsRoom() {
    assertEquals(512L << 20, passed(judge(Setups.neon(100, "512"))).get("limitBytes"));
  }

  @Test
  void closeToTheLimitIsAWarning() {
    var finding = onlyFinding(judge(Setups.neon(450, "512")));

    assertEquals(Severity.WARNING, finding.severity());
    assertTrue(finding.message().contains("holds 450 MB of the 512 MB"), finding.message());
  }

  @Test
  void aRefusedWriteIsAnError() {
    var finding =
        onlyFinding(
            refused(
                Setups.neon(512, "512"),
                "53100",
                "could not extend file because project size limit (512 MB) has been exceeded"));

    assertEquals(Severity.ERROR, finding.severity());
    assertTrue(finding.detail().endsWith("(SQLSTATE 53100)"), finding.detail());
    assertTrue(
        onlyFinding(refused(Setups.database(), "53100", "No space left on device"))
            .remedy()
            .startsWith("give the server a larger volume"));
  }

  @Test
  void anotherRefusalIsAnotherMatter() {
    passed(refused(Setups.neon(10, "512"), "42501", "permission denied"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "0"})
  void noLimitIsSkipped(String limit) {
    assertSkipped("the server tells no limit for its data", judge(Setups.neon(10, limit)));
    assertSkipped("the server tells no limit for its data", judge(Setups.database()));
  }
}
