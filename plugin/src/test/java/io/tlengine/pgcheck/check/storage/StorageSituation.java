package io.tlengine.pgcheck.check.storage;

import static io.tlengine.pgcheck.check.Situations.NOW;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Taint;
import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.ClaimUsers;
import io.tlengine.pgcheck.fact.Claims;
import io.tlengine.pgcheck.fact.Claims.ClaimFact;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.LiveSets;
import io.tlengine.pgcheck.fact.LiveSets.LiveSet;
import io.tlengine.pgcheck.fact.OldData;
import io.tlengine.pgcheck.fact.StorageClasses;
import io.tlengine.pgcheck.fact.StorageClasses.StorageClassFact;
import io.tlengine.pgcheck.fact.StorageDrivers;
import io.tlengine.pgcheck.fact.StorageDrivers.Driver;
import io.tlengine.pgcheck.fact.StorageDrivers.OnNode;
import io.tlengine.pgcheck.fact.StorageNodes;
import io.tlengine.pgcheck.fact.StorageNodes.StorageNode;
import io.tlengine.pgcheck.fact.StorageRoom;
import io.tlengine.pgcheck.fact.StorageRoom.Attached;
import io.tlengine.pgcheck.fact.StorageRoom.Segment;
import io.tlengine.pgcheck.fact.VolumeMakers;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.Plan.DatabaseMode;
import io.tlengine.pgcheck.plan.Plan.PlannedClaim;
import io.tlengine.pgcheck.plan.StoragePlan;
import io.tlengine.pgcheck.plan.StoragePlan.RenderedClaim;
import io.tlengine.pgcheck.plan.StoragePlan.SetStorage;
import io.tlengine.pgcheck.plan.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A release tl whose set tl-postgres makes one claim of 1Gi, of a class by a CSI driver that is
 * well on two nodes in two zones; each test changes what it is about.
 */
final class StorageSituation {

  static final String DRIVER = "disk.example.com";
  static final String CLAIM = "data-tl-postgres-0";
  static final String ZONE = "topology.example.com/zone";
  static final long GIB = 1L << 30;

  final List<PlannedClaim> planned = new ArrayList<>();
  final List<ClaimFact> existing = new ArrayList<>();
  final List<LiveSet> live = new ArrayList<>();
  final List<Driver> registered = new ArrayList<>();
  final List<OnNode> onNodes = new ArrayList<>();
  final List<StorageNode> nodes = new ArrayList<>();
  final List<RenderedClaim> rendered = new ArrayList<>();
  StorageClassFact storageClass = storageClass("fast", DRIVER, "WaitForFirstConsumer", true);
  PodSpec pod = new PodSpecBuilder().build();
  SetStorage set = set(false, true, "Retain", "Retain");
  final List<Segment> segments = new ArrayList<>();
  final List<Attached> attached = new ArrayList<>();
  Set<String> makers = Set.of();
  Map<String, List<String>> users = Map.of();
  boolean installed = false;
  Fact<OldData> oldData = Fact.notApplicable("--probe-volume was not given");

  StorageSituation() {
    planned.add(claim(0, "1Gi", "ReadWriteOnce"));
    registered.add(new Driver(DRIVER, false, true));
    node("node1", "a");
    node("node2", "b");
  }

  static StorageClassFact storageClass(
      String name, String provisioner, String mode, boolean expandable) {
    return new StorageClassFact(
        name,
        provisioner,
        true,
        NOW.minus(Duration.ofDays(9)),
        mode,
        expandable,
        "Delete",
        List.of());
  }

  static PlannedClaim claim(int ordinal, String size, String... modes) {
    return new PlannedClaim(
        "tl-postgres", "data-tl-postgres-" + ordinal, Optional.empty(), size, List.of(modes));
  }

  static SetStorage set(
      boolean standby, boolean ownPassword, String whenDeleted, String whenScaled) {
    return new SetStorage("tl-postgres", standby, ownPassword, whenDeleted, whenScaled, List.of());
  }

  /** A claim of three days; release: its label, none without. */
  static ClaimFact old(String phase, String storageClass, long bytes, Optional<String> release) {
    return new ClaimFact(
        CLAIM,
        "uid",
        phase,
        Optional.of(storageClass),
        phase.equals("Bound") ? "pv-1" : "",
        bytes,
        List.of("ReadWriteOnce"),
        release.map(r -> Map.of("app.kubernetes.io/instance", r)).orElse(Map.of()),
        NOW.minus(Duration.ofDays(3)));
  }

  /** The claim that an earlier install of tl left, and no other. */
  void left() {
    existing.clear();
    existing.add(old("Bound", "fast", GIB, Optional.of("tl")));
  }

  /** The server keeps its data in pgdata of the claim, and its image is this one. */
  void image(String image) {
    pod =
        new PodSpecBuilder()
            .withContainers(
                container()
                    .withImage(image)
                    .addNewEnv()
                    .withName("PGDATA")
                    .withValue("/data/pgdata")
                    .endEnv()
                    .addNewVolumeMount()
                    .withName("data")
                    .withMountPath("/data")
                    .endVolumeMount()
                    .build())
            .addNewVolume()
            .withName("data")
            .withNewPersistentVolumeClaim(CLAIM, false)
            .endVolume()
            .build();
  }

  /** A node that has the driver, in this zone. */
  void node(String name, String zone, Taint... taints) {
    nodes.add(new StorageNode(name, Map.of(ZONE, zone, "disk", zone), false, List.of(taints)));
    onNodes.add(new OnNode(name, DRIVER, List.of(ZONE), Optional.empty()));
  }

  /** The driver publishes capacity. */
  void publishesCapacity() {
    registered.set(0, new Driver(DRIVER, true, true));
  }

  /** What it published for a zone. */
  void segment(String zone, Optional<Long> capacity, Optional<Long> maximum) {
    segments.add(
        new Segment(
            "fast",
            Optional.of(new LabelSelectorBuilder().addToMatchLabels(ZONE, zone).build()),
            capacity,
            maximum));
  }

  /** So many volumes may be attached to each node. */
  void limit(int volumes) {
    onNodes.replaceAll(
        n -> new OnNode(n.node(), n.driver(), n.topologyKeys(), Optional.of(volumes)));
  }

  /** No trace of the driver. */
  void noDriver() {
    registered.clear();
    onNodes.clear();
  }

  static ContainerBuilder container() {
    return new ContainerBuilder().withName("postgres");
  }

  Plan plan() {
    var database =
        new DatabaseSet(
            "tl-postgres",
            1,
            0,
            "postgres",
            5432,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    var workload =
        new Workload(
            "StatefulSet",
            "tl-postgres",
            Optional.empty(),
            Optional.empty(),
            1,
            1,
            0,
            Map.of(),
            List.of(),
            pod);
    return new Plan(
        DatabaseMode.STATEFULSET,
        List.of(),
        List.of(database),
        planned,
        List.of(),
        List.of(workload),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty());
  }

  Facts facts() {
    return new Facts(NOW, Map.of())
        .with(FactKey.PLAN, Fact.known(plan()))
        .with(FactKey.INSTALL_COMMAND, Fact.known(Situations.INSTALL))
        .with(
            FactKey.STORAGE_PLAN,
            Fact.known(new StoragePlan(planned.isEmpty() ? List.of() : List.of(set), rendered)))
        .with(FactKey.STORAGE_CLASSES, Fact.known(new StorageClasses(List.of(storageClass))))
        .with(FactKey.CLAIMS, Fact.known(new Claims(existing)))
        .with(FactKey.CLAIM_USERS, Fact.known(new ClaimUsers(users)))
        .with(FactKey.OLD_DATA, oldData)
        .with(FactKey.LIVE_SETS, Fact.known(new LiveSets("tl", "shop", installed, live)))
        .with(FactKey.STORAGE_DRIVERS, Fact.known(new StorageDrivers(registered, onNodes)))
        .with(FactKey.STORAGE_NODES, Fact.known(new StorageNodes(nodes)))
        .with(FactKey.STORAGE_ROOM, Fact.known(new StorageRoom(segments, attached)))
        .with(FactKey.VOLUME_MAKERS, Fact.known(new VolumeMakers(makers)));
  }

  Outcome judge(Check check) {
    return check.evaluate(facts().view(check.facts()));
  }
}
