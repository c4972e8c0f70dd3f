package io.tlengine.pgcheck.check.persistence;

import static io.tlengine.pgcheck.check.Outcomes.findings;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.PodDeletion;
import io.tlengine.pgcheck.fact.PodDeletion.Instance;
import io.tlengine.pgcheck.fact.RowSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SurvivesPodDeletionCheckTest {

  private static final String LOOK =
      "look at what the volume holds and who deletes it: kubectl describe pvc data-postgres-0";
  private static final RowSet KEPT = new RowSet("usuarios", 3, 3, List.of(), List.of(), List.of());
  private static final RowSet ALL_LOST =
      new RowSet(
          "random rows", 7, 0, List.of("1", "2", "3", "4", "5", "6", "7"), List.of(), List.of());

  private static Instance onClaim(String podUid, String node, String volume, String identifier) {
    return new Instance(
        podUid,
        node,
        Optional.of("data-postgres-0"),
        Optional.of("uid-of-claim"),
        Optional.of(volume),
        identifier);
  }

  private static Instance onNoClaim(String podUid, String identifier) {
    return new Instance(
        podUid, "node-1", Optional.empty(), Optional.empty(), Optional.empty(), identifier);
  }

  private static Outcome judge(Instance before, Instance after, RowSet... rows) {
    return judge(before, Optional.of(after), Optional.empty(), List.of(rows));
  }

  private static Outcome judge(
      Instance before, Optional<Instance> after, Optional<String> trouble, List<RowSet> rows) {
    return Situations.judge(
        new SurvivesPodDeletionCheck(),
        FactKey.POD_DELETION,
        new PodDeletion("postgres", "postgres-0", before, after, trouble, rows, 900, 4_100));
  }

  @Test
  void theSameRowsOnTheSameClaimPassAndSayWhatWasNotShown() {
    var evidence =
        passed(
            judge(
                onClaim("a", "node-1", "pv-1", "71"), onClaim("b", "node-2", "pv-1", "71"), KEPT));

    assertEquals(
        "3 of 3 usuarios kept; new pod from node-1 to node-2, ready after 4100 ms, on the claim"
            + " data-postgres-0. Level: pod deleted; a clean shutdown wrote everything: crashes,"
            + " power loss and lying disks are not shown",
        evidence.get("summary"));
    assertEquals("pod deleted", evidence.get("level"));
  }

  @Test
  void lostRowsFailAndTheFirstFiveAreNamed() {
    assertEquals(
        Finding.error(
            "StatefulSet/postgres",
            "7 of 7 acknowledged rows of random rows are lost; wanted: none",
            "keys: 1, 2, 3, 4, 5, ...",
            LOOK),
        onlyFinding(
            judge(
                onClaim("a", "node-1", "pv-1", "71"),
                onClaim("b", "node-1", "pv-1", "71"),
                KEPT,
                ALL_LOST)));
  }

  @Test
  void alteredAndUnexpectedRowsAreFindingsOfTheirOwn() {
    var rows = new RowSet("usuarios", 3, 2, List.of(), List.of("juan@x"), List.of("eve@x"));

    assertEquals(
        List.of(
            "1 of 3 acknowledged rows of usuarios are altered; wanted: none",
            "1 of 3 acknowledged rows of usuarios are unexpected; wanted: none"),
        findings(
                judge(
                    onClaim("a", "node-1", "pv-1", "71"),
                    onClaim("b", "node-1", "pv-1", "71"),
                    rows))
            .stream()
            .map(Finding::message)
            .toList());
  }

  @Test
  void anEmptyDirDatabaseIsAnotherOneAfterwardsAndIsReportedAsLost() {
    var findings = findings(judge(onNoClaim("a", "71"), onNoClaim("b", "99"), ALL_LOST));

    assertEquals(
        Finding.error(
            "StatefulSet/postgres",
            "the new pod runs another database: system identifier 99, before the deletion 71",
            "the data directory lies on no claim",
            "put the data directory on a volumeClaimTemplate of the StatefulSet postgres"
                + " (charts/tl-engine: database.mode=statefulset); an emptyDir ends with its pod"),
        findings.getFirst());
    assertEquals(2, findings.size());
  }

  @Test
  void anotherVolumeFailsEvenWithTheSameRows() {
    assertEquals(
        Finding.error(
            "StatefulSet/postgres",
            "the new pod has another claim or volume: data-postgres-0 on pv-2, before the deletion"
                + " data-postgres-0 on pv-1",
            "",
            LOOK),
        onlyFinding(
            judge(
                onClaim("a", "node-1", "pv-1", "71"), onClaim("b", "node-1", "pv-2", "71"), KEPT)));
  }

  @Test
  void theSamePodHasShownNothing() {
    assertEquals(
        new Outcome.Unknown(
            "the pod is still the one with UID a, so nothing was shown", "run again"),
        judge(onClaim("a", "node-1", "pv-1", "71"), onClaim("a", "node-1", "pv-1", "71"), KEPT));
  }

  @Test
  void rowsThatCouldNotBeReadAreUnknownAndNeverLost() {
    var unknown =
        unknown(
            judge(
                onClaim("a", "node-1", "pv-1", "71"),
                Optional.empty(),
                Optional.of("the pod postgres-0 has no ready successor after 60 s"),
                List.of()));

    assertEquals(
        "postgres-0 was deleted and its rows could not be read again: the pod postgres-0 has no"
            + " ready successor after 60 s",
        unknown.why());
  }
}
