package io.tlengine.pgcheck.check.persistence;

import static io.tlengine.pgcheck.check.Outcomes.findings;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.PodDeletion;
import io.tlengine.pgcheck.fact.PodDeletion.DeletedPod;
import io.tlengine.pgcheck.fact.PodDeletion.Instance;
import io.tlengine.pgcheck.fact.PodDeletion.Round;
import io.tlengine.pgcheck.fact.RowSet;
import io.tlengine.pgcheck.fact.Software;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SurvivesPodDeletionCheckTest {

  private static final String LOOK =
      "look at what the volume holds and who deletes it: kubectl describe pvc data-postgres-0 -n shop";
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
        Optional.of(identifier));
  }

  private static Instance onNoClaim(String podUid, String identifier) {
    return new Instance(
        podUid,
        "node-1",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(identifier));
  }

  private static DeletedPod deleted(
      String pod, Instance before, Optional<Instance> after, RowSet... rows) {
    return new DeletedPod(
        pod,
        before,
        after,
        after.isPresent() ? Optional.empty() : Optional.of("it has no ready successor after 60 s"),
        List.of(rows),
        900,
        4_100,
        4_400);
  }

  private static DeletedPod kept(String pod) {
    return deleted(
        pod,
        onClaim("a", "node-1", "pv-1", "71"),
        Optional.of(onClaim("b", "node-2", "pv-1", "71")),
        KEPT);
  }

  private static Outcome judge(Software software, Optional<String> obstacle, Round... rounds) {
    return Namespaced.judge(
        new SurvivesPodDeletionCheck(),
        FactKey.POD_DELETION,
        new PodDeletion("shop", "postgres", software, List.of(rounds), obstacle));
  }

  private static Outcome judge(Round... rounds) {
    return judge(Software.POSTGRESQL, Optional.empty(), rounds);
  }

  private static Outcome judge(Instance before, Instance after, RowSet... rows) {
    return judge(round(deleted("postgres-0", before, Optional.of(after), rows)));
  }

  private static Round round(DeletedPod... pods) {
    return new Round(List.of(pods));
  }

  @Test
  void theSameRowsOnTheSameClaimPassAndSayWhatWasNotShown() {
    var evidence = passed(judge(round(kept("postgres-0"))));

    assertEquals(
        "3 of 3 usuarios kept; new pod from node-1 to node-2, ready after 4100 ms, on the claim"
            + " data-postgres-0. Level: pod deleted, node changed; a clean shutdown wrote"
            + " everything: crashes, power loss and lying disks are not shown",
        evidence.get("summary"));
    assertEquals("pod deleted, node changed", evidence.get("level"));
  }

  @Test
  void theLevelSaysHowOftenTheNodeChanged() {
    var stayed =
        deleted(
            "postgres-1",
            onClaim("c", "node-1", "pv-2", "71"),
            Optional.of(onClaim("d", "node-1", "pv-2", "71")),
            KEPT);

    assertEquals("pod deleted", passed(judge(round(stayed))).get("level"));
    assertEquals(
        "pod deleted, node changed in 1 of 2 deletions",
        passed(judge(round(kept("postgres-0"), stayed))).get("level"));
  }

  @Test
  void eachPodAndAllAtOnceAreToldApart() {
    var evidence =
        passed(
            judge(
                round(kept("postgres-0")),
                round(kept("postgres-1")),
                round(kept("postgres-0"), kept("postgres-1"))));

    assertEquals(
        "12 of 12 rows kept over 2 pods one after another (longest without service: 4400 ms) and"
            + " all 2 at once (4400 ms until the last one answered). Level: pod deleted, node"
            + " changed; a clean shutdown wrote everything: crashes, power loss and lying disks are"
            + " not shown",
        evidence.get("summary"));
    assertEquals(
        "[postgres-0, postgres-1, postgres-0, all at once, postgres-1, all at once]",
        String.valueOf(
            evidence.get("deleted") instanceof Map<?, ?> pods ? pods.keySet() : "no map"));
  }

  @Test
  void whatOnlyTheDeletionOfAllShowsIsSaidToBeOfIt() {
    var moved =
        deleted(
            "postgres-1",
            onClaim("a", "node-1", "pv-1", "71"),
            Optional.of(onClaim("b", "node-1", "pv-2", "71")),
            KEPT);

    var finding = onlyFinding(judge(round(kept("postgres-0")), round(kept("postgres-0"), moved)));

    assertEquals("Pod/postgres-1", finding.subject());
    assertEquals(
        "the new pod has another claim or volume: data-postgres-0 on pv-2, before the deletion of"
            + " all pods data-postgres-0 on pv-1",
        finding.message());
  }

  @Test
  void lostRowsFailAndTheFirstFiveAreNamed() {
    assertEquals(
        Finding.error(
            "Pod/postgres-0",
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
            "Pod/postgres-0",
            "the new pod runs another database: system identifier 99, before the deletion 71",
            "the data directory lies on no claim",
            "put the data directory on a volumeClaimTemplate of the StatefulSet postgres"
                + " (charts/tl-engine: database.mode=statefulset); an emptyDir ends with its pod"),
        findings.getFirst());
    assertEquals(2, findings.size());
  }

  @Test
  void aRedisWithoutAFileIsReportedAsLostWithItsOwnRemedy() {
    var claim = onClaim("a", "node-1", "pv-1", "");
    var pod = deleted("redis-0", claim, Optional.of(onClaim("b", "node-1", "pv-1", "")), ALL_LOST);

    assertEquals(
        "have Redis keep its keys: --appendonly yes, and --dir on the claim's mount; " + LOOK,
        onlyFinding(judge(Software.REDIS, Optional.empty(), round(pod))).remedy());
  }

  @Test
  void anotherVolumeFailsEvenWithTheSameRows() {
    assertEquals(
        Finding.error(
            "Pod/postgres-0",
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
    var pod = deleted("postgres-0", onClaim("a", "node-1", "pv-1", "71"), Optional.empty());

    assertEquals(
        "postgres-0 was deleted and its rows could not be read again: it has no ready successor"
            + " after 60 s",
        unknown(judge(round(pod))).why());
    // The schema is dropped at the end of a run: there is nothing that a later one could read.
    assertEquals(
        "kubectl get pods,events -n shop; when it is ready, run this command again, with a"
            + " longer --timeout if it came too late: what this run wrote is removed and not read"
            + " again, the next one writes anew",
        unknown(judge(round(pod))).remedy());
  }

  @Test
  void aPodThatRestartedByItselfIsNoDeletionOfOurs() {
    var obstacle = Optional.of("the pod postgres-1 was gone or replaced before it was deleted");

    assertEquals(
        "not every pod was deleted by this run: " + obstacle.get(),
        unknown(judge(Software.POSTGRESQL, obstacle, round(kept("postgres-0")))).why());
    assertEquals(
        "not every pod was deleted by this run: " + obstacle.get(),
        unknown(judge(Software.POSTGRESQL, obstacle)).why());
  }

  @Test
  void aLossCountsEvenWhereAnotherPodCouldNotBeDeleted() {
    var lost =
        deleted(
            "postgres-0",
            onClaim("a", "node-1", "pv-1", "71"),
            Optional.of(onClaim("b", "node-1", "pv-1", "71")),
            ALL_LOST);

    onlyFinding(judge(Software.POSTGRESQL, Optional.of("no other was deleted"), round(lost)));
  }
}
