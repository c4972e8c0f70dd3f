package io.tlengine.pgcheck.check.storage;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.StorageClasses;
import io.tlengine.pgcheck.fact.StorageClasses.StorageClassFact;
import io.tlengine.pgcheck.fact.StorageDrivers;
import io.tlengine.pgcheck.fact.StorageNodes;
import io.tlengine.pgcheck.fact.StorageNodes.StorageNode;
import io.tlengine.pgcheck.fact.StorageRoom;
import io.tlengine.pgcheck.fact.StorageRoom.Segment;
import io.tlengine.pgcheck.plan.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What drivers publish holds the planned claims: free capacity and the largest volume of each part
 * of the cluster (CSIStorageCapacity, by the scheduler's rule: maximumVolumeSize, else capacity),
 * and the volumes that nodes can still attach (CSINode allocatable.count). Only parts and nodes
 * that the pod may be scheduled to count.
 */
public final class CapacityAvailableCheck implements Check {

  /** Nodes come when pods need them, and with them room. */
  private static final String KARPENTER = "karpenter.sh/";

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-206",
        "capacity-available",
        Severity.ERROR,
        "the room, the volume size or the attachments that the driver publishes do not suffice");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(
        FactKey.PLAN,
        FactKey.STORAGE_CLASSES,
        FactKey.CLAIMS,
        FactKey.STORAGE_DRIVERS,
        FactKey.STORAGE_NODES,
        FactKey.STORAGE_ROOM);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var plan = facts.get(FactKey.PLAN);
    var open = OpenClaim.of(facts);
    if (open.isEmpty()) {
      return new Outcome.Skipped(OpenClaim.nothing(facts));
    }
    var judge =
        new Judge(
            plan,
            facts.get(FactKey.STORAGE_CLASSES),
            facts.get(FactKey.STORAGE_DRIVERS),
            facts.get(FactKey.STORAGE_NODES),
            facts.get(FactKey.STORAGE_ROOM));
    OpenClaim.byClass(open).forEach(judge::judge);
    return judge.outcome();
  }

  /** Goes through the classes and collects. */
  private static final class Judge {
    private final Plan plan;
    private final StorageClasses classes;
    private final StorageDrivers drivers;
    private final StorageNodes nodes;
    private final StorageRoom room;
    private final List<Finding> findings = new ArrayList<>();
    private final LinkedHashMap<String, Object> seen = new LinkedHashMap<>();
    private final List<String> unpublished = new ArrayList<>();

    Judge(
        Plan plan,
        StorageClasses classes,
        StorageDrivers drivers,
        StorageNodes nodes,
        StorageRoom room) {
      this.plan = plan;
      this.classes = classes;
      this.drivers = drivers;
      this.nodes = nodes;
      this.room = room;
    }

    void judge(StorageClassFact storageClass, List<OpenClaim> claims) {
      var eligible = eligible(storageClass, claims);
      if (drivers.named(storageClass.driver()).filter(d -> d.publishesCapacity()).isPresent()) {
        capacity(storageClass, claims, eligible);
      }
      attachments(storageClass, claims, eligible);
    }

    Outcome outcome() {
      if (!findings.isEmpty() && elastic()) {
        return new Outcome.Unknown(
            findings.getFirst().message() + "; new nodes may bring the room",
            "see what the driver published: kubectl get csistoragecapacities -A");
      }
      if (findings.isEmpty() && !unpublished.isEmpty()) {
        return new Outcome.Unknown(
            "the driver announces that it publishes capacity, and has published none for "
                + String.join(", ", unpublished),
            "see whether its controller runs: kubectl get csistoragecapacities -A; --probe-volume"
                + " would try a claim");
      }
      if (findings.isEmpty() && seen.isEmpty()) {
        return new Outcome.Skipped("the driver publishes neither capacity nor attach limits");
      }
      return Outcome.of(findings, seen);
    }

    private boolean elastic() {
      return nodes.items().stream()
          .anyMatch(n -> n.labels().keySet().stream().anyMatch(k -> k.startsWith(KARPENTER)));
    }

    private List<StorageNode> eligible(StorageClassFact storageClass, List<OpenClaim> claims) {
      var sets = claims.stream().map(c -> c.claim().set()).collect(Collectors.toSet());
      var pods =
          plan.workloads().stream()
              .filter(w -> w.kind().equals("StatefulSet") && sets.contains(w.name()))
              .map(w -> w.pod())
              .toList();
      return nodes.items().stream()
          .filter(n -> NodeFit.allowed(storageClass, n))
          .filter(n -> pods.stream().anyMatch(p -> NodeFit.eligible(p, n)))
          .toList();
    }

    private void capacity(
        StorageClassFact storageClass, List<OpenClaim> claims, List<StorageNode> eligible) {
      var published =
          room.segments().stream()
              .filter(s -> s.storageClass().equals(storageClass.name()))
              .filter(s -> s.limitBytes().isPresent())
              .toList();
      if (published.isEmpty()) {
        unpublished.add(storageClass.name());
        return;
      }
      var segments = published.stream().filter(s -> reached(s, eligible)).toList();
      seen.put("segments of " + storageClass.name(), segments.stream().map(this::text).toList());
      long largest = claims.stream().mapToLong(OpenClaim::bytes).max().orElse(0);
      long limit = segments.stream().mapToLong(s -> s.limitBytes().orElse(0L)).max().orElse(0);
      if (limit < largest) {
        findings.add(
            tooLittle(
                storageClass,
                "the largest volume that "
                    + storageClass.driver()
                    + " can make where the pod may run is "
                    + Sizes.text(limit)
                    + ", wanted "
                    + Sizes.text(largest)
                    + " for "
                    + OpenClaim.who(claims),
                limit > 0
                    ? "plan a smaller size: --set-string database.statefulset.storage.size="
                        + Sizes.text(limit)
                        + "; or "
                    : ""));
        return;
      }
      holdsAll(segments, claims)
          .ifPresent(message -> findings.add(tooLittle(storageClass, message, "")));
    }

    /** All claims together; where a part's free capacity is not known, nothing can be said. */
    private static Optional<String> holdsAll(List<Segment> segments, List<OpenClaim> claims) {
      if (segments.stream().anyMatch(s -> s.capacityBytes().isEmpty())) {
        return Optional.empty();
      }
      long total = segments.stream().mapToLong(s -> s.capacityBytes().orElse(0L)).sum();
      long wanted = claims.stream().mapToLong(OpenClaim::bytes).sum();
      long smallest = claims.stream().mapToLong(OpenClaim::bytes).min().orElse(0);
      long places =
          smallest == 0
              ? Long.MAX_VALUE
              : segments.stream().mapToLong(s -> s.capacityBytes().orElse(0L) / smallest).sum();
      return total >= wanted && places >= claims.size()
          ? Optional.empty()
          : Optional.of(
              "where the pods may run "
                  + Sizes.text(total)
                  + " are free in "
                  + segments.size()
                  + (segments.size() == 1 ? " place" : " places")
                  + ", wanted "
                  + claims.size()
                  + " volumes with "
                  + Sizes.text(wanted)
                  + " together");
    }

    private static boolean reached(Segment segment, List<StorageNode> eligible) {
      return eligible.stream()
          .anyMatch(n -> NodeFit.matches(segment.nodes().orElse(null), n.labels()));
    }

    private String text(Segment segment) {
      return segment.capacityBytes().map(c -> Sizes.text(c) + " free").orElse("free unknown")
          + segment.maximumBytes().map(m -> ", at most " + Sizes.text(m) + " each").orElse("");
    }

    private Finding tooLittle(StorageClassFact storageClass, String message, String smaller) {
      return Finding.error(
          "StorageClass/" + storageClass.name(),
          message,
          "",
          smaller
              + ClassChoice.of(classes, c -> !c.name().equals(storageClass.name()))
                  .map(key -> "take another class: " + key + "; or ")
                  .orElse("")
              + "add storage; what is free: kubectl get csistoragecapacities -A");
    }

    private void attachments(
        StorageClassFact storageClass, List<OpenClaim> claims, List<StorageNode> eligible) {
      var names = eligible.stream().map(StorageNode::name).collect(Collectors.toSet());
      var driver =
          drivers.nodesWith(storageClass.driver()).stream()
              .filter(n -> names.contains(n.node()))
              .toList();
      if (driver.isEmpty() || driver.stream().anyMatch(n -> n.limit().isEmpty())) {
        return;
      }
      int free =
          driver.stream()
              .mapToInt(
                  n ->
                      Math.max(
                          0,
                          n.limit().orElse(0) - room.attachedTo(n.node(), storageClass.driver())))
              .sum();
      seen.put("attachments left of " + storageClass.driver(), free);
      if (free < claims.size()) {
        findings.add(
            Finding.error(
                "CSIDriver/" + storageClass.driver(),
                "the "
                    + driver.size()
                    + " nodes that may get the pods can attach "
                    + free
                    + " more volumes of "
                    + storageClass.driver()
                    + ", wanted "
                    + claims.size(),
                "",
                "add a node, or free attachments: kubectl get volumeattachments -o"
                    + " custom-columns=NODE:.spec.nodeName,DRIVER:.spec.attacher"));
      }
    }
  }
}
