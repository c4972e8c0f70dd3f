package io.tlengine.pgcheck.gather.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.catalog.CheckCatalog;
import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckResult;
import io.tlengine.pgcheck.check.CheckRunner;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.OtherDatabases;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.plan.DatabaseUrl.MalformedUrlException;
import io.tlengine.pgcheck.postgres.Postgres;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One walk through the stages of a connection, and what the real checks make of it.
 *
 * @param answers the checks' answers, PGC-101 to PGC-105
 */
record ConnectionWalk(ConnectionFacts facts, List<CheckResult> answers) {

  static final String PASSED = "passed";
  static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(3);

  static ConnectionWalk of(String url) {
    ConnectionFacts facts;
    try {
      facts =
          new ConnectionGatherer(LOGIN_TIMEOUT)
              .gather(DatabaseUrl.parse(url), "Secret/postgresql-secret key DATABASE_URL");
    } catch (MalformedUrlException e) {
      throw new IllegalArgumentException(e);
    }
    List<Check> checks =
        CheckCatalog.preflight().stream()
            .filter(c -> c.info().code().matches("PGC-10[1-5]"))
            .toList();
    var all =
        new Facts(Instant.now(), Map.of())
            .with(FactKey.CONNECTION, Fact.known(facts))
            .with(FactKey.OTHER_DATABASES, Fact.known(new OtherDatabases(List.of())));
    var walk = new ConnectionWalk(facts, CheckRunner.run(checks, all, Map.of()));
    assertEquals(5, walk.answers().size());
    assertTrue(walk.answers().stream().allMatch(a -> a.bug().isEmpty()), walk::toString);
    assertNoPassword(walk);
    return walk;
  }

  /** Neither as it is nor as the URL writes it, in no format, whatever went wrong. */
  private static void assertNoPassword(ConnectionWalk walk) {
    var encoded = URLEncoder.encode(Postgres.PASSWORD, StandardCharsets.UTF_8);
    var written = EveryFormat.of(walk.answers());
    // A table may name it as the last of a row: PGC-102 to 105.
    written.forEach(
        (format, text) ->
            assertTrue(text.contains("PGC-105") || text.contains(" to 105"), format::text));
    var texts = walk.facts().toString() + written;
    assertFalse(texts.contains(Postgres.PASSWORD), texts);
    assertFalse(texts.contains(encoded), texts);
    assertFalse(texts.contains("geheim"), texts);
  }

  /** What each check says, in few words: passed, the severity, or the reason. */
  List<String> verdicts() {
    return answers.stream().map(a -> words(a.outcome())).toList();
  }

  private static String words(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Passed passed -> PASSED;
      case Outcome.Failed failed -> failed.findings().getFirst().severity().text();
      case Outcome.Skipped skipped -> skipped.why();
      case Outcome.Unknown unknown -> "unknown";
    };
  }

  /** The first message of the check at this place. */
  String message(int check) {
    return assertInstanceOf(Outcome.Failed.class, answers.get(check).outcome())
        .findings()
        .getFirst()
        .message();
  }
}
