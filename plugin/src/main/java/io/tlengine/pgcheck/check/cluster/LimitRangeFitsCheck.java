package io.tlengine.pgcheck.check.cluster;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.LimitRangeItem;
import io.fabric8.kubernetes.api.model.Quantity;
import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.LimitRanges;
import io.tlengine.pgcheck.plan.Amounts;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.PodShape;
import io.tlengine.pgcheck.plan.Workload;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The namespace's limit ranges take the plan's containers, pods and claims, after defaults: min,
 * max and maxLimitRequestRatio of the types Container, Pod and PersistentVolumeClaim (v1
 * LimitRangeItem).
 */
public final class LimitRangeFitsCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-304",
        "limit-range-fits",
        Severity.ERROR,
        "a LimitRange of the namespace rejects a container, pod or claim");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.PLAN, FactKey.LIMIT_RANGES, FactKey.NAMESPACE_USE);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var ranges = facts.get(FactKey.LIMIT_RANGES);
    if (ranges.items().isEmpty()) {
      return new Outcome.Skipped("the namespace has no limit range");
    }
    var plan = facts.get(FactKey.PLAN);
    var existing = facts.get(FactKey.NAMESPACE_USE).claims();
    // The same words for several claims of a set are one finding.
    Map<String, Finding> findings = new LinkedHashMap<>();
    for (var range : ranges.items()) {
      var limits = range.getSpec().getLimits();
      for (int i = 0; i < limits.size(); i++) {
        var rule =
            new LimitRule(ranges.namespace(), range.getMetadata().getName(), i, limits.get(i));
        asked(plan, ranges, limits.get(i), existing)
            .flatMap(rule::judge)
            .forEach(f -> findings.putIfAbsent(f.message(), f));
      }
    }
    return Outcome.of(
        List.copyOf(findings.values()),
        evidence(
            "limitRanges", ranges.items().stream().map(r -> r.getMetadata().getName()).toList()));
  }

  private static Stream<Asked> asked(
      Plan plan, LimitRanges ranges, LimitRangeItem item, Set<String> existing) {
    return switch (item.getType()) {
      case "Container" ->
          workloads(plan).flatMap(w -> containers(w, ranges).map(c -> container(w, c)));
      case "Pod" -> workloads(plan).map(w -> pod(w, ranges));
      case "PersistentVolumeClaim" ->
          plan.claims().stream()
              .filter(c -> !existing.contains(c.name()) && !c.size().isEmpty())
              .map(
                  c ->
                      new Asked(
                          "the claims of StatefulSet/" + c.set(),
                          Amounts.of(Map.of("storage", new Quantity(c.size()))),
                          Amounts.NONE));
      default -> Stream.empty();
    };
  }

  private static Stream<Container> containers(Workload workload, LimitRanges ranges) {
    var pod = LimitDefaults.apply(workload.pod(), ranges);
    return Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream());
  }

  private static Stream<Workload> workloads(Plan plan) {
    return plan.workloads().stream().filter(w -> w.hook().filter(Workload.Hook::test).isEmpty());
  }

  private static Asked container(Workload workload, Container container) {
    return new Asked(
        "the container " + container.getName() + " of " + workload.id(),
        PodShape.requests(container),
        PodShape.limits(container));
  }

  private static Asked pod(Workload workload, LimitRanges ranges) {
    var shape = PodShape.of(LimitDefaults.apply(workload.pod(), ranges));
    return new Asked("a pod of " + workload.id(), shape.requests(), shape.limits());
  }

  /** Something that a limit range looks at. */
  record Asked(String who, Amounts requests, Amounts limits) {}
}
