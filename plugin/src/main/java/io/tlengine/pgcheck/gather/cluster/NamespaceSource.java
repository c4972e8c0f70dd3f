package io.tlengine.pgcheck.gather.cluster;

import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ScopedResourceSelectorRequirement;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.LimitRanges;
import io.tlengine.pgcheck.fact.NamespaceUse;
import io.tlengine.pgcheck.fact.NamespaceUse.OwnPod;
import io.tlengine.pgcheck.fact.Quotas;
import io.tlengine.pgcheck.fact.Quotas.Gap;
import io.tlengine.pgcheck.fact.Quotas.Quota;
import io.tlengine.pgcheck.fact.StorageClasses;
import io.tlengine.pgcheck.fact.StorageClasses.StorageClassFact;
import io.tlengine.pgcheck.gather.api.Reads;
import io.tlengine.pgcheck.gather.rbac.ApiRight;
import io.tlengine.pgcheck.gather.rbac.Rights;
import io.tlengine.pgcheck.gather.source.FactSource;
import io.tlengine.pgcheck.gather.source.Look;
import io.tlengine.pgcheck.gather.source.Parallel;
import io.tlengine.pgcheck.gather.storage.StorageGatherer;
import io.tlengine.pgcheck.plan.Amounts;
import io.tlengine.pgcheck.plan.PodShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Quotas and limit ranges of the namespace, and what the release has in it already. */
public final class NamespaceSource implements FactSource {

  /** Why a fact about what the namespace holds does not apply. */
  public static final String NEW = "the namespace will be new";

  private static final ApiRight LIST_QUOTAS = ApiRight.inNamespace("", "resourcequotas", "list");
  private static final ApiRight LIST_LIMITS = ApiRight.inNamespace("", "limitranges", "list");
  private static final ApiRight LIST_PODS = ApiRight.inNamespace("", "pods", "list");

  /** In the key of a quota: CLASS.storageclass.storage.k8s.io/requests.storage. */
  private static final String PER_CLASS = ".storageclass.storage.k8s.io/";

  @Override
  public Map<FactKey<?>, Rights> brings() {
    return Map.of(
        FactKey.QUOTAS, Rights.of(LIST_QUOTAS, StorageGatherer.LIST_CLASSES),
        FactKey.LIMIT_RANGES, Rights.of(LIST_LIMITS),
        FactKey.NAMESPACE_USE, Rights.of(LIST_PODS, StorageGatherer.LIST_CLAIMS));
  }

  @Override
  public Map<FactKey<?>, Rights> brings(Look look) {
    return look.plan().claims().isEmpty()
        ? Map.of(
            FactKey.QUOTAS, Rights.of(LIST_QUOTAS),
            FactKey.LIMIT_RANGES, Rights.of(LIST_LIMITS),
            FactKey.NAMESPACE_USE, Rights.of(LIST_PODS))
        : brings();
  }

  @Override
  public Facts gather(Look look) {
    if (look.newNamespace()) {
      return look.none()
          .with(FactKey.QUOTAS, Fact.notApplicable(NEW))
          .with(FactKey.LIMIT_RANGES, Fact.notApplicable(NEW))
          .with(FactKey.NAMESPACE_USE, Fact.notApplicable(NEW));
    }
    var reads = new ArrayList<Callable<UnaryOperator<Facts>>>();
    if (look.wants(FactKey.QUOTAS)) {
      reads.add(() -> with(FactKey.QUOTAS, quotas(look)));
    }
    if (look.wants(FactKey.LIMIT_RANGES)) {
      reads.add(() -> with(FactKey.LIMIT_RANGES, limitRanges(look)));
    }
    if (look.wants(FactKey.NAMESPACE_USE)) {
      reads.add(() -> with(FactKey.NAMESPACE_USE, use(look)));
    }
    var facts = look.none();
    for (var add : Parallel.all(reads)) {
      facts = add.apply(facts);
    }
    return facts;
  }

  private static <T> UnaryOperator<Facts> with(FactKey<T> key, Fact<T> fact) {
    return facts -> facts.with(key, fact);
  }

  private static Fact<Quotas> quotas(Look look) {
    return Reads.fact(
        LIST_QUOTAS,
        look.namespace(),
        () -> {
          var quotas =
              look
                  .cluster()
                  .client()
                  .resourceQuotas()
                  .inNamespace(look.namespace())
                  .list()
                  .getItems()
                  .stream()
                  .map(NamespaceSource::quota)
                  .toList();
          boolean perClass =
              quotas.stream()
                  .flatMap(q -> q.hard().byName().keySet().stream())
                  .anyMatch(k -> k.contains(PER_CLASS));
          Fact<StorageClasses> classes =
              perClass && !look.plan().claims().isEmpty()
                  ? new StorageGatherer(look.cluster()).storageClasses()
                  : Fact.known(new StorageClasses(List.of()));
          return switch (classes) {
            case Fact.Known<StorageClasses> known ->
                new Quotas(
                    look.namespace(),
                    quotas,
                    known.value().defaults().stream().findFirst().map(StorageClassFact::name),
                    Optional.empty());
            case Fact.Unavailable<StorageClasses> gap ->
                new Quotas(
                    look.namespace(),
                    quotas,
                    Optional.empty(),
                    Optional.of(new Gap(gap.reason(), gap.remedy())));
            case Fact.NotApplicable<StorageClasses> none ->
                new Quotas(look.namespace(), quotas, Optional.empty(), Optional.empty());
          };
        });
  }

  private static Quota quota(ResourceQuota quota) {
    var spec = quota.getSpec();
    var scopes =
        new ArrayList<>(
            spec.getScopeSelector() == null
                ? List.of()
                : spec.getScopeSelector().getMatchExpressions());
    for (var scope : spec.getScopes()) {
      scopes.add(new ScopedResourceSelectorRequirement("Exists", scope, List.of()));
    }
    return new Quota(
        quota.getMetadata().getName(),
        Amounts.of(spec.getHard()),
        quota.getStatus() == null ? Amounts.NONE : Amounts.of(quota.getStatus().getUsed()),
        scopes);
  }

  private static Fact<LimitRanges> limitRanges(Look look) {
    return Reads.fact(
        LIST_LIMITS,
        look.namespace(),
        () ->
            new LimitRanges(
                look.namespace(),
                look.cluster()
                    .client()
                    .limitRanges()
                    .inNamespace(look.namespace())
                    .list()
                    .getItems()));
  }

  private static Fact<NamespaceUse> use(Look look) {
    var pods =
        Reads.fact(
            LIST_PODS,
            look.namespace(),
            () ->
                look
                    .cluster()
                    .client()
                    .pods()
                    .inNamespace(look.namespace())
                    .list()
                    .getItems()
                    .stream()
                    .filter(OwnPods::running)
                    .flatMap(
                        p ->
                            OwnPods.workload(look, p).stream()
                                .map(
                                    w ->
                                        new OwnPod(
                                            p.getMetadata().getName(),
                                            w,
                                            PodShape.of(p.getSpec()))))
                    .toList());
    Fact<Set<String>> claims =
        look.plan().claims().isEmpty()
            ? Fact.known(Set.of())
            : Reads.fact(
                StorageGatherer.LIST_CLAIMS,
                look.namespace(),
                () ->
                    look
                        .cluster()
                        .client()
                        .persistentVolumeClaims()
                        .inNamespace(look.namespace())
                        .list()
                        .getItems()
                        .stream()
                        .map(c -> c.getMetadata().getName())
                        .collect(Collectors.toSet()));
    if (pods instanceof Fact.Known<List<OwnPod>> p && claims instanceof Fact.Known<Set<String>> c) {
      return Fact.known(new NamespaceUse(p.value(), c.value()));
    }
    Fact<?> gap = pods instanceof Fact.Known<List<OwnPod>> ? claims : pods;
    return gap instanceof Fact.Unavailable<?> u
        ? Fact.unavailable(u.reason(), u.remedy())
        : Fact.unavailable("the namespace could not be looked at", "run again");
  }
}
