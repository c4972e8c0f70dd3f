package io.tlengine.pgcheck.check.storage;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.LiveSets.LiveSet;
import io.tlengine.pgcheck.plan.Plan.PlannedClaim;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OldClaimsUnderstoodCheckTest {

  private final StorageSituation situation = new StorageSituation();

  private Outcome judge() {
    return situation.judge(new OldClaimsUnderstoodCheck());
  }

  private void old(String phase, String storageClass, long bytes, Optional<String> release) {
    situation.existing.clear();
    situation.existing.add(StorageSituation.old(phase, storageClass, bytes, release));
  }

  private void old(Optional<String> release) {
    old("Bound", "fast", StorageSituation.GIB, release);
  }

  @Test
  void noOldClaimsPass() {
    assertEquals(0, passed(judge()).get("own"));
  }

  @Test
  void theClaimsOfASetThatExistsAreItsOwn() {
    old(Optional.of("other"));
    situation.live.add(new LiveSet("tl-postgres", Optional.of("tl"), 1, Optional.empty()));

    assertEquals(1, passed(judge()).get("own"));
  }

  @Test
  void theClaimsOfAnInstalledReleaseAreItsOwnWhileItsSetIsRemoved() {
    old("Bound", "fast", StorageSituation.GIB / 2, Optional.of("tl"));
    situation.installed = true;

    passed(judge());
  }

  @Test
  void anotherReleasesClaimFailsAndSaysWhatItIs() {
    old(Optional.of("other"));
    situation.users = Map.of(StorageSituation.CLAIM, List.of("backup-1"));

    var finding = onlyFinding(judge());

    assertEquals(Severity.ERROR, finding.severity());
    assertTrue(finding.message().contains("belongs to another release, other, not to tl"));
    assertEquals("1Gi, class fast, Bound, 3 days old, mounted by backup-1", finding.detail());
    assertTrue(finding.remedy().contains("kubectl delete pvc data-tl-postgres-0 -n shop"));
  }

  @Test
  void aSmallerClaimFailsWithItsSizeAndTheOneWanted() {
    old("Bound", "fast", StorageSituation.GIB / 2, Optional.of("tl"));

    var finding = onlyFinding(judge());

    assertEquals(Severity.ERROR, finding.severity());
    assertTrue(finding.message().contains("exists with 512Mi, wanted 1Gi"), finding.message());
    assertTrue(
        finding
            .remedy()
            .contains("-p '{\"spec\":{\"resources\":{\"requests\":{\"storage\":\"1Gi\"}}}}'"));
  }

  /** The API server makes only bound claims larger. */
  @Test
  void aSmallerClaimWithoutAVolumeIsDeleted() {
    old("Pending", "fast", StorageSituation.GIB / 2, Optional.of("tl"));

    var remedy = onlyFinding(judge()).remedy();

    assertEquals(
        "it has no volume yet, so nothing is lost with it: kubectl delete pvc data-tl-postgres-0"
            + " -n shop; else plan its size: --set-string database.statefulset.storage.size=512Mi",
        remedy);
  }

  @Test
  void aClaimOfAnotherClassThanTheNamedOneFails() {
    situation.planned.set(
        0,
        new PlannedClaim(
            "tl-postgres",
            StorageSituation.CLAIM,
            Optional.of("fast"),
            "1Gi",
            List.of("ReadWriteOnce")));
    old("Pending", "slow", StorageSituation.GIB, Optional.of("tl"));

    assertTrue(onlyFinding(judge()).message().contains("with the storage class slow, wanted fast"));
  }

  @Test
  void withTheDefaultClassPlannedAnyClassIsRight() {
    old("Bound", "slow", StorageSituation.GIB, Optional.of("tl"));

    assertEquals(Severity.WARNING, onlyFinding(judge()).severity());
  }

  @Test
  void anEarlierInstallsDataIsWarnedOf() {
    old(Optional.of("tl"));

    var finding = onlyFinding(judge());

    assertEquals(Severity.WARNING, finding.severity());
    assertTrue(finding.message().contains("left from an earlier install of tl"));
    assertFalse(finding.message().contains("password"), finding.message());
  }

  @Test
  void mostImagesKeepTheOldPasswordToo() {
    old(Optional.empty());
    situation.set = StorageSituation.set(false, false, "Retain", "Retain");

    var finding = onlyFinding(judge());

    assertTrue(finding.message().contains("and with the old password"), finding.message());
    assertTrue(finding.remedy().contains("with the password of then"), finding.remedy());
  }

  @Test
  void aClaimThatNeverGotAVolumeHasNoData() {
    old("Pending", "fast", StorageSituation.GIB, Optional.of("tl"));

    assertEquals(1, passed(judge()).get("left by others"));
  }

  @Test
  void withoutClaimsItIsSkipped() {
    situation.planned.clear();

    assertSkipped("the release makes no claims", judge());
  }
}
