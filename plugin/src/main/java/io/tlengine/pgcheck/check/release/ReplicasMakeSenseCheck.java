package io.tlengine.pgcheck.check.release;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.Plan.PlannedService;
import io.tlengine.pgcheck.plan.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Several pods of a StatefulSet that runs plain PostgreSQL are several databases with different
 * data. Behind one Service that is not headless, each connection meets another of them.
 */
public final class ReplicasMakeSenseCheck implements Check {

  /** Images and settings of clusters that replicate by themselves. */
  private static final Pattern REPLICATES =
      Pattern.compile(
          "(?i).*(repmgr|patroni|spilo|stolon|pg_auto_failover|REPLICATION_MODE|PRIMARY_CONNINFO).*");

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-806",
        "replicas-make-sense",
        Severity.ERROR,
        "several databases that do not replicate stand behind one Service");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.PLAN);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var plan = facts.get(FactKey.PLAN);
    if (plan.sets().isEmpty()) {
      return new Outcome.Skipped("the release brings no database of its own");
    }
    var findings = new ArrayList<Finding>();
    for (var set : plan.sets()) {
      plan.workload("StatefulSet", set.name())
          .filter(w -> w.replicas() > 1 && !replicates(w))
          .ifPresent(w -> services(plan, w).forEach(s -> findings.add(finding(w, s))));
    }
    return Outcome.of(
        findings,
        evidence(
            "sets",
            plan.sets().stream()
                .map(s -> s.name() + ": " + s.replicas() + (s.replicas() == 1 ? " pod" : " pods"))
                .toList()));
  }

  private static List<PlannedService> services(Plan plan, Workload set) {
    return plan.services().stream()
        .filter(s -> !s.headless() && s.selects(set.podLabels()))
        .toList();
  }

  private static boolean replicates(Workload set) {
    return set.containers()
        .anyMatch(
            c ->
                REPLICATES.matcher(String.valueOf(c.getImage())).matches()
                    || c.getEnv().stream()
                        .anyMatch(e -> REPLICATES.matcher(e.getName()).matches()));
  }

  private static Finding finding(Workload set, PlannedService service) {
    return Finding.error(
        set.id(),
        set.replicas()
            + " pods of "
            + set.name()
            + " are "
            + set.replicas()
            + " databases with different data, and the Service "
            + service.name()
            + " sends each connection to any of them; wanted: 1 replica, a replicating topology, or"
            + " a headless Service alone",
        "",
        "set its replicas to 1; with this chart: --set database.statefulset.replicas=1 (for copies of"
            + " one database besides: --set-string database.statefulset.topology=replicated)");
  }
}
