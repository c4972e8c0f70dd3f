package io.tlengine.pgcheck.check.persistence;

import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.fact.ColdStart;
import io.tlengine.pgcheck.fact.ExternalRows;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.RowSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExternalDataKeptCheckTest {

  private static Outcome judge(String startAfter, Optional<String> trouble, RowSet... rows) {
    return judge(startAfter, trouble, Optional.empty(), rows);
  }

  private static Outcome judge(
      String startAfter, Optional<String> trouble, Optional<ColdStart> cold, RowSet... rows) {
    return Namespaced.judge(
        new ExternalDataKeptCheck(),
        FactKey.EXTERNAL_ROWS,
        new ExternalRows(
            "shop",
            "db.example.com",
            "Deployment/tl-engine",
            2,
            100,
            200,
            "2026-11-01",
            startAfter,
            trouble,
            List.of(rows),
            cold));
  }

  private static Outcome judgeCold(boolean changed, long connect, long age, RowSet rows) {
    return judge(
        "2026-11-01",
        Optional.empty(),
        Optional.of(new ColdStart(300_000, 40, connect, changed, age, List.of(rows))),
        kept());
  }

  private static RowSet kept() {
    return new RowSet("usuarios", 3, 3, List.of(), List.of(), List.of());
  }

  @Test
  void theSameRowsThroughANewConnectionPass() {
    var evidence = passed(judge("2026-11-01", Optional.empty(), kept()));

    assertEquals("new connection, new application pods", evidence.get("level"));
    assertTrue(
        String.valueOf(evidence.get("summary"))
            .endsWith("not shown: the provider's crashes, backups and failover"));
  }

  @Test
  void aServerThatWasStartedBetweenShowsMore() {
    assertEquals(
        "server restarted", passed(judge("2026-11-22", Optional.empty(), kept())).get("level"));
  }

  @Test
  void lostRowsFail() {
    var lost = new RowSet("usuarios", 3, 2, List.of("juan@example.com"), List.of(), List.of());

    assertEquals(
        Finding.error(
            "db.example.com",
            "1 of 3 acknowledged rows of usuarios are lost; wanted: none",
            "keys: juan@example.com",
            "ask the provider; compare the branch, endpoint or replica that the URL leads to"),
        onlyFinding(judge("2026-11-01", Optional.empty(), lost)));
  }

  @Test
  void rowsThatCouldNotBeReadAreUnknown() {
    assertEquals(
        new Outcome.Unknown(
            "the rows could not be read again: timed out",
            "kubectl rollout status deployment/tl-engine -n shop"),
        unknown(judge("2026-11-01", Optional.of("timed out"))));
  }

  @Test
  void aServerThatThisConnectionStartedIsAColdStart() {
    var evidence = passed(judgeCold(true, 3_200, 2_900, kept()));

    assertEquals("cold start", evidence.get("level"));
    assertTrue(
        String.valueOf(evidence.get("summary")).contains("after a cold start of 3200 ms"),
        evidence::toString);
  }

  /** Slow, but the server never went away. */
  @Test
  void aSlowConnectionAloneIsUnknown() {
    assertEquals(
        "no cold start is proven after 300 s: the server is the one from before the wait"
            + " (connected in 3200 ms, before the wait in 40 ms)",
        unknown(judgeCold(false, 3_200, 9_000_000, kept())).why());
  }

  @Test
  void aServerThatSomethingElseStartedMeanwhileIsUnknown() {
    assertTrue(
        unknown(judgeCold(true, 40, 200_000, kept())).why().contains("not by this connection"));
  }

  @Test
  void rowsThatAColdStartLostFailWhetherItIsProvenOrNot() {
    var lost = new RowSet("usuarios", 3, 2, List.of("juan@example.com"), List.of(), List.of());

    assertEquals(
        "db.example.com, after the wait", onlyFinding(judgeCold(true, 3_200, 10, lost)).subject());
    onlyFinding(judgeCold(false, 40, 9_000_000, lost));
  }
}
