package io.tlengine.pgcheck.check.persistence;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.Reinstall;
import java.util.ArrayList;
import java.util.Set;

/** The claims outlive the release, and the release that comes back adopts them with their rows. */
public final class SurvivesReinstallCheck implements Check {

  private static final String CANNOT_SHOW =
      "the rollback makes the same objects: other values, such as another name or size, are not"
          + " shown, nor are crashes";

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-709",
        "survives-reinstall",
        Severity.ERROR,
        "after uninstall and rollback, claim, volume, database or rows are not the same");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.REINSTALL);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var seen = facts.get(FactKey.REINSTALL);
    var after = seen.after().orElse(null);
    if (after == null) {
      return new Outcome.Unknown(
          seen.release()
              + " was uninstalled and its rows could not be read again: "
              + seen.trouble().orElse("no reason known"),
          "helm history "
              + seen.release()
              + in(seen)
              // The pod may be gone: then its set's events say why no other one came.
              + "; kubectl get pods,events"
              + in(seen));
    }
    if (seen.before().podUid().equals(after.podUid())) {
      return new Outcome.Unknown(
          "the pod is still the one with UID " + after.podUid() + ", so nothing was shown",
          "run again");
    }
    var remedy =
        seen.before().claim().isEmpty()
            ? "put the data directory on a volumeClaimTemplate of the StatefulSet " + seen.set()
            : "keep claims when the set is deleted:"
                + " persistentVolumeClaimRetentionPolicy.whenDeleted=Retain; kubectl describe pvc "
                + seen.before().claim().get()
                + in(seen);
    var findings = new ArrayList<Finding>();
    if (seen.before().claim().isPresent()
        && !seen.claimWhileGone().equals(seen.before().claimUid())) {
      findings.add(
          Finding.error(
              "PersistentVolumeClaim/" + seen.before().claim().get(),
              "while the release was away the claim was "
                  + seen.claimWhileGone().map(u -> "another one, UID " + u).orElse("not there")
                  + "; wanted: UID "
                  + seen.before().claimUid().orElse("none"),
              "",
              remedy));
    }
    var subject = "StatefulSet/" + seen.set();
    findings.addAll(Attachment.findings(subject, "the uninstall", seen.before(), after, remedy));
    findings.addAll(Rows.findings(seen.rows(), subject, remedy));
    return Outcome.of(
        findings,
        evidence(
            "summary",
                Rows.summary(seen.rows())
                    + "; "
                    + seen.release()
                    + " was away for "
                    + seen.awayMillis()
                    + " ms and is back at revision "
                    + seen.revision()
                    + "'s state, on "
                    + after.claim().map(c -> "the claim " + c).orElse("no claim")
                    + ". Level: release uninstalled; "
                    + CANNOT_SHOW,
            "level", "release uninstalled",
            "cannotShow", CANNOT_SHOW,
            "revision", seen.revision(),
            "podUidBefore", seen.before().podUid(),
            "podUidAfter", after.podUid(),
            "claim", after.claim().orElse("none"),
            "volume", after.volume().orElse("none"),
            "systemIdentifier", after.systemIdentifier().orElse("none"),
            "awayMillis", seen.awayMillis(),
            "rows", Rows.evidence(seen.rows())));
  }

  private static String in(Reinstall seen) {
    return " -n " + seen.namespace();
  }
}
