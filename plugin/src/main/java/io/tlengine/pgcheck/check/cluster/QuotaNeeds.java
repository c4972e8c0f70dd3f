package io.tlengine.pgcheck.check.cluster;

import io.fabric8.kubernetes.api.model.Quantity;
import io.tlengine.pgcheck.fact.LimitRanges;
import io.tlengine.pgcheck.fact.NamespaceUse;
import io.tlengine.pgcheck.fact.Quotas;
import io.tlengine.pgcheck.fact.Quotas.Quota;
import io.tlengine.pgcheck.fact.ReleaseObjects;
import io.tlengine.pgcheck.plan.Amounts;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.PodShape;
import io.tlengine.pgcheck.plan.Workload;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the release still needs of a quota, in the quota's own names (Kubernetes documentation,
 * "Resource Quotas"): its pods less those it has, claims and objects that are not there yet. Hooks
 * run one after the other, so the greatest counts.
 */
record QuotaNeeds(
    Plan plan, LimitRanges limits, NamespaceUse use, ReleaseObjects objects, Quotas quotas) {

  /** Core kinds that a quota may also count without "count/". */
  private static final Set<String> SHORT_COUNTS =
      Set.of("configmaps", "replicationcontrollers", "resourcequotas", "secrets", "services");

  Amounts of(Quota quota) {
    var lasting =
        plan.workloads().stream()
            .filter(w -> w.hook().isEmpty())
            .map(w -> pods(w, quota).times(pods(w)))
            .reduce(Amounts.NONE, Amounts::plus);
    var had =
        use.pods().stream()
            .filter(p -> lasts(p.workload()))
            .filter(p -> QuotaScopes.match(quota, p.shape()))
            .map(p -> usage(p.shape()))
            .reduce(Amounts.NONE, Amounts::plus);
    var still = lasting.minus(had).max(Amounts.NONE);
    var pods = still.plus(hooks(quota, false)).max(hooks(quota, true));
    return quota.scopes().isEmpty() ? pods.plus(claims()).plus(counts()) : pods;
  }

  /** Its shape after the namespace's defaults. */
  PodShape shape(Workload workload) {
    return PodShape.of(LimitDefaults.apply(workload.pod(), limits));
  }

  private boolean lasts(String id) {
    return plan.workloads().stream().anyMatch(w -> w.id().equals(id) && w.hook().isEmpty());
  }

  private Amounts pods(Workload workload, Quota quota) {
    var shape = shape(workload);
    return QuotaScopes.match(quota, shape) ? usage(shape) : Amounts.NONE;
  }

  /** How many there are going to be from the start; of CronJobs and DaemonSets nobody knows. */
  private static int pods(Workload workload) {
    return workload.kind().equals("CronJob") || workload.kind().equals("DaemonSet")
        ? 0
        : workload.replicas();
  }

  private Amounts hooks(Quota quota, boolean before) {
    return plan.workloads().stream()
        .filter(w -> w.hook().filter(h -> h.before() == before && now(h)).isPresent())
        .map(w -> pods(w, quota))
        .reduce(Amounts.NONE, Amounts::max);
  }

  /** An upgrade when the release has pods already. */
  private boolean now(Workload.Hook hook) {
    var event = use.pods().isEmpty() ? "-install" : "-upgrade";
    return hook.events().stream().anyMatch(e -> e.endsWith(event));
  }

  private static Amounts usage(PodShape shape) {
    var usage = new TreeMap<String, BigDecimal>();
    usage.put("pods", BigDecimal.ONE);
    usage.put("count/pods", BigDecimal.ONE);
    shape
        .requests()
        .byName()
        .forEach(
            (name, amount) -> {
              usage.put("requests." + name, amount);
              if (List.of("cpu", "memory", "ephemeral-storage").contains(name)) {
                usage.put(name, amount);
              }
            });
    shape.limits().byName().forEach((name, amount) -> usage.put("limits." + name, amount));
    return new Amounts(usage);
  }

  private Amounts claims() {
    var sum = Amounts.NONE;
    for (var claim : plan.claims()) {
      if (use.claims().contains(claim.name()) || claim.size().isEmpty()) {
        continue;
      }
      var size = Amounts.of(Map.of("storage", new Quantity(claim.size()))).get("storage");
      var one = new TreeMap<String, BigDecimal>();
      one.put("persistentvolumeclaims", BigDecimal.ONE);
      one.put("count/persistentvolumeclaims", BigDecimal.ONE);
      one.put("requests.storage", size);
      claim
          .storageClass()
          .or(quotas::defaultClass)
          .ifPresent(
              c -> {
                one.put(c + ".storageclass.storage.k8s.io/requests.storage", size);
                one.put(c + ".storageclass.storage.k8s.io/persistentvolumeclaims", BigDecimal.ONE);
              });
      sum = sum.plus(new Amounts(one));
    }
    return sum;
  }

  private Amounts counts() {
    // Helm keeps each revision in a Secret of its own.
    var sum = count("secrets", "");
    for (var object : objects.items()) {
      boolean counted =
          !object.exists().orElse(!use.pods().isEmpty())
              && object.namespace().isPresent()
              && !object.kind().equals("Pod");
      if (counted) {
        sum = sum.plus(count(object.resource(), object.group()));
        if (object.kind().equals("Service")) {
          sum = sum.plus(service(object.name()));
        }
        if (object.kind().equals("Deployment")) {
          sum = sum.plus(count("replicasets", "apps"));
        }
      }
    }
    return sum;
  }

  /** What a quota counts of Services by their type. */
  private Amounts service(String name) {
    return plan.services().stream()
        .filter(s -> s.name().equals(name))
        .findFirst()
        .map(
            s ->
                new Amounts(
                    new TreeMap<>(
                        Map.of(
                            "services.loadbalancers",
                            BigDecimal.valueOf(s.type().equals("LoadBalancer") ? 1 : 0),
                            "services.nodeports",
                            BigDecimal.valueOf(s.nodePorts())))))
        .orElse(Amounts.NONE);
  }

  private static Amounts count(String resource, String group) {
    var names = new TreeMap<String, BigDecimal>();
    names.put("count/" + resource + (group.isEmpty() ? "" : "." + group), BigDecimal.ONE);
    if (group.isEmpty() && SHORT_COUNTS.contains(resource)) {
      names.put(resource, BigDecimal.ONE);
    }
    return new Amounts(names);
  }
}
