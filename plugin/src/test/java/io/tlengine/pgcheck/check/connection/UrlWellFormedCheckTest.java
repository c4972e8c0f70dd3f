package io.tlengine.pgcheck.check.connection;

import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.UrlFacts;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.plan.DatabaseUrl.MalformedUrlException;
import io.tlengine.pgcheck.plan.LibpqParameters;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UrlWellFormedCheckTest {

  private static final String SOURCE = "Secret/pg key DATABASE_URL";

  private static Outcome judge(Optional<String> problem, List<String> unknown) {
    return Situations.judge(
        new UrlWellFormedCheck(), FactKey.URL, new UrlFacts(SOURCE, problem, unknown, false));
  }

  @Test
  void aUrlThatCanBeReadPasses() {
    assertEquals(SOURCE, passed(judge(Optional.empty(), List.of())).get("source"));
  }

  @Test
  void aUrlThatCannotBeReadFailsWithItsFormAsRemedy() {
    assertEquals(
        Finding.error(
            SOURCE,
            SOURCE + " holds no usable URL: the URL names no database",
            "",
            "write it as postgresql://USER:PASSWORD@HOST:5432/DATABASE?sslmode=require, each part"
                + " percent-encoded (@ is %40, : is %3A, / is %2F, ? is %3F, # is %23, % is %25)"),
        onlyFinding(judge(Optional.of("the URL names no database"), List.of())));
  }

  @Test
  void javasFormIsNamedAndToBeLeftOut() {
    var problem =
        assertThrows(
                MalformedUrlException.class,
                () -> DatabaseUrl.parse("jdbc:postgresql://db/engine?user=app&password=secret"))
            .getMessage();
    assertEquals(
        "the URL begins with jdbc:, which Java's driver alone reads; wanted: postgresql://",
        problem);

    var remedy = onlyFinding(judge(Optional.of(problem), List.of())).remedy();

    assertTrue(remedy.startsWith("leave out jdbc: "), remedy);
    assertTrue(remedy.contains("write it as postgresql://USER:PASSWORD@HOST"), remedy);
  }

  @Test
  void parametersThatLibpqRefusesAreAWarning() {
    var finding = onlyFinding(judge(Optional.empty(), List.of("pgbouncer", "schema")));
    assertEquals("the URL has parameters that libpq refuses: pgbouncer, schema", finding.message());
    assertEquals("warning", finding.severity().text());
  }

  @Test
  void aHashThatOnlyLibpqTakesIsAWarning() {
    var finding =
        onlyFinding(
            Situations.judge(
                new UrlWellFormedCheck(),
                FactKey.URL,
                new UrlFacts(SOURCE, Optional.empty(), List.of(), true)));
    assertEquals("warning", finding.severity().text());
    assertTrue(finding.remedy().startsWith("write the # as %23"), finding.remedy());
  }

  @Test
  void libpqKnowsItsOwnParametersAndNoOthers() {
    assertEquals(
        List.of("pgbouncer", "pool_max_conns"),
        LibpqParameters.unknown(
            List.of("sslmode", "pool_max_conns", "channel_binding", "options", "pgbouncer")));
  }
}
