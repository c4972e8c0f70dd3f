package io.tlengine.pgcheck.gather.storage;

import io.tlengine.pgcheck.fact.Claims;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.StorageClasses;
import io.tlengine.pgcheck.fact.StorageClasses.StorageClassFact;
import io.tlengine.pgcheck.fact.StorageDrivers;
import io.tlengine.pgcheck.fact.StorageRoom;
import io.tlengine.pgcheck.gather.rbac.Rights;
import io.tlengine.pgcheck.gather.source.FactSource;
import io.tlengine.pgcheck.gather.source.Look;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.StoragePlanReader;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Everything that the planned claims will meet: classes, old claims, drivers and nodes. */
public final class StorageSource implements FactSource {

  /** Why a fact about the claims does not apply. */
  public static final String NO_CLAIMS = "the release makes no claims";

  @Override
  public Map<FactKey<?>, Rights> brings() {
    return Map.of(
        FactKey.STORAGE_PLAN, Rights.none(),
        FactKey.STORAGE_CLASSES, Rights.of(StorageGatherer.LIST_CLASSES),
        FactKey.CLAIMS, Rights.of(StorageGatherer.LIST_CLAIMS),
        FactKey.CLAIM_USERS, Rights.of(StorageGatherer.LIST_PODS),
        FactKey.STORAGE_DRIVERS,
            Rights.of(DriverGatherer.LIST_DRIVERS, DriverGatherer.LIST_CSI_NODES),
        FactKey.STORAGE_NODES, Rights.of(DriverGatherer.LIST_NODES),
        FactKey.STORAGE_ROOM,
            Rights.of(DriverGatherer.LIST_CAPACITIES, DriverGatherer.LIST_ATTACHMENTS),
        FactKey.VOLUME_MAKERS, Rights.of(DriverGatherer.LIST_VOLUMES));
  }

  @Override
  public Map<FactKey<?>, Rights> brings(Look look) {
    return look.plan().claims().isEmpty() ? Map.of() : brings();
  }

  @Override
  public Facts gather(Look look) {
    var facts =
        look.none()
            .with(FactKey.STORAGE_PLAN, Fact.known(StoragePlanReader.read(look.manifests())));
    if (look.plan().claims().isEmpty()) {
      for (var key : brings().keySet()) {
        if (!key.equals(FactKey.STORAGE_PLAN)) {
          facts = facts.with(key, Fact.notApplicable(NO_CLAIMS));
        }
      }
      return facts;
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return facts.withAll(read(look, threads));
    }
  }

  /** All that does not wait for another answer is asked at once. */
  private static Facts read(Look look, Executor threads) {
    var storage = new StorageGatherer(look.cluster());
    var cluster = new DriverGatherer(look.cluster());
    var classes = ask(look, FactKey.STORAGE_CLASSES, storage::storageClasses, threads);
    var claims = ask(look, FactKey.CLAIMS, () -> storage.claims(look.namespace()), threads);
    var drivers = ask(look, FactKey.STORAGE_DRIVERS, cluster::drivers, threads);
    var nodes = ask(look, FactKey.STORAGE_NODES, cluster::nodes, threads);
    var users =
        ask(
            look,
            FactKey.CLAIM_USERS,
            () -> storage.users(look.namespace(), old(look.plan(), claims.join())),
            threads);
    var makers =
        ask(
            look,
            FactKey.VOLUME_MAKERS,
            () -> cluster.makers(silent(wanted(look.plan(), classes.join()), drivers.join())),
            threads);
    var room =
        ask(
            look,
            FactKey.STORAGE_ROOM,
            () -> room(cluster, wanted(look.plan(), classes.join()), drivers.join()),
            threads);
    return look.none()
        .with(FactKey.STORAGE_ROOM, room.join())
        .with(FactKey.STORAGE_CLASSES, classes.join())
        .with(FactKey.CLAIMS, claims.join())
        .with(FactKey.STORAGE_DRIVERS, drivers.join())
        .with(FactKey.STORAGE_NODES, nodes.join())
        .with(FactKey.CLAIM_USERS, users.join())
        .with(FactKey.VOLUME_MAKERS, makers.join());
  }

  private static <T> CompletableFuture<Fact<T>> ask(
      Look look, FactKey<T> key, Supplier<Fact<T>> read, Executor threads) {
    return look.wants(key)
        ? CompletableFuture.supplyAsync(read, threads)
        : CompletableFuture.completedFuture(
            Fact.unavailable(key.name() + " was not asked for", "run without --only"));
  }

  /** The planned claims that exist already. */
  private static Set<String> old(Plan plan, Fact<Claims> claims) {
    return claims instanceof Fact.Known<Claims> known
        ? plan.claims().stream()
            .map(c -> c.name())
            .filter(n -> known.value().named(n).isPresent())
            .collect(Collectors.toSet())
        : Set.of();
  }

  private static List<StorageClassFact> wanted(Plan plan, Fact<StorageClasses> classes) {
    return classes instanceof Fact.Known<StorageClasses> known
        ? plan.claims().stream()
            .flatMap(c -> known.value().of(c.storageClass()).stream())
            .distinct()
            .toList()
        : List.of();
  }

  /** The provisioners that neither an object nor a node shows. */
  private static Set<String> silent(List<StorageClassFact> wanted, Fact<StorageDrivers> drivers) {
    return drivers instanceof Fact.Known<StorageDrivers> seen
        ? wanted.stream()
            .filter(c -> !seen.value().present(c.driver()))
            .flatMap(c -> Stream.of(c.provisioner(), c.driver()))
            .collect(Collectors.toSet())
        : Set.of();
  }

  private static Fact<StorageRoom> room(
      DriverGatherer cluster, List<StorageClassFact> wanted, Fact<StorageDrivers> drivers) {
    var names = wanted.stream().map(StorageClassFact::driver).collect(Collectors.toSet());
    return drivers instanceof Fact.Known<StorageDrivers> seen
        ? cluster.room(
            seen.value().registered().stream()
                .anyMatch(d -> names.contains(d.name()) && d.publishesCapacity()),
            seen.value().onNodes().stream()
                .anyMatch(n -> names.contains(n.driver()) && n.limit().isPresent()))
        : cluster.room(false, false);
  }
}
