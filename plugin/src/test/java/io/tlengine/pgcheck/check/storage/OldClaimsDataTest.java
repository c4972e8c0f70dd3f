package io.tlengine.pgcheck.check.storage;

import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.OldData;
import io.tlengine.pgcheck.fact.OldData.Directory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What PGC-207 makes of the data that --probe-volume saw in an old claim. */
class OldClaimsDataTest {

  private final StorageSituation situation = new StorageSituation();

  private Outcome judge() {
    return situation.judge(new OldClaimsUnderstoodCheck());
  }

  private void looked(OldData.Look look) {
    situation.left();
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
    situation.image("registry.example.com/postgres:17.5-alpine");
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
    situation.image("registry.example.com/postgres@sha256:0");
    situation.set = StorageSituation.set(false, false, "Retain", "Retain");
    saw(List.of(new Directory("pgdata", "9.6")), "17");

    var remedy = onlyFinding(judge()).remedy();

    assertTrue(remedy.contains("install with an image of PostgreSQL 9.6"), remedy);
    assertFalse(remedy.contains("--set"), remedy);
  }

  @Test
  void dataOfTheSameMajorIsWarnedOfAsBefore() {
    situation.image("postgres:17");
    saw(List.of(new Directory("pgdata", "17")), "17");

    assertOnlyWarned(", data of PostgreSQL 17 as the image's");
  }

  @Test
  void ofSeveralDirectoriesTheServersOwnCounts() {
    situation.image("postgres:17");
    saw(List.of(new Directory("old", "15"), new Directory("pgdata", "17")), "17");

    assertOnlyWarned(", data of PostgreSQL 17 as the image's");
  }

  @Test
  void dataBesideTheServersDirectoryIsNotItsOwn() {
    situation.image("postgres:17");
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
    situation.left();
    situation.oldData = Fact.known(new OldData(List.of()));

    assertOnlyWarned("");
  }
}
