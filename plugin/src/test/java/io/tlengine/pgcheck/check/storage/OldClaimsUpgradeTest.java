package io.tlengine.pgcheck.check.storage;

import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.LiveSets.LiveSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** PGC-207 in an upgrade: an image of another major over the data that the set has. */
class OldClaimsUpgradeTest {

  private final StorageSituation situation = new StorageSituation();

  private Outcome judge() {
    return situation.judge(new OldClaimsUnderstoodCheck());
  }

  /** The set runs, and its claim is there: before the upgrade and as the chart wants it. */
  private void upgrade(String before, String after) {
    situation.left();
    situation.installed = true;
    situation.live.clear();
    situation.live.add(new LiveSet("tl-postgres", Optional.of("tl"), 1, Optional.of(before)));
    situation.image(after);
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
}
