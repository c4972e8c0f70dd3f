package io.tlengine.pgcheck.check.persistence;

import static io.tlengine.pgcheck.check.Outcomes.findings;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.RowSet;
import io.tlengine.pgcheck.fact.StandbyCopies;
import io.tlengine.pgcheck.fact.StandbyCopies.Arrival;
import io.tlengine.pgcheck.fact.StandbyCopies.ReadService;
import io.tlengine.pgcheck.fact.StandbyCopies.Standby;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StandbysFollowCheckTest {

  private static final Arrival ARRIVED = arrival(List.of());
  private static final ReadService READ =
      new ReadService("db-read", List.of("db-read-0"), List.of());

  private static Arrival arrival(List<String> lost) {
    return new Arrival(
        "0/5000",
        40,
        List.of(new RowSet("usuarios", 3, 3 - lost.size(), lost, List.of(), List.of())));
  }

  private static Standby standby(
      boolean inRecovery, boolean same, Optional<Arrival> after, Optional<String> trouble) {
    return new Standby(
        "db-read-0",
        inRecovery,
        same,
        "0/5000",
        "2026-11-22 10:00:00+00",
        Optional.of(ARRIVED),
        after,
        trouble);
  }

  private static Standby sound() {
    return standby(true, true, Optional.of(ARRIVED), Optional.empty());
  }

  private static Outcome judge(Optional<String> lost, ReadService service, Standby... standbys) {
    return Namespaced.judge(
        new StandbysFollowCheck(),
        FactKey.STANDBY_COPIES,
        new StandbyCopies("shop", "db-0", lost, List.of(standbys), List.of(service)));
  }

  private static Outcome judge(Standby... standbys) {
    return judge(Optional.empty(), READ, standbys);
  }

  @Test
  void standbysThatHaveEveryRowPass() {
    assertEquals(
        "1 standby has every row of db-0, after at most 40 ms, and after a restart;"
            + " Service/db-read leads to standbys only. Level: pod deleted; not shown: failover:"
            + " what a standby has not received when the primary is lost, is lost",
        passed(judge(sound())).get("summary"));
  }

  @Test
  void aStandbyThatDoesNotCatchUpFails() {
    var outcome = judge(standby(true, true, Optional.empty(), Optional.of("rows did not arrive")));

    assertEquals(
        "it does not follow: replayed up to 0/5000; wanted: the primary's position behind the"
            + " commit",
        onlyFinding(outcome).message());
    assertFalse(((Outcome.Failed) outcome).evidence().containsKey("summary"));
  }

  @Test
  void aRowThatIsMissingAfterTheReplayFails() {
    onlyFinding(
        judge(standby(true, true, Optional.of(arrival(List.of("juan"))), Optional.empty())));
  }

  @Test
  void aPromotedOneAndAnotherDatabaseFail() {
    assertTrue(
        onlyFinding(judge(standby(false, true, Optional.empty(), Optional.empty())))
            .message()
            .startsWith("it takes writes"));
    assertTrue(
        onlyFinding(judge(standby(true, false, Optional.empty(), Optional.empty())))
            .message()
            .contains("another system identifier"));
  }

  /** Nobody calls it healthy because it still answers. */
  @Test
  void aStandbyBehindALostPrimaryIsReportedAsWhatItIs() {
    var finding =
        onlyFinding(
            judge(
                Optional.of("the pod db-0 is not ready"),
                READ,
                standby(true, true, Optional.empty(), Optional.empty())));

    assertEquals(
        "its primary db-0 is lost: it answers with what it had replayed up to 0/5000"
            + " (2026-11-22 10:00:00+00), and nobody writes; wanted: a primary that it follows",
        finding.message());
    assertEquals("the pod db-0 is not ready", finding.detail());
  }

  @Test
  void aServiceThatLeadsToThePrimaryTooFails() {
    var mixed = new ReadService("db-read", List.of("db-read-0"), List.of("db-0"));
    var finding = onlyFinding(judge(Optional.empty(), mixed, sound()));

    assertEquals("Service/db-read", finding.subject());
    assertTrue(finding.message().contains("behind it are db-0, which are no standbys"));
    assertEquals(2, findings(judge(Optional.of("gone"), mixed, sound())).size());
  }
}
