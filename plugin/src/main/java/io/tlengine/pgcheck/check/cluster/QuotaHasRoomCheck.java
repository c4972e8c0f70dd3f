package io.tlengine.pgcheck.check.cluster;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.fabric8.kubernetes.api.model.Container;
import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.Quotas;
import io.tlengine.pgcheck.fact.Quotas.Quota;
import io.tlengine.pgcheck.plan.Amounts;
import io.tlengine.pgcheck.plan.PodShape;
import io.tlengine.pgcheck.plan.Workload;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is left of each quota of the namespace (v1 ResourceQuota: spec.hard less status.used) covers
 * what the release still needs, and every container names what a quota counts.
 */
public final class QuotaHasRoomCheck implements Check {

  private static final String PER_CLASS = ".storageclass.storage.k8s.io/";

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-303",
        "quota-has-room",
        Severity.ERROR,
        "a quota of the namespace leaves less than the release still needs");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(
        FactKey.PLAN,
        FactKey.QUOTAS,
        FactKey.LIMIT_RANGES,
        FactKey.NAMESPACE_USE,
        FactKey.RELEASE_OBJECTS);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var quotas = facts.get(FactKey.QUOTAS);
    if (quotas.items().isEmpty()) {
      return new Outcome.Skipped("the namespace has no quota");
    }
    var needs =
        new QuotaNeeds(
            facts.get(FactKey.PLAN),
            facts.get(FactKey.LIMIT_RANGES),
            facts.get(FactKey.NAMESPACE_USE),
            facts.get(FactKey.RELEASE_OBJECTS),
            quotas);
    var findings = new ArrayList<Finding>();
    for (var quota : quotas.items()) {
      findings.addAll(tooLittle(quotas.namespace(), quota, needs.of(quota)));
      findings.addAll(unsaid(quota, needs));
    }
    boolean classCounts =
        quotas.classesGap().isPresent()
            && facts.get(FactKey.PLAN).claims().stream().anyMatch(c -> c.storageClass().isEmpty())
            && quotas.items().stream()
                .flatMap(q -> q.hard().byName().keySet().stream())
                .anyMatch(k -> k.contains(PER_CLASS));
    if (findings.isEmpty() && classCounts) {
      return new Outcome.Unknown(
          "a quota counts by storage class, and the default is not known: "
              + quotas.classesGap().get().reason(),
          quotas.classesGap().get().remedy() + "; or name the class of the claims");
    }
    return Outcome.of(
        findings, evidence("quotas", quotas.items().stream().map(Quotas.Quota::name).toList()));
  }

  private static List<Finding> tooLittle(String namespace, Quota quota, Amounts needs) {
    var findings = new ArrayList<Finding>();
    quota
        .hard()
        .byName()
        .forEach(
            (name, hard) -> {
              var need = needs.get(name);
              var used = quota.used().get(name);
              var left = hard.subtract(used).max(BigDecimal.ZERO);
              if (need.signum() > 0 && need.compareTo(left) > 0) {
                findings.add(
                    Finding.error(
                        "ResourceQuota/" + quota.name(),
                        "the quota "
                            + quota.name()
                            + " leaves "
                            + Amounts.text(name, left)
                            + " of "
                            + Amounts.text(name, hard)
                            + " for "
                            + name
                            + ", and the release still needs "
                            + Amounts.text(name, need),
                        "",
                        "kubectl patch resourcequota "
                            + quota.name()
                            + " -n "
                            + namespace
                            + " --type=merge -p '{\"spec\":{\"hard\":{\""
                            + name
                            + "\":\""
                            + Amounts.text(name, used.add(need))
                            + "\"}}}'; or ask for less in the"
                            + " chart's values, or free some: kubectl describe resourcequota -n "
                            + namespace));
              }
            });
    return findings;
  }

  /** A quota for CPU or memory refuses pods with a container that does not name it. */
  private static List<Finding> unsaid(Quota quota, QuotaNeeds needs) {
    return needs.plan().workloads().stream()
        .filter(w -> w.hook().filter(Workload.Hook::test).isEmpty())
        .filter(w -> QuotaScopes.match(quota, needs.shape(w)))
        .flatMap(w -> unsaid(quota, needs, w))
        .toList();
  }

  private static Stream<Finding> unsaid(Quota quota, QuotaNeeds needs, Workload workload) {
    var pod = LimitDefaults.apply(workload.pod(), needs.limits());
    return quota.hard().byName().keySet().stream()
        .sorted()
        .flatMap(
            name -> {
              var silent =
                  Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
                      .filter(c -> !says(c, name))
                      .map(Container::getName)
                      .toList();
              return silent.isEmpty()
                  ? Stream.of()
                  : Stream.of(
                      Finding.error(
                          "ResourceQuota/" + quota.name(),
                          "the quota "
                              + quota.name()
                              + " counts "
                              + name
                              + ", and the containers "
                              + String.join(", ", silent)
                              + " of "
                              + workload.id()
                              + " do not name it: no pod of it is let in",
                          "",
                          "name it in the chart's values (resources), or give the namespace a"
                              + " LimitRange with defaults for containers"));
            });
  }

  private static boolean says(Container container, String name) {
    return switch (name) {
      case "cpu", "requests.cpu" -> PodShape.requests(container).has("cpu");
      case "memory", "requests.memory" -> PodShape.requests(container).has("memory");
      case "limits.cpu" -> PodShape.limits(container).has("cpu");
      case "limits.memory" -> PodShape.limits(container).has("memory");
      default -> true;
    };
  }
}
