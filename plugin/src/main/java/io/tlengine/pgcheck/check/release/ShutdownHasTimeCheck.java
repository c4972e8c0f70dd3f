package io.tlengine.pgcheck.check.release;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.fabric8.kubernetes.api.model.Container;
import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.plan.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A pod's end leaves PostgreSQL the time for a clean shutdown (Kubernetes
 * terminationGracePeriodSeconds; PostgreSQL, "Shutting Down the Server"): SIGINT ends sessions and
 * writes a checkpoint, SIGTERM waits for every client and ends in SIGKILL.
 */
public final class ShutdownHasTimeCheck implements Check {

  /** Kubernetes' own default, in seconds. */
  private static final long DEFAULT_GRACE = 30;

  /** Below this, a checkpoint on a slow disk does not end in time. */
  private static final long LEAST_SECONDS = 10;

  private static final Pattern SLEEP = Pattern.compile("\\bsleep\\s+(\\d{1,5})");

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-808",
        "shutdown-has-time",
        Severity.WARNING,
        "the grace period or the stop signal does not allow a clean shutdown");
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
    var seconds = new ArrayList<String>();
    for (var set : plan.sets()) {
      plan.workload("StatefulSet", set.name())
          .ifPresent(
              w -> {
                seconds.add(set.name() + ": " + grace(w) + " s");
                judge(w, set, findings);
              });
    }
    return Outcome.of(findings, evidence("gracePeriods", seconds));
  }

  private static long grace(Workload workload) {
    var seconds = workload.pod().getTerminationGracePeriodSeconds();
    return seconds == null ? DEFAULT_GRACE : seconds;
  }

  private static void judge(Workload workload, DatabaseSet set, List<Finding> findings) {
    var container =
        workload.containers().filter(c -> c.getName().equals(set.container())).findFirst();
    if (container.isEmpty()) {
      return;
    }
    long slept = slept(container.get());
    long left = grace(workload) - slept;
    if (left < LEAST_SECONDS) {
      findings.add(
          Finding.warning(
              workload.id(),
              "a pod of "
                  + workload.name()
                  + " is killed "
                  + Math.max(0, left)
                  + " s after the stop signal (terminationGracePeriodSeconds "
                  + grace(workload)
                  + (slept > 0 ? ", of which preStop sleeps " + slept : "")
                  + "); wanted: at least "
                  + DEFAULT_GRACE
                  + " s, for the shutdown's checkpoint",
              "",
              "set terminationGracePeriodSeconds to "
                  + (DEFAULT_GRACE + slept)
                  + " or more; with this chart: --set"
                  + " database.statefulset.terminationGracePeriodSeconds="
                  + (DEFAULT_GRACE + slept)));
    }
    if (waitsForClients(container.get())) {
      findings.add(
          Finding.warning(
              workload.id(),
              "the container "
                  + container.get().getName()
                  + " is stopped by SIGTERM, on which PostgreSQL waits for every client until it is"
                  + " killed; wanted: SIGINT, a fast shutdown",
              "",
              "set lifecycle.stopSignal to SIGINT, or a preStop hook: pg_ctl stop -m fast"));
    }
  }

  /** Seconds that preStop sleeps before PostgreSQL hears of the end. */
  private static long slept(Container container) {
    var hook = container.getLifecycle() == null ? null : container.getLifecycle().getPreStop();
    if (hook == null) {
      return 0;
    }
    if (hook.getSleep() != null && hook.getSleep().getSeconds() != null) {
      return hook.getSleep().getSeconds();
    }
    if (hook.getExec() == null) {
      return 0;
    }
    var text = SLEEP.matcher(String.join(" ", hook.getExec().getCommand()));
    return text.find() ? Long.parseLong(text.group(1)) : 0;
  }

  /** Only where the manifest says so: an image's own stop signal is not in it. */
  private static boolean waitsForClients(Container container) {
    var lifecycle = container.getLifecycle();
    if (lifecycle == null || lifecycle.getStopSignal() == null) {
      return false;
    }
    boolean stopsBefore =
        lifecycle.getPreStop() != null
            && lifecycle.getPreStop().getExec() != null
            && String.join(" ", lifecycle.getPreStop().getExec().getCommand())
                .toLowerCase(Locale.ROOT)
                .contains("stop");
    return lifecycle.getStopSignal().equals("SIGTERM") && !stopsBefore;
  }
}
