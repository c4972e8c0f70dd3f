package io.tlengine.pgcheck.check.storage;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.StorageClasses.StorageClassFact;
import io.tlengine.pgcheck.fact.StorageDrivers;
import io.tlengine.pgcheck.fact.StorageDrivers.OnNode;
import io.tlengine.pgcheck.fact.StorageNodes;
import io.tlengine.pgcheck.fact.StorageNodes.StorageNode;
import io.tlengine.pgcheck.plan.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Immediate binding makes the volume before a node is chosen for the pod: where volumes can be
 * reached from a part of the nodes only (CSINode topologyKeys), it may lie where the pod cannot go
 * (kubernetes.io, Storage Classes, volume binding mode).
 */
public final class BindingModeSuitsCheck implements Check {

  /** They make a volume on the pod's node, and refuse a claim that comes without one. */
  private static final Set<String> ON_THE_PODS_NODE =
      Set.of("rancher.io/local-path", "openebs.io/local");

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-202",
        "binding-mode-suits",
        Severity.WARNING,
        "volumes are made before a node is chosen, and cannot be reached from every node");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(
        FactKey.PLAN,
        FactKey.STORAGE_CLASSES,
        FactKey.CLAIMS,
        FactKey.STORAGE_DRIVERS,
        FactKey.STORAGE_NODES);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var plan = facts.get(FactKey.PLAN);
    var open = OpenClaim.of(facts);
    if (open.isEmpty()) {
      return new Outcome.Skipped(OpenClaim.nothing(facts));
    }
    var findings = new ArrayList<Finding>();
    var modes = new LinkedHashMap<String, Object>();
    OpenClaim.byClass(open)
        .forEach(
            (storageClass, claims) -> {
              modes.put(storageClass.name(), storageClass.bindingMode());
              if (storageClass.bindsImmediately()) {
                finding(
                        storageClass,
                        claims,
                        plan,
                        facts.get(FactKey.STORAGE_DRIVERS),
                        facts.get(FactKey.STORAGE_NODES),
                        ClassChoice.of(
                            facts.get(FactKey.STORAGE_CLASSES), c -> !c.bindsImmediately()))
                    .ifPresent(findings::add);
              }
            });
    return Outcome.of(findings, evidence("bindingModes", modes));
  }

  private static Optional<Finding> finding(
      StorageClassFact storageClass,
      List<OpenClaim> claims,
      Plan plan,
      StorageDrivers drivers,
      StorageNodes nodes,
      Optional<String> suited) {
    var provisioner = storageClass.provisioner();
    if (ON_THE_PODS_NODE.contains(provisioner)) {
      return Optional.of(
          warning(
              storageClass,
              claims,
              provisioner
                  + " makes volumes on the pod's node and is told none, so the claim stays Pending"
                  + " (unless it is set up for a shared file system)",
              suited));
    }
    var eligible = eligible(storageClass, claims, plan, nodes);
    var places = places(drivers.nodesWith(storageClass.driver()), eligible);
    if (places.size() < 2) {
      return Optional.empty();
    }
    return Optional.of(
        warning(
            storageClass,
            claims,
            "the "
                + eligible.size()
                + " nodes that may get the pod are in "
                + places.size()
                + " places for "
                + provisioner
                + " ("
                + places.stream().limit(4).collect(Collectors.joining("; "))
                + (places.size() > 4 ? "; ..." : "")
                + "), and a volume in one cannot be reached from the others",
            suited));
  }

  private static Finding warning(
      StorageClassFact storageClass, List<OpenClaim> claims, String why, Optional<String> suited) {
    return Finding.warning(
        "StorageClass/" + storageClass.name(),
        "the class "
            + storageClass.name()
            + " of "
            + OpenClaim.who(claims)
            + " binds Immediate, before a node is chosen for the pod; wanted:"
            + " WaitForFirstConsumer. "
            + why,
        "",
        suited.map(key -> "use a class with WaitForFirstConsumer: " + key + "; or ").orElse("")
            + "make one, since the mode of a class cannot be changed: kubectl get storageclass "
            + storageClass.name()
            + " -o json | jq 'del(.metadata) + {metadata: {name: \""
            + storageClass.name()
            + "-wait\"}, volumeBindingMode: \"WaitForFirstConsumer\"}' | kubectl apply -f -");
  }

  private static List<StorageNode> eligible(
      StorageClassFact storageClass, List<OpenClaim> claims, Plan plan, StorageNodes nodes) {
    var sets = claims.stream().map(c -> c.claim().set()).collect(Collectors.toSet());
    List<PodSpec> pods =
        plan.workloads().stream()
            .filter(w -> w.kind().equals("StatefulSet") && sets.contains(w.name()))
            .map(w -> w.pod())
            .toList();
    return nodes.items().stream()
        .filter(n -> NodeFit.allowed(storageClass, n))
        .filter(n -> pods.stream().anyMatch(p -> NodeFit.eligible(p, n)))
        .toList();
  }

  /** The places, as the driver tells them apart, in which these nodes are. */
  private static Set<String> places(List<OnNode> driver, List<StorageNode> nodes) {
    var places = new TreeSet<String>();
    for (var node : nodes) {
      driver.stream()
          .filter(d -> d.node().equals(node.name()) && !d.topologyKeys().isEmpty())
          .map(
              d ->
                  d.topologyKeys().stream()
                      .map(key -> key + "=" + node.labels().getOrDefault(key, ""))
                      .collect(Collectors.joining(",")))
          .forEach(places::add);
    }
    return places;
  }
}
