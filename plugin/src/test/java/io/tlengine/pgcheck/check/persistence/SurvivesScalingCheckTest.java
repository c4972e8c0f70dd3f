package io.tlengine.pgcheck.check.persistence;

import static io.tlengine.pgcheck.check.Outcomes.findings;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static io.tlengine.pgcheck.check.persistence.ScalingFacts.instance;
import static io.tlengine.pgcheck.check.persistence.ScalingFacts.kept;
import static io.tlengine.pgcheck.check.persistence.ScalingFacts.lost;
import static io.tlengine.pgcheck.check.persistence.ScalingFacts.pod;
import static io.tlengine.pgcheck.check.persistence.ScalingFacts.sound;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Scaling.ReturnedPod;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SurvivesScalingCheckTest {

  private static Outcome judge(ScalingFacts facts) {
    return Namespaced.judge(new SurvivesScalingCheck(), FactKey.SCALING, facts.facts());
  }

  @Test
  void theSameClaimsVolumesAndRowsPassAndSayWhatWasNotShown() {
    var evidence = passed(judge(sound()));

    assertEquals(
        "1 -> 3 -> 0 -> 3 -> 1 pods: 3 that were away have their claim, volume and database again;"
            + " 9 of 9 rows kept. Level: pod deleted; every pod was shut down cleanly: crashes,"
            + " power loss and lying disks are not shown",
        evidence.get("summary"));
  }

  @Test
  void aNewEmptyVolumeBehindTheSameClaimNameFailsAndItsRowsAreLost() {
    var replaced =
        new ReturnedPod(
            "postgres-1",
            instance(1, "old", "claim-1", "71"),
            Optional.empty(),
            instance(1, "new", "claim-9", "79"),
            List.of(lost()));

    assertEquals(
        List.of(
            "while postgres-1 was scaled away its claim was not there; wanted: UID claim-1",
            "the new pod runs another database: system identifier 79, before the scaling 71",
            "the new pod has another claim or volume: data-postgres-1 on pv-of-claim-9, before the"
                + " scaling data-postgres-1 on pv-of-claim-1",
            "3 of 3 acknowledged rows of usuarios are lost; wanted: none"),
        findings(judge(sound().pods(pod(0), replaced))).stream().map(Finding::message).toList());
  }

  @Test
  void lostRowsOnTheSameVolumeFail() {
    assertEquals(
        "3 of 3 acknowledged rows of usuarios are lost; wanted: none",
        onlyFinding(judge(sound().pods(pod(0), pod(1, lost())))).message());
  }

  @Test
  void aReplicationSlotThatIsNotUsedAgainFails() {
    var slots = List.of("standby_0", "standby_1");

    passed(judge(sound().copies().replication(slots, List.of())));
    assertTrue(
        onlyFinding(judge(sound().copies().replication(slots, List.of("standby_1"))))
            .message()
            .contains("standby_1; wanted: as before, standby_0, standby_1"));
  }

  @Test
  void otherSynchronousStandbysThanBeforeFailAndBothAreNamed() {
    passed(judge(sound().copies().synchronousStandbys("", "")));
    var finding = onlyFinding(judge(sound().copies().synchronousStandbys("", "standby_1")));
    assertTrue(
        finding
            .message()
            .contains("synchronous_standby_names is 'standby_1'; wanted: as before, ''"));
  }

  @Test
  void aPodThatNeverWentHasShownNothing() {
    var same = instance(0, "old", "claim-0", "70");
    var stayed = new ReturnedPod("postgres-0", same, Optional.of("claim-0"), same, List.of(kept()));

    assertEquals(
        "postgres-0 is still the one with UID old-0: it never went",
        unknown(judge(sound().pods(stayed))).why());
  }

  @Test
  void noPodAwayIsNoProof() {
    assertTrue(unknown(judge(sound().pods())).why().contains("nothing was shown"));
  }

  @Test
  void aScalingThatWasNotCarriedThroughIsUnknown() {
    assertTrue(
        unknown(judge(sound().trouble("postgres-1 is not ready")))
            .why()
            .endsWith("postgres-1 is not ready"));
  }
}
