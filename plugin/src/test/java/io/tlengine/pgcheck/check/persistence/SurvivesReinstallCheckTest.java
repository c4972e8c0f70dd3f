package io.tlengine.pgcheck.check.persistence;

import static io.tlengine.pgcheck.check.Outcomes.findings;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static io.tlengine.pgcheck.check.persistence.ScalingFacts.instance;
import static io.tlengine.pgcheck.check.persistence.ScalingFacts.kept;
import static io.tlengine.pgcheck.check.persistence.ScalingFacts.lost;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.PodDeletion.Instance;
import io.tlengine.pgcheck.fact.Reinstall;
import io.tlengine.pgcheck.fact.RowSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SurvivesReinstallCheckTest {

  private static final Instance BEFORE = instance(0, "old", "claim-0", "70");
  private static final Instance SAME = instance(0, "new", "claim-0", "70");

  private static Outcome judge(
      Optional<String> claimWhileGone, Optional<Instance> after, RowSet rows) {
    return Namespaced.judge(
        new SurvivesReinstallCheck(),
        FactKey.REINSTALL,
        new Reinstall(
            "shop",
            "tl",
            4,
            "postgres",
            "postgres-0",
            BEFORE,
            claimWhileGone,
            after,
            after.isPresent() ? Optional.empty() : Optional.of("helm rollback tl 4 failed"),
            after.isPresent() ? List.of(rows) : List.of(),
            9_000));
  }

  @Test
  void adoptedClaimsWithTheSameRowsPass() {
    assertTrue(
        String.valueOf(
                passed(judge(Optional.of("claim-0"), Optional.of(SAME), kept())).get("summary"))
            .startsWith("3 of 3 usuarios kept; tl was away for 9000 ms and is back at revision 4"));
  }

  @Test
  void aClaimThatWentWithTheReleaseFailsWithItsRows() {
    assertEquals(
        List.of(
            "while the release was away the claim was not there; wanted: UID claim-0",
            "the new pod runs another database: system identifier 79, before the uninstall 70",
            "the new pod has another claim or volume: data-postgres-0 on pv-of-claim-9, before the"
                + " uninstall data-postgres-0 on pv-of-claim-0",
            "3 of 3 acknowledged rows of usuarios are lost; wanted: none"),
        findings(judge(Optional.empty(), Optional.of(instance(0, "new", "claim-9", "79")), lost()))
            .stream()
            .map(Finding::message)
            .toList());
  }

  @Test
  void lostRowsOnTheSameClaimFail() {
    onlyFinding(judge(Optional.of("claim-0"), Optional.of(SAME), lost()));
  }

  @Test
  void aReleaseThatDidNotComeBackIsUnknown() {
    assertTrue(
        unknown(judge(Optional.of("claim-0"), Optional.empty(), kept()))
            .why()
            .endsWith("helm rollback tl 4 failed"));
  }

  @Test
  void theSamePodHasShownNothing() {
    unknown(judge(Optional.of("claim-0"), Optional.of(BEFORE), kept()));
  }
}
