package io.tlengine.pgcheck.check.connection;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static io.tlengine.pgcheck.check.Situations.connection;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.ConnectionFacts.LoginAttempt;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerVersionSupportedCheckTest {

  private static Outcome judge(String version) {
    return Situations.judge(
        new ServerVersionSupportedCheck(),
        FactKey.CONNECTION,
        connection().login(new LoginAttempt.LoggedIn(version, 20)).facts());
  }

  @ParameterizedTest
  @ValueSource(strings = {"15.14", "17.6 (Debian 17.6-1.pgdg12+1)", "18.0"})
  void aSupportedMajorPasses(String version) {
    assertEquals(version, passed(judge(version)).get("version"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.6.24", "11.22"})
  void aMajorOlderThanWhatPgcheckKnowsIsAnError(String version) {
    assertEquals(Severity.ERROR, onlyFinding(judge(version)).severity());
  }

  /** Situations.NOW is in November 2026, ten days after the last release of 14. */
  @Test
  void aMajorPastItsLastReleaseIsAWarning() {
    var finding = onlyFinding(judge("14.19"));

    assertEquals(Severity.WARNING, finding.severity());
    assertEquals(
        "the server runs PostgreSQL 14.19, whose last release was on 2026-11-12",
        finding.message());
  }

  @Test
  void aMajorNearItsLastReleaseIsAWarning() {
    var check = new ServerVersionSupportedCheck();
    var outcome =
        check.evaluate(
            new Facts(Instant.parse("2027-06-01T00:00:00Z"), Map.of())
                .with(
                    FactKey.CONNECTION,
                    Fact.known(connection().login(new LoginAttempt.LoggedIn("15.20", 20)).facts()))
                .view(check.needs()));

    assertEquals(
        "the server runs PostgreSQL 15.20, whose last release is due on 2027-11-11",
        onlyFinding(outcome).message());
  }

  @Test
  void aMajorThatIsTooNewIsAWarning() {
    assertEquals("helm plugin update pgcheck", onlyFinding(judge("19beta2")).remedy());
  }

  @Test
  void aVersionWithoutANumberIsUnknown() {
    unknown(judge("devel"));
  }

  @Test
  void withoutALoginThereIsNoVersion() {
    assertSkipped(
        "after PGC-105",
        Situations.judge(
            new ServerVersionSupportedCheck(),
            FactKey.CONNECTION,
            connection().login(new LoginAttempt.Refused("28P01", "no", 1, 9)).facts()));
  }
}
