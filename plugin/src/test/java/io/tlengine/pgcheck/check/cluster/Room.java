package io.tlengine.pgcheck.check.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.LimitRange;
import io.fabric8.kubernetes.api.model.LimitRangeBuilder;
import io.fabric8.kubernetes.api.model.LimitRangeItem;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ScopedResourceSelectorRequirement;
import io.fabric8.kubernetes.api.model.Taint;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.LimitRanges;
import io.tlengine.pgcheck.fact.NamespaceUse;
import io.tlengine.pgcheck.fact.Nodes;
import io.tlengine.pgcheck.fact.Nodes.Node;
import io.tlengine.pgcheck.fact.Quotas;
import io.tlengine.pgcheck.fact.Quotas.Quota;
import io.tlengine.pgcheck.fact.ReleaseObjects;
import io.tlengine.pgcheck.plan.Amounts;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.Plan.DatabaseMode;
import io.tlengine.pgcheck.plan.Plan.PlannedClaim;
import io.tlengine.pgcheck.plan.Workload;
import io.tlengine.pgcheck.plan.Workload.Hook;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Namespaces, nodes and plans of the tests of PGC-3xx, in a few words each. */
final class Room {

  private Room() {}

  /** Amounts as name, value, name, value. */
  static Map<String, Quantity> quantities(String... namesAndValues) {
    var map = new TreeMap<String, Quantity>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put(namesAndValues[i], new Quantity(namesAndValues[i + 1]));
    }
    return map;
  }

  static Amounts amounts(String... namesAndValues) {
    return Amounts.of(quantities(namesAndValues));
  }

  static Container container(Map<String, Quantity> requests, Map<String, Quantity> limits) {
    var resources = new ResourceRequirements();
    resources.setRequests(requests);
    resources.setLimits(limits);
    return new ContainerBuilder().withName("main").withResources(resources).build();
  }

  static PodSpec pod(String... requests) {
    return new PodSpecBuilder().withContainers(container(quantities(requests), Map.of())).build();
  }

  static Workload workload(String kind, String name, int replicas, PodSpec pod) {
    return workload(kind, name, replicas, pod, Optional.empty());
  }

  static Workload workload(
      String kind, String name, int replicas, PodSpec pod, Optional<Hook> hook) {
    return new Workload(
        kind,
        name,
        hook,
        Optional.empty(),
        replicas,
        replicas,
        0,
        Map.of("app", name),
        List.of(),
        pod);
  }

  static Workload deployment(int replicas, String... requests) {
    return workload("Deployment", "app", replicas, pod(requests));
  }

  static Plan plan(Workload... workloads) {
    return plan(List.of(), workloads);
  }

  static Plan plan(List<PlannedClaim> claims, Workload... workloads) {
    return new Plan(
        DatabaseMode.EXTERNAL,
        List.of(),
        List.of(),
        claims,
        List.of(),
        Arrays.asList(workloads),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty());
  }

  static PlannedClaim claim(String name, String size) {
    return new PlannedClaim("db", name, Optional.empty(), size, List.of("ReadWriteOnce"));
  }

  static Quota quota(Amounts hard, Amounts used, ScopedResourceSelectorRequirement... scopes) {
    return new Quota("team", hard, used, Arrays.asList(scopes));
  }

  static LimitRange limitRange(LimitRangeItem... items) {
    return new LimitRangeBuilder()
        .withNewMetadata()
        .withName("bounds")
        .endMetadata()
        .withNewSpec()
        .withLimits(items)
        .endSpec()
        .build();
  }

  static Node node(String name, Amounts allocatable, Amounts taken, Taint... taints) {
    return new Node(
        name,
        Map.of("kubernetes.io/hostname", name),
        Arrays.asList(taints),
        false,
        allocatable,
        Optional.of(taken),
        false);
  }

  static Nodes nodes(Node... nodes) {
    return new Nodes(Arrays.asList(nodes), false, Optional.empty(), "");
  }

  /** An empty namespace with this plan. */
  static Facts facts(Plan plan) {
    return Situations.facts(FactKey.PLAN, plan)
        .with(FactKey.LIMIT_RANGES, Fact.known(new LimitRanges("shop", List.of())))
        .with(FactKey.QUOTAS, Fact.known(quotas()))
        .with(FactKey.RELEASE_OBJECTS, Fact.known(new ReleaseObjects(List.of())))
        .with(FactKey.NAMESPACE_USE, Fact.known(new NamespaceUse(List.of(), Set.of())));
  }

  static Quotas quotas(Quota... quotas) {
    return new Quotas("shop", Arrays.asList(quotas), Optional.of("local-path"), Optional.empty());
  }
}
