package io.tlengine.pgcheck.check.database;

import static io.tlengine.pgcheck.check.Databases.database;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Databases;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.DatabaseFacts.Text;
import io.tlengine.pgcheck.fact.FactKey;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextIsSafeCheckTest {

  private static Outcome judge(Databases situation) {
    return Situations.judge(new TextIsSafeCheck(), FactKey.DATABASE_FACTS, situation.facts());
  }

  private static Text text(String encoding, String made, String now) {
    return new Text(
        encoding,
        "en_US.utf8",
        made.isEmpty() ? Optional.empty() : Optional.of(made),
        now.isEmpty() ? Optional.empty() : Optional.of(now));
  }

  @Test
  void utf8WithTheVersionItWasMadeWithPasses() {
    passed(judge(database()));
  }

  @Test
  void theCLocaleHasNoVersionAtAll() {
    passed(judge(database().text(text("UTF8", "", ""))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SQL_ASCII", "LATIN1"})
  void anotherEncodingIsAWarning(String encoding) {
    var finding = onlyFinding(judge(database().text(text(encoding, "", ""))));

    assertEquals(Severity.WARNING, finding.severity());
    assertEquals(
        "the encoding of the database engine is " + encoding + "; wanted: UTF8", finding.message());
  }

  @Test
  void anotherVersionOfTheLibraryIsAWarning() {
    var finding = onlyFinding(judge(database().text(text("UTF8", "2.31", "2.36"))));

    assertEquals(
        "REINDEX DATABASE \"engine\";\nALTER DATABASE \"engine\" REFRESH COLLATION VERSION;",
        finding.remedy());
  }

  /** An Alpine image made it, a Debian one runs it. */
  @Test
  void aDatabaseThatWasMadeWithoutAVersionIsAWarning() {
    var finding = onlyFinding(judge(database().text(text("UTF8", "", "2.36"))));

    assertTrue(finding.message().startsWith("no collation version is recorded"), finding.message());
    assertTrue(finding.remedy().contains("WHERE datname = 'engine';"), finding.remedy());
    assertFalse(finding.remedy().contains("REFRESH"), finding.remedy());
  }

  /** A Debian image made it, an Alpine one runs it. */
  @Test
  void aDatabaseWhoseLibrariesHaveNoVersionAnyMoreIsAWarning() {
    var finding = onlyFinding(judge(database().text(text("UTF8", "2.36", ""))));

    assertEquals(Severity.WARNING, finding.severity());
    assertEquals(
        "the collation version of the database engine was 2.36 when it was made, and the server's"
            + " libraries have none for the locale en_US.utf8 now; wanted: the same as when its"
            + " indexes were built",
        finding.message());
    assertTrue(
        finding.remedy().contains("\nREINDEX DATABASE \"engine\";\nthen, as a superuser"),
        finding.remedy());
  }
}
