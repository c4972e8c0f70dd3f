package io.tlengine.pgcheck.check.storage;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.LiveSets.LiveSet;
import io.tlengine.pgcheck.fact.OldData;
import io.tlengine.pgcheck.fact.OldData.Directory;
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

  /** The server keeps its data in pgdata of the claim, and its image is this one. */
  private void image(String image) {
    situation.pod =
        new PodSpecBuilder()
            .withContainers(
                StorageSituation.container()
                    .withImage(image)
                    .addNewEnv()
                    .withName("PGDATA")
                    .withValue("/data/pgdata")
                    .endEnv()
                    .addNewVolumeMount()
                    .withName("data")
                    .withMountPath("/data")
                    .endVolumeMount()
                    .build())
            .addNewVolume()
            .withName("data")
            .withNewPersistentVolumeClaim(StorageSituation.CLAIM, false)
            .endVolume()
            .build();
  }

  private void looked(OldData.Look look) {
    old(Optional.of("tl"));
    situation.oldData =
        Fact.known(new OldData(List.of(new OldData.OnClaim(StorageSituation.CLAIM, look))));
  }

  private void saw(List<Directory> directories, String... servers) {
    looked(new OldData.Look.Seen(directories, List.of(), List.of(servers)));
  }

  /** As without the look, but for what the detail says of it. */
  private void assertOnlyWarned(String detail) {
    var finding = onlyFinding(judge());

    assertEquals(Severity.WARNING, finding.severity());
    assertTrue(finding.message().contains("left from an earlier install of tl"));
    assertEquals("1Gi, class fast, Bound, 3 days old" + detail, finding.detail());
  }

  @Test
  void dataOfAnotherMajorFailsAndNamesBothAndTheWaysOut() {
    image("registry.example.com/postgres:17.5-alpine");
    saw(List.of(new Directory("pgdata", "15")), "17");

    var finding = onlyFinding(judge());

    assertEquals(Severity.ERROR, finding.severity());
    assertEquals(
        "the claim data-tl-postgres-0 holds data of PostgreSQL 15, the image runs 17: the server"
            + " would refuse it",
        finding.message());
    assertTrue(
        finding.remedy().contains("--set-string database.statefulset.image.tag=15-alpine;"),
        finding.remedy());
    assertTrue(finding.remedy().contains("Dump and restore"), finding.remedy());
    assertTrue(finding.remedy().endsWith("kubectl delete pvc data-tl-postgres-0 -n shop"));
  }

  @Test
  void ofAnotherChartNoValueIsNamed() {
    image("registry.example.com/postgres@sha256:0");
    situation.set = StorageSituation.set(false, false, "Retain", "Retain");
    saw(List.of(new Directory("pgdata", "9.6")), "17");

    var remedy = onlyFinding(judge()).remedy();

    assertTrue(remedy.contains("install with an image of PostgreSQL 9.6"), remedy);
    assertFalse(remedy.contains("--set"), remedy);
  }

  @Test
  void dataOfTheSameMajorIsWarnedOfAsBefore() {
    image("postgres:17");
    saw(List.of(new Directory("pgdata", "17")), "17");

    assertOnlyWarned(", data of PostgreSQL 17 as the image's");
  }

  @Test
  void ofSeveralDirectoriesTheServersOwnCounts() {
    image("postgres:17");
    saw(List.of(new Directory("old", "15"), new Directory("pgdata", "17")), "17");

    assertOnlyWarned(", data of PostgreSQL 17 as the image's");
  }

  @Test
  void dataBesideTheServersDirectoryIsNotItsOwn() {
    image("postgres:17");
    saw(List.of(new Directory("old", "15"), new Directory("", "9.6")), "17");

    assertOnlyWarned(
        "; the data's major version was not seen: the volume has data of PostgreSQL 15 in old, data"
            + " of PostgreSQL 9.6 in its root, and the server's directory is pgdata");
  }

  @Test
  void whereThePlanDoesNotTellTheDirectoryOneIsEnoughAndTwoAreNot() {
    saw(List.of(new Directory("main", "15")), "17");
    assertEquals(Severity.ERROR, onlyFinding(judge()).severity());

    saw(List.of(new Directory("main", "15"), new Directory("pgdata", "17")), "17");
    assertOnlyWarned(
        "; the data's major version was not seen: the volume has data of PostgreSQL 15 in main, data"
            + " of PostgreSQL 17 in pgdata, and which the server opens is not known");
  }

  @Test
  void noDataAndClosedDirectoriesAreToldApart() {
    saw(List.of(), "17");
    assertOnlyWarned(
        "; the data's major version was not seen: no data directory lies in the volume");

    looked(new OldData.Look.Seen(List.of(), List.of("pgdata"), List.of("17")));
    assertOnlyWarned(
        "; the data's major version was not seen: the planned user may not read pgdata");
  }

  @Test
  void anImageThatHasNoOrSeveralServersDecidesNothing() {
    saw(List.of(new Directory("pgdata", "15")));
    assertOnlyWarned(
        "; the data's major version was not seen: the data is of PostgreSQL 15, and the image does"
            + " not tell its server's version");

    saw(List.of(new Directory("pgdata", "15")), "16", "17");
    assertOnlyWarned(
        "; the data's major version was not seen: the data is of PostgreSQL 15, and the image has"
            + " several servers: 16, 17");
  }

  @Test
  void whoCouldNotLookLoosensNothing() {
    looked(new OldData.Look.Unseen("no shell"));
    assertOnlyWarned("; the data's major version was not seen: no shell");

    situation.oldData = Fact.unavailable("no right", "grant it");
    assertOnlyWarned("; the data's major version was not seen: no right");
  }

  @Test
  void aClaimThatWasNotToBeLookedIntoIsWarnedOfAsWithoutTheLook() {
    old(Optional.of("tl"));
    situation.oldData = Fact.known(new OldData(List.of()));

    assertOnlyWarned("");
  }

  /** The set runs, and its claim is there: before the upgrade and as the chart wants it. */
  private void upgrade(String before, String after) {
    old(Optional.of("tl"));
    situation.installed = true;
    situation.live.clear();
    situation.live.add(new LiveSet("tl-postgres", Optional.of("tl"), 1, Optional.of(before)));
    image(after);
  }

  @Test
  void anUpgradeToAnotherMajorFailsAndNamesBothAndTheWaysOut() {
    upgrade("registry.example.com:5000/postgres:17.5", "registry.example.com:5000/postgres:15");

    var finding = onlyFinding(judge());

    assertEquals(Severity.ERROR, finding.severity());
    assertEquals("StatefulSet/tl-postgres", finding.subject());
    assertEquals(
        "the set tl-postgres has data of PostgreSQL 17, and the upgrade gives it an image of"
            + " PostgreSQL 15: no server opens the data of another major, so the database would be"
            + " down",
        finding.message());
    assertEquals("by the images' tags: 17.5 now, 15 after the upgrade", finding.detail());
    assertEquals(
        "keep the major: --set-string database.statefulset.image.tag=17.5; to change it, dump the"
            + " data and restore it into a second release with 15 (the chart's README: Dump and"
            + " restore)",
        finding.remedy());
  }

  @Test
  void ofAnotherRepositoryTheKeptTagHasItsSuffix() {
    upgrade("postgres:17.5", "registry.example.com/postgres:18.1-alpine");

    var remedy = onlyFinding(judge()).remedy();

    assertTrue(remedy.contains("image.tag=17-alpine;"), remedy);
  }

  @Test
  void anUpgradeOfAnotherChartNamesNoValue() {
    upgrade("postgres:17", "postgres:15");
    situation.set = StorageSituation.set(false, false, "Retain", "Retain");

    var remedy = onlyFinding(judge()).remedy();

    assertTrue(remedy.startsWith("keep an image of PostgreSQL 17; to change the major,"), remedy);
    assertFalse(remedy.contains("--set"), remedy);
  }

  @Test
  void anUpgradeOfTheSameMajorOrOfOneThatNoTagNamesPasses() {
    upgrade("postgres:17.4", "postgres:17.5-alpine");
    passed(judge());
    upgrade("postgres:latest", "postgres:15");
    passed(judge());
    upgrade("postgres:17", "postgres@sha256:15aa");
    passed(judge());
  }

  /** It brings the data along when it starts. */
  @Test
  void anImageThatUpgradesTheDataByItselfPasses() {
    upgrade("postgres:15", "pgautoupgrade/pgautoupgrade:17-alpine");
    passed(judge());
  }

  @Test
  void whereTheClaimsAreGoneNoDataIsOfAnotherMajor() {
    upgrade("postgres:17", "postgres:15");
    situation.existing.clear();

    passed(judge());
  }

  @Test
  void aSetOfAnotherOwnerIsNotThisChecksMatter() {
    upgrade("postgres:17", "postgres:15");
    situation.live.set(
        0, new LiveSet("tl-postgres", Optional.of("other"), 1, Optional.of("postgres:17")));

    passed(judge());
  }

  @Test
  void withoutClaimsItIsSkipped() {
    situation.planned.clear();

    assertSkipped("the release makes no claims", judge());
  }
}
