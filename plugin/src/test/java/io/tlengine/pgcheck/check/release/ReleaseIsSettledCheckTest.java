package io.tlengine.pgcheck.check.release;

import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.ReleaseFacts;
import io.tlengine.pgcheck.fact.ReleaseFacts.TakenName;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReleaseIsSettledCheckTest {

  private static Outcome judge(ReleaseFacts release) {
    return Situations.judge(new ReleaseIsSettledCheck(), FactKey.RELEASE, release);
  }

  private static ReleaseFacts taken(String owner, boolean byArgoCd) {
    return new ReleaseFacts(
        false, "", 0, 0, List.of(new TakenName("Service", "postgres", owner, byArgoCd)));
  }

  @Test
  void aNewReleaseAndADeployedOnePass() {
    assertEquals(
        "not installed yet",
        passed(judge(new ReleaseFacts(false, "", 0, 0, List.of()))).get("release"));
    assertEquals(
        "deployed, revision 3",
        passed(judge(new ReleaseFacts(true, "deployed", 3, 0, List.of()))).get("release"));
    passed(judge(new ReleaseFacts(true, "failed", 3, 0, List.of())));
  }

  @Test
  void aStuckInstallIsUninstalledAndAStuckUpgradeRolledBack() {
    assertTrue(
        onlyFinding(judge(new ReleaseFacts(true, "pending-install", 1, 0, List.of())))
            .remedy()
            .endsWith("helm uninstall tl -n shop"));
    assertTrue(
        onlyFinding(judge(new ReleaseFacts(true, "pending-upgrade", 4, 2, List.of())))
            .remedy()
            .endsWith("helm rollback tl 2 -n shop"));
  }

  @Test
  void whereNobodyKnowsWhatToComeBackToNothingIsDestroyed() {
    for (var status : List.of("pending-upgrade", "pending-rollback")) {
      var remedy = onlyFinding(judge(new ReleaseFacts(true, status, 4, 0, List.of()))).remedy();

      assertTrue(remedy.endsWith("helm history tl -n shop"), remedy);
      assertFalse(remedy.contains("uninstall"), remedy);
    }
  }

  /** With whenDeleted: Delete, and as ordinary objects of a chart, they go with it. */
  @Test
  void nobodyIsToldThatClaimsOutliveAnUninstall() {
    var remedy =
        onlyFinding(judge(new ReleaseFacts(true, "pending-install", 1, 0, List.of()))).remedy();

    assertFalse(remedy.contains("stay"), remedy);
    assertTrue(remedy.contains("nothing of it holds data"), remedy);
  }

  @Test
  void aNameThatBelongsToAnotherReleaseIsFound() {
    var finding = onlyFinding(judge(taken("the release shop/other", false)));

    assertEquals("Service/postgres", finding.subject());
    assertTrue(finding.message().contains("belongs to the release shop/other"), finding::message);
  }

  @Test
  void whatArgoCdTracksIsNoFinding() {
    assertEquals(
        List.of("Service/postgres"), passed(judge(taken("Argo CD", true))).get("managedByArgoCd"));
  }
}
