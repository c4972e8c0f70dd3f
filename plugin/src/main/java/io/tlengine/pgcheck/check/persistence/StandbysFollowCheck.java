package io.tlengine.pgcheck.check.persistence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.StandbyCopies;
import io.tlengine.pgcheck.fact.StandbyCopies.Arrival;
import io.tlengine.pgcheck.fact.StandbyCopies.Standby;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Rows that the primary acknowledged are replayed by each standby, also by one that was away, and
 * the Service for reading leads to standbys only. Failover is another matter, and not shown.
 */
public final class StandbysFollowCheck implements Check {

  private static final String CANNOT_SHOW =
      "failover: what a standby has not received when the primary is lost, is lost";

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-707",
        "standbys-follow",
        Severity.ERROR,
        "a standby does not replay the primary's rows, or something else answers for it");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.STANDBY_COPIES);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var seen = facts.get(FactKey.STANDBY_COPIES);
    var findings = new ArrayList<Finding>();
    for (var standby : seen.standbys()) {
      findings.addAll(findings(standby, seen));
    }
    for (var service : seen.services()) {
      if (!service.strangers().isEmpty()) {
        findings.add(
            Finding.error(
                "Service/" + service.name(),
                "behind it are "
                    + String.join(", ", service.strangers())
                    + ", which are no standbys; wanted: standbys only",
                "standbys: " + String.join(", ", service.standbys()),
                "kubectl get service "
                    + service.name()
                    + in(seen)
                    + " -o jsonpath='{.spec.selector}' (it must select the standbys' label alone)"));
      }
    }
    return Outcome.of(findings, evidence(seen));
  }

  private static List<Finding> findings(Standby standby, StandbyCopies seen) {
    var subject = "Pod/" + standby.pod();
    if (!standby.inRecovery()) {
      return List.of(
          Finding.error(
              subject,
              "it takes writes: it was promoted, or never was a standby; wanted: a server in"
                  + " recovery",
              "",
              "when it is to follow again: delete its claim and the pod, and it copies the"
                  + " primary"));
    }
    if (!standby.sameDatabase()) {
      return List.of(
          Finding.error(
              subject,
              "it holds another database than the primary (another system identifier)",
              "",
              "look which of them is the right one before anything is deleted"));
    }
    if (seen.primaryLost().isPresent()) {
      return List.of(
          Finding.error(
              subject,
              "its primary "
                  + seen.primary()
                  + " is lost: it answers with what it had replayed up to "
                  + standby.replayed()
                  + (standby.replayedAt().isEmpty() ? "" : " (" + standby.replayedAt() + ")")
                  + ", and nobody writes; wanted: a primary that it follows",
              seen.primaryLost().get(),
              // The pod may be gone; its set says why no other one came.
              "kubectl describe statefulset "
                  + seen.primary().replaceFirst("-\\d+$", "")
                  + in(seen)
                  + "; or promote this standby by hand"));
    }
    var findings = new ArrayList<Finding>();
    standby
        .trouble()
        .ifPresent(
            why ->
                findings.add(
                    Finding.error(
                        subject,
                        "it does not follow: replayed up to "
                            + standby.replayed()
                            + "; wanted: the primary's position behind the commit",
                        why,
                        "kubectl logs "
                            + standby.pod()
                            + in(seen)
                            + " (helm pgcheck checks PGC-707)")));
    Stream.of(standby.before(), standby.afterRestart())
        .flatMap(Optional::stream)
        .forEach(
            a ->
                findings.addAll(
                    Rows.findings(
                        a.rows(), subject, "compare the standby with its primary: PGC-707")));
    return findings;
  }

  private static Map<String, Object> evidence(StandbyCopies seen) {
    var evidence = new LinkedHashMap<String, Object>();
    if (seen.primaryLost().isEmpty()
        && seen.standbys().stream().allMatch(s -> s.trouble().isEmpty())) {
      evidence.put("summary", summary(seen));
    }
    evidence.put("level", "pod deleted");
    evidence.put("cannotShow", CANNOT_SHOW);
    evidence.put("primary", seen.primary());
    for (var standby : seen.standbys()) {
      evidence.put(
          standby.pod(),
          Outcome.evidence(
              "replayed", standby.replayed(),
              "arrivedAfterMillis", millis(standby.before()),
              "arrivedAfterRestartMillis", millis(standby.afterRestart())));
    }
    for (var service : seen.services()) {
      evidence.put("Service/" + service.name(), service.standbys());
    }
    return evidence;
  }

  private static String summary(StandbyCopies seen) {
    long slowest =
        seen.standbys().stream()
            .flatMap(s -> s.before().stream())
            .mapToLong(Arrival::millis)
            .max()
            .orElse(0);
    return seen.standbys().size()
        + (seen.standbys().size() == 1 ? " standby has" : " standbys have")
        + " every row of "
        + seen.primary()
        + ", after at most "
        + slowest
        + " ms, and after a restart; "
        + (seen.services().isEmpty()
            ? "no Service leads to them"
            : String.join(", ", seen.services().stream().map(s -> "Service/" + s.name()).toList())
                + " leads to standbys only")
        + ". Level: pod deleted; not shown: "
        + CANNOT_SHOW;
  }

  private static Object millis(Optional<Arrival> arrival) {
    return arrival.<Object>map(Arrival::millis).orElse("never");
  }

  private static String in(StandbyCopies seen) {
    return " -n " + seen.namespace();
  }
}
