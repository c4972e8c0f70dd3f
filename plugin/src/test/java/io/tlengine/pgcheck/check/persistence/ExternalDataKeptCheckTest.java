package io.tlengine.pgcheck.check.persistence;

import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.ExternalRows;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.RowSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExternalDataKeptCheckTest {

  private static Outcome judge(String startAfter, Optional<String> trouble, RowSet... rows) {
    return Situations.judge(
        new ExternalDataKeptCheck(),
        FactKey.EXTERNAL_ROWS,
        new ExternalRows(
            "db.example.com",
            "Deployment/tl-engine",
            2,
            100,
            200,
            "2026-11-01",
            startAfter,
            trouble,
            List.of(rows)));
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
            "kubectl rollout status deployment/tl-engine"),
        unknown(judge("2026-11-01", Optional.of("timed out"))));
  }
}
