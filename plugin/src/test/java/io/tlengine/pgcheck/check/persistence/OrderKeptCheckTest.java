package io.tlengine.pgcheck.check.persistence;

import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static io.tlengine.pgcheck.check.persistence.ScalingFacts.events;
import static io.tlengine.pgcheck.check.persistence.ScalingFacts.sound;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Scaling.Move;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OrderKeptCheckTest {

  private static Outcome judge(ScalingFacts facts) {
    return Namespaced.judge(new OrderKeptCheck(), FactKey.SCALING, facts.facts());
  }

  private static Move out(String... words) {
    return new Move(0, 2, events(words), true);
  }

  private static Move in(String... words) {
    return new Move(2, 0, events(words), true);
  }

  @Test
  void oneAfterTheOtherPassesAndTheSequenceIsShown() {
    var evidence = passed(judge(sound().moves(out("0 MADE", "0 READY", "1 MADE", "1 READY"))));

    assertEquals(
        Map.of("0 -> 2", List.of("0 made", "0 ready", "1 made", "1 ready")),
        evidence.get("watched"));
  }

  @Test
  void aPodThatStartsBeforeTheOneBeforeItIsReadyFails() {
    assertEquals(
        "from 0 to 2: postgres-1 was made before postgres-0 was ready",
        onlyFinding(judge(sound().moves(out("0 MADE", "1 MADE", "0 READY", "1 READY")))).message());
  }

  @Test
  void aPodThatStopsBeforeTheOneAfterItIsGoneFails() {
    assertEquals(
        "from 2 to 0: postgres-0 was told to end before postgres-1 was gone",
        onlyFinding(judge(sound().moves(in("1 ENDING", "0 ENDING", "1 GONE", "0 GONE"))))
            .message());
  }

  @Test
  void aPodThatRestartsOnItsOwnIsNotCalledOurs() {
    var restarted =
        new Move(
            1, 3, events("0 ENDING", "0 GONE", "1 MADE", "1 READY", "2 MADE", "2 READY"), true);

    assertEquals(
        "from 1 to 3: the pod with ordinal 0 was told to end by something else than this scaling",
        unknown(judge(sound().moves(restarted))).why());
  }

  @Test
  void whatWasNotSeenIsUnknown() {
    var lostWatch = new Move(0, 2, events("0 MADE", "0 READY", "1 MADE", "1 READY"), false);

    assertTrue(unknown(judge(sound().moves(lostWatch))).why().contains("interrupted"));
    assertTrue(
        unknown(judge(sound().moves(out("0 MADE", "0 READY", "1 MADE"))))
            .why()
            .endsWith("the pod with ordinal 1 was not seen to be ready"));
    unknown(judge(sound().trouble("the deadline has passed")));
  }

  @Test
  void withoutAPromiseOrWithOnePodThereIsNoOrder() {
    assertInstanceOf(Outcome.Skipped.class, judge(sound().parallel()));
    assertInstanceOf(
        Outcome.Skipped.class,
        judge(sound().moves(new Move(1, 2, events("1 MADE", "1 READY"), true))));
  }
}
