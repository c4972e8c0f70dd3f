package io.tlengine.pgcheck.gather.storage;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.storage.CSIDriver;
import io.fabric8.kubernetes.api.model.storage.CSINode;
import io.fabric8.kubernetes.api.model.storage.CSINodeDriver;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.StorageDrivers;
import io.tlengine.pgcheck.fact.StorageDrivers.Driver;
import io.tlengine.pgcheck.fact.StorageDrivers.OnNode;
import io.tlengine.pgcheck.fact.StorageNodes;
import io.tlengine.pgcheck.fact.StorageNodes.StorageNode;
import io.tlengine.pgcheck.fact.StorageRoom;
import io.tlengine.pgcheck.fact.StorageRoom.Attached;
import io.tlengine.pgcheck.fact.StorageRoom.Segment;
import io.tlengine.pgcheck.fact.VolumeMakers;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.api.Reads;
import io.tlengine.pgcheck.gather.rbac.ApiRight;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads storage drivers, the nodes that have them, and who made the volumes that exist. */
final class DriverGatherer {

  static final ApiRight LIST_DRIVERS = ApiRight.inCluster("storage.k8s.io", "csidrivers", "list");
  static final ApiRight LIST_CSI_NODES = ApiRight.inCluster("storage.k8s.io", "csinodes", "list");
  static final ApiRight LIST_NODES = ApiRight.inCluster("", "nodes", "list");
  static final ApiRight LIST_CAPACITIES =
      ApiRight.inCluster("storage.k8s.io", "csistoragecapacities", "list");
  static final ApiRight LIST_ATTACHMENTS =
      ApiRight.inCluster("storage.k8s.io", "volumeattachments", "list");
  static final ApiRight LIST_VOLUMES = ApiRight.inCluster("", "persistentvolumes", "list");

  /** A large cluster has thousands of volumes: the first page nearly always has the answer. */
  private static final long PAGE = 500;

  private static final String PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";

  private final Cluster cluster;

  DriverGatherer(Cluster cluster) {
    this.cluster = cluster;
  }

  Fact<StorageDrivers> drivers() {
    var registered =
        Reads.fact(
            LIST_DRIVERS,
            "",
            () ->
                cluster.client().storage().v1().csiDrivers().list().getItems().stream()
                    .map(DriverGatherer::driver)
                    .toList());
    return switch (registered) {
      case Fact.Known<List<Driver>> known ->
          Reads.fact(
              LIST_CSI_NODES,
              "",
              () ->
                  new StorageDrivers(
                      known.value(),
                      cluster.client().storage().v1().csiNodes().list().getItems().stream()
                          .flatMap(DriverGatherer::onNode)
                          .toList()));
      case Fact.Unavailable<List<Driver>> gap -> Fact.unavailable(gap.reason(), gap.remedy());
      case Fact.NotApplicable<List<Driver>> none -> Fact.notApplicable(none.reason());
    };
  }

  Fact<StorageNodes> nodes() {
    return Reads.fact(
        LIST_NODES,
        "",
        () ->
            new StorageNodes(
                cluster.client().nodes().list().getItems().stream()
                    .map(DriverGatherer::node)
                    .toList()));
  }

  /**
   * What is published and attached; what no driver of these takes part in is not read.
   *
   * @param capacity a driver publishes capacity
   * @param limits a driver limits its attachments
   */
  Fact<StorageRoom> room(boolean capacity, boolean limits) {
    Fact<List<Segment>> segments =
        capacity ? Reads.fact(LIST_CAPACITIES, "", this::segments) : Fact.known(List.<Segment>of());
    return switch (segments) {
      case Fact.Known<List<Segment>> known ->
          limits
              ? Reads.fact(
                  LIST_ATTACHMENTS, "", () -> new StorageRoom(known.value(), attachments()))
              : Fact.known(new StorageRoom(known.value(), List.of()));
      case Fact.Unavailable<List<Segment>> gap -> Fact.unavailable(gap.reason(), gap.remedy());
      case Fact.NotApplicable<List<Segment>> none -> Fact.notApplicable(none.reason());
    };
  }

  private List<Segment> segments() {
    return cluster
        .client()
        .storage()
        .v1()
        .csiStorageCapacities()
        .inAnyNamespace()
        .list()
        .getItems()
        .stream()
        .map(
            c ->
                new Segment(
                    c.getStorageClassName(),
                    Optional.ofNullable(c.getNodeTopology()),
                    Optional.ofNullable(c.getCapacity()).map(DriverGatherer::bytes),
                    Optional.ofNullable(c.getMaximumVolumeSize()).map(DriverGatherer::bytes)))
        .toList();
  }

  private List<Attached> attachments() {
    return cluster.client().storage().v1().volumeAttachments().list().getItems().stream()
        .collect(
            Collectors.groupingBy(
                a -> List.of(a.getSpec().getNodeName(), a.getSpec().getAttacher()),
                Collectors.counting()))
        .entrySet()
        .stream()
        .map(
            e -> new Attached(e.getKey().getFirst(), e.getKey().getLast(), e.getValue().intValue()))
        .toList();
  }

  private static long bytes(Quantity quantity) {
    return Quantity.getAmountInBytes(quantity).longValue();
  }

  /**
   * Which of these have made a volume; reads no further than to the last of them.
   *
   * @param provisioners those that left no other trace; none: nothing is read
   */
  Fact<VolumeMakers> makers(Set<String> provisioners) {
    if (provisioners.isEmpty()) {
      return Fact.known(new VolumeMakers(Set.of()));
    }
    return Reads.fact(
        LIST_VOLUMES,
        "",
        () -> {
          var found = new HashSet<String>();
          String next = null;
          do {
            var page =
                cluster
                    .client()
                    .persistentVolumes()
                    .list(new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build());
            page.getItems().stream()
                .flatMap(DriverGatherer::maker)
                .filter(provisioners::contains)
                .forEach(found::add);
            next = page.getMetadata().getContinue();
          } while (next != null && !next.isEmpty() && !found.containsAll(provisioners));
          return new VolumeMakers(found);
        });
  }

  private static Stream<String> maker(PersistentVolume volume) {
    var annotations = volume.getMetadata().getAnnotations();
    var csi = volume.getSpec().getCsi();
    return Stream.of(
            Optional.ofNullable(annotations == null ? null : annotations.get(PROVISIONED_BY)),
            Optional.ofNullable(csi == null ? null : csi.getDriver()))
        .flatMap(Optional::stream);
  }

  private static Driver driver(CSIDriver driver) {
    return new Driver(
        driver.getMetadata().getName(),
        Boolean.TRUE.equals(driver.getSpec().getStorageCapacity()),
        !Boolean.FALSE.equals(driver.getSpec().getAttachRequired()));
  }

  private static Stream<OnNode> onNode(CSINode node) {
    // The API server writes null for a node without any.
    return Objects.requireNonNullElse(node.getSpec().getDrivers(), List.<CSINodeDriver>of())
        .stream()
        .map(
            d ->
                new OnNode(
                    node.getMetadata().getName(),
                    d.getName(),
                    Objects.requireNonNullElse(d.getTopologyKeys(), List.of()),
                    Optional.ofNullable(d.getAllocatable()).map(a -> a.getCount())));
  }

  private static StorageNode node(Node node) {
    return new StorageNode(
        node.getMetadata().getName(),
        Objects.requireNonNullElse(node.getMetadata().getLabels(), Map.of()),
        Boolean.TRUE.equals(node.getSpec().getUnschedulable()),
        node.getSpec().getTaints());
  }
}
