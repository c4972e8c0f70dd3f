package io.tlengine.pgcheck.check.persistence;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.PodDeletion;
import io.tlengine.pgcheck.fact.PodDeletion.Instance;
import java.util.ArrayList;
import java.util.Set;

/**
 * After its pod was deleted, the database is the same one on the same claim and volume, with the
 * same rows. A graceful deletion shows that the volume comes back, and nothing about crashes.
 */
public final class SurvivesPodDeletionCheck implements Check {

  private static final String LEVEL = "pod deleted";
  private static final String CANNOT_SHOW =
      "a clean shutdown wrote everything: crashes, power loss and lying disks are not shown";

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-701",
        "survives-pod-deletion",
        Severity.ERROR,
        "after the pod was deleted, rows, claim, volume or database are not the same");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.POD_DELETION);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var seen = facts.get(FactKey.POD_DELETION);
    var before = seen.before();
    var after = seen.after().orElse(null);
    if (after == null) {
      return new Outcome.Unknown(
          seen.pod()
              + " was deleted and its rows could not be read again: "
              + seen.trouble().orElse("no reason known"),
          "kubectl describe pod "
              + seen.pod()
              + "; when it is ready, run this command again: the rows are read by the next run");
    }
    var evidence =
        evidence(
            "summary", summary(seen, before, after),
            "level", LEVEL,
            "cannotShow", CANNOT_SHOW,
            "pod", seen.pod(),
            "podUidBefore", before.podUid(),
            "podUidAfter", after.podUid(),
            "nodeBefore", before.node(),
            "nodeAfter", after.node(),
            "claim", before.claim().orElse("none"),
            "volume", before.volume().orElse("none"),
            "systemIdentifier", before.systemIdentifier(),
            "goneAfterMillis", seen.deletedMillis(),
            "readyAfterMillis", seen.readyMillis(),
            "rows", Rows.evidence(seen.rows()));
    if (before.podUid().equals(after.podUid())) {
      return new Outcome.Unknown(
          "the pod is still the one with UID " + before.podUid() + ", so nothing was shown",
          "run again");
    }
    var findings = new ArrayList<Finding>();
    findings.addAll(
        Attachment.findings(
            "StatefulSet/" + seen.set(), "the deletion", before, after, remedy(seen)));
    findings.addAll(Rows.findings(seen.rows(), "StatefulSet/" + seen.set(), remedy(seen)));
    return Outcome.of(findings, evidence);
  }

  private static String summary(PodDeletion seen, Instance before, Instance after) {
    var place =
        before.node().equals(after.node())
            ? "on " + after.node()
            : "from " + before.node() + " to " + after.node();
    return Rows.summary(seen.rows())
        + "; new pod "
        + place
        + ", ready after "
        + seen.readyMillis()
        + " ms, on "
        + before.claim().map(c -> "the claim " + c).orElse("no claim")
        + ". Level: "
        + LEVEL
        + "; "
        + CANNOT_SHOW;
  }

  private static String remedy(PodDeletion seen) {
    return seen.before().claim().isEmpty()
        ? "put the data directory on a volumeClaimTemplate of the StatefulSet "
            + seen.set()
            + " (charts/tl-engine: database.mode=statefulset); an emptyDir ends with its pod"
        : "look at what the volume holds and who deletes it: kubectl describe pvc "
            + seen.before().claim().orElse("");
  }
}
