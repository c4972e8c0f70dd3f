package io.tlengine.pgcheck.check.persistence;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.check.Sql;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.Scaling;
import io.tlengine.pgcheck.fact.Scaling.ReturnedPod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A pod that was scaled away left its claim, and when it was scaled back it had that claim, that
 * volume, that database and those rows again.
 */
public final class SurvivesScalingCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-702",
        "survives-scaling",
        Severity.ERROR,
        "after scaling in and out, a pod has not its claim, volume, database or rows again");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.SCALING);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var seen = facts.get(FactKey.SCALING);
    if (seen.trouble().isPresent()) {
      return Scalings.unfinished(seen);
    }
    if (seen.pods().isEmpty()) {
      return new Outcome.Unknown(
          "no pod of " + seen.set() + " was away and came back, so nothing was shown", "run again");
    }
    for (var pod : seen.pods()) {
      if (pod.before().podUid().equals(pod.after().podUid())) {
        return new Outcome.Unknown(
            pod.pod() + " is still the one with UID " + pod.before().podUid() + ": it never went",
            "run again");
      }
    }
    var findings = new ArrayList<Finding>();
    for (var pod : seen.pods()) {
      findings.addAll(of(seen, pod));
    }
    seen.replication()
        .filter(r -> !r.lost().isEmpty())
        .ifPresent(
            r ->
                findings.add(
                    Finding.error(
                        "StatefulSet/" + seen.set(),
                        "after scaling, replication slots are not used again: "
                            + String.join(", ", r.lost())
                            + "; wanted: as before, "
                            + String.join(", ", r.before()),
                        "an unused slot holds WAL back on the primary",
                        "kubectl logs -n "
                            + seen.namespace()
                            + " statefulset/"
                            + seen.set()
                            + "; on the primary:\nSELECT * FROM pg_replication_slots;")));
    seen.replication()
        .filter(r -> !r.synchronousAfter().equals(r.synchronousBefore()))
        .ifPresent(
            r ->
                findings.add(
                    Finding.error(
                        "StatefulSet/" + seen.set(),
                        "after scaling, the primary's synchronous_standby_names is '"
                            + r.synchronousAfter()
                            + "'; wanted: as before, '"
                            + r.synchronousBefore()
                            + "'",
                        "commits wait for other standbys than before the scaling",
                        "on the primary, where it comes from:\n"
                            + "SELECT name, setting, sourcefile, sourceline FROM pg_settings"
                            + " WHERE name = 'synchronous_standby_names';\n"
                            + "and back:\n"
                            + "ALTER SYSTEM SET synchronous_standby_names = "
                            + Sql.text(r.synchronousBefore())
                            + ";\nSELECT pg_reload_conf();")));
    return Outcome.of(findings, proof(seen));
  }

  private static List<Finding> of(Scaling seen, ReturnedPod pod) {
    var remedy =
        pod.before().claim().isEmpty()
            ? "put the data directory on a volumeClaimTemplate of the StatefulSet "
                + seen.set()
                + "; an emptyDir ends with its pod"
            : "look at who deletes claims: kubectl get statefulset "
                + seen.set()
                + " -n "
                + seen.namespace()
                // The claim may be gone with the run that made it; its events stay.
                + " -o jsonpath='{.spec.persistentVolumeClaimRetentionPolicy}'; kubectl get events"
                + " --field-selector involvedObject.name="
                + pod.before().claim().orElse("")
                + " -n "
                + seen.namespace();
    var findings = new ArrayList<Finding>();
    if (pod.before().claim().isPresent() && !pod.claimWhileGone().equals(pod.before().claimUid())) {
      findings.add(
          Finding.error(
              "PersistentVolumeClaim/" + pod.before().claim().get(),
              "while "
                  + pod.pod()
                  + " was scaled away its claim was "
                  + pod.claimWhileGone().map(u -> "another one, UID " + u).orElse("not there")
                  + "; wanted: UID "
                  + pod.before().claimUid().orElse("none"),
              "",
              remedy));
    }
    findings.addAll(
        Attachment.findings("Pod/" + pod.pod(), "the scaling", pod.before(), pod.after(), remedy));
    findings.addAll(Rows.findings(pod.rows(), "Pod/" + pod.pod(), remedy));
    return findings;
  }

  private static Map<String, Object> proof(Scaling seen) {
    var pods = new LinkedHashMap<String, Object>();
    for (var pod : seen.pods()) {
      pods.put(
          pod.pod(),
          evidence(
              "podUidBefore", pod.before().podUid(),
              "podUidAfter", pod.after().podUid(),
              "claim", pod.before().claim().orElse("none"),
              "claimUid", pod.before().claimUid().orElse("none"),
              "volume", pod.after().volume().orElse("none"),
              "nodeBefore", pod.before().node(),
              "nodeAfter", pod.after().node(),
              "rows", Rows.evidence(pod.rows())));
    }
    return evidence(
        "summary",
        Scalings.path(seen)
            + " pods: "
            + seen.pods().size()
            + " that were away have their claim, volume and database again; "
            + Scalings.rows(seen)
            + ". "
            + Scalings.LEVEL,
        "level",
        "pod deleted",
        "cannotShow",
        Scalings.CANNOT_SHOW,
        "path",
        seen.path(),
        "pods",
        pods,
        "replicationSlots",
        seen.replication().map(Scaling.Replication::before).orElse(List.of()),
        "synchronousStandbyNames",
        seen.replication().map(Scaling.Replication::synchronousAfter).orElse(""));
  }
}
