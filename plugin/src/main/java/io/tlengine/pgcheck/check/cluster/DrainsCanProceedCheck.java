package io.tlengine.pgcheck.check.cluster;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.plan.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Every disruption budget of the release lets a drain evict one pod when all are well (policy/v1
 * PodDisruptionBudget; percentages are rounded up, and a pod under two budgets is never evicted).
 */
public final class DrainsCanProceedCheck implements Check {

  private static final int PERCENT = 100;

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-309",
        "drains-can-proceed",
        Severity.WARNING,
        "a disruption budget of the release can never be satisfied by a drain");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.PLAN, FactKey.DISRUPTION_BUDGETS);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var budgets = facts.get(FactKey.DISRUPTION_BUDGETS).items();
    if (budgets.isEmpty()) {
      return new Outcome.Skipped("the release makes no disruption budget");
    }
    var lasting =
        facts.get(FactKey.PLAN).workloads().stream()
            .filter(w -> w.hook().isEmpty() && !w.endsByItself())
            .toList();
    var findings = new ArrayList<Finding>();
    budgets.forEach(b -> judge(b, lasting).ifPresent(findings::add));
    for (var workload : lasting) {
      var covering =
          budgets.stream()
              .filter(b -> covers(b, workload))
              .map(DrainsCanProceedCheck::name)
              .toList();
      if (covering.size() > 1) {
        findings.add(
            Finding.warning(
                "PodDisruptionBudget/" + covering.get(1),
                "the pods of "
                    + workload.id()
                    + " are under "
                    + covering.size()
                    + " disruption budgets, "
                    + String.join(" and ", covering)
                    + "; a pod may be under one, else no eviction is allowed",
                "",
                "leave one of them: take PodDisruptionBudget/"
                    + covering.get(1)
                    + " out of the chart, and the upgrade deletes it"));
      }
    }
    return Outcome.of(findings, evidence("budgets", budgets.size()));
  }

  private static Optional<Finding> judge(PodDisruptionBudget budget, List<Workload> lasting) {
    var covered = lasting.stream().filter(w -> covers(budget, w)).toList();
    int pods = covered.stream().mapToInt(Workload::replicas).sum();
    if (pods == 0) {
      return Optional.empty();
    }
    var spec = budget.getSpec();
    var least = spec.getMinAvailable();
    var most = spec.getMaxUnavailable();
    int allowed =
        least != null ? pods - count(least, pods) : most != null ? count(most, pods) : pods - 1;
    if (allowed > 0) {
      return Optional.empty();
    }
    var said =
        least != null
            ? "minAvailable " + text(least)
            : "maxUnavailable " + (most == null ? "1" : text(most));
    var who = String.join(", ", covered.stream().map(Workload::id).toList());
    return Optional.of(
        Finding.warning(
            "PodDisruptionBudget/" + name(budget),
            "the disruption budget "
                + name(budget)
                + " says "
                + said
                + ", and "
                + who
                + " has "
                + pods
                + (pods == 1 ? " pod" : " pods")
                + ": no drain of their nodes can end; wanted: at least one pod that may be away",
            "",
            pods == 1
                ? "leave the budget out while there is one pod, or run two"
                : "say maxUnavailable: 1 in place of " + said));
  }

  private static boolean covers(PodDisruptionBudget budget, Workload workload) {
    return Selectors.matches(budget.getSpec().getSelector(), workload.podLabels());
  }

  private static String name(PodDisruptionBudget budget) {
    return budget.getMetadata().getName();
  }

  private static int count(IntOrString number, int pods) {
    if (number.getIntVal() != null) {
      return number.getIntVal();
    }
    var digits = String.valueOf(number.getStrVal()).replace("%", "").strip();
    return digits.matches("\\d{1,4}") ? Math.ceilDiv(Integer.parseInt(digits) * pods, PERCENT) : 1;
  }

  private static String text(IntOrString number) {
    return number.getIntVal() != null ? number.getIntVal().toString() : number.getStrVal();
  }
}
