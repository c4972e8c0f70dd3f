package io.tlengine.pgcheck.check.persistence;

import static io.tlengine.pgcheck.check.Outcomes.findings;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static io.tlengine.pgcheck.check.persistence.ScalingFacts.instance;
import static io.tlengine.pgcheck.check.persistence.ScalingFacts.kept;
import static io.tlengine.pgcheck.check.persistence.ScalingFacts.pod;
import static io.tlengine.pgcheck.check.persistence.ScalingFacts.sound;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.RowSet;
import io.tlengine.pgcheck.fact.Scaling.ReturnedPod;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IndependentDataKeptCheckTest {

  private static Outcome judge(ScalingFacts facts) {
    return Namespaced.judge(new IndependentDataKeptCheck(), FactKey.SCALING, facts.facts());
  }

  @Test
  void eachPodHasItsOwnAgain() {
    assertTrue(
        String.valueOf(passed(judge(sound())).get("summary"))
            .startsWith(
                "1 -> 3 -> 0 -> 3 -> 1 pods: each of 3 has its own rows again, 9 of 9 rows kept"));
  }

  @Test
  void anotherPodsRowsAreLostAndUnexpected() {
    var swapped = new RowSet("random rows", 2, 0, List.of("a", "b"), List.of(), List.of("c", "d"));

    assertEquals(
        List.of(
            "2 of 2 acknowledged rows of random rows are lost; wanted: none",
            "2 of 2 acknowledged rows of random rows are unexpected; wanted: none"),
        findings(judge(sound().pods(pod(0), pod(1, swapped)))).stream()
            .map(Finding::message)
            .toList());
  }

  @Test
  void podsOnOneVolumeAreOneDatabase() {
    var shared =
        new ReturnedPod(
            "postgres-1",
            instance(1, "old", "claim-1", "70"),
            Optional.of("claim-1"),
            instance(1, "new", "claim-1", "70"),
            List.of(kept()));

    assertEquals(
        "postgres-1 has the same system identifier as postgres-0: 70; wanted: one of its own",
        onlyFinding(judge(sound().pods(pod(0), shared))).message());
  }

  @Test
  void copiesOfAPrimaryAreNoIndependentPods() {
    assertEquals(
        new Outcome.Skipped("the pods of postgres are copies of one primary"),
        judge(sound().copies()));
  }

  @Test
  void onePodOrNoneOrAnUnfinishedScalingIsNoProof() {
    unknown(judge(sound().pods(pod(0))));
    unknown(judge(sound().trouble("the deadline has passed")));
  }
}
