package io.tlengine.pgcheck.check.persistence;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.Scaling;
import io.tlengine.pgcheck.fact.Scaling.ReturnedPod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Pods that do not replicate are databases of their own, and each has its own rows again. */
public final class IndependentDataKeptCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-703",
        "independent-data-kept",
        Severity.ERROR,
        "after all pods were scaled away and back, one has not its own rows, or shares a database");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.SCALING);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var seen = facts.get(FactKey.SCALING);
    if (!seen.independent()) {
      return new Outcome.Skipped("the pods of " + seen.set() + " are copies of one primary");
    }
    if (seen.trouble().isPresent()) {
      return Scalings.unfinished(seen);
    }
    if (seen.pods().size() < 2) {
      return new Outcome.Unknown(
          seen.pods().size() + " pod of " + seen.set() + " was away; wanted: 2 or more",
          "run again");
    }
    var remedy =
        "give each pod a claim of its own by a volumeClaimTemplate of StatefulSet/"
            + seen.set()
            + "; a volume that all pods mount is one database for all";
    var findings = new ArrayList<Finding>();
    findings.addAll(
        shared(
            seen.pods(),
            "system identifier",
            p -> p.before().systemIdentifier().orElse("of " + p.pod()),
            remedy));
    findings.addAll(
        shared(seen.pods(), "claim", p -> p.before().claimUid().orElse("of " + p.pod()), remedy));
    for (var pod : seen.pods()) {
      findings.addAll(Rows.findings(pod.rows(), "Pod/" + pod.pod(), remedy));
    }
    return Outcome.of(findings, proof(seen));
  }

  private static List<Finding> shared(
      List<ReturnedPod> pods, String what, Function<ReturnedPod, String> by, String remedy) {
    var first = new HashMap<String, String>();
    var findings = new ArrayList<Finding>();
    for (var pod : pods) {
      var other = first.putIfAbsent(by.apply(pod), pod.pod());
      if (other != null) {
        findings.add(
            Finding.error(
                "Pod/" + pod.pod(),
                pod.pod()
                    + " has the same "
                    + what
                    + " as "
                    + other
                    + ": "
                    + by.apply(pod)
                    + "; wanted: one of its own",
                "",
                remedy));
      }
    }
    return findings;
  }

  private static Map<String, Object> proof(Scaling seen) {
    var pods = new LinkedHashMap<String, Object>();
    for (var pod : seen.pods()) {
      pods.put(
          pod.pod(),
          evidence(
              "systemIdentifier", pod.after().systemIdentifier().orElse("none"),
              "rows", Rows.evidence(pod.rows())));
    }
    return evidence(
        "summary",
        Scalings.path(seen)
            + " pods: each of "
            + seen.pods().size()
            + " has its own rows again, "
            + Scalings.rows(seen)
            + ". "
            + Scalings.LEVEL,
        "level",
        "pod deleted",
        "cannotShow",
        Scalings.CANNOT_SHOW,
        "pods",
        pods);
  }
}
