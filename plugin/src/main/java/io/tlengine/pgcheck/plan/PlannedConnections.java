package io.tlengine.pgcheck.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How many connections the plan's pods may open at once: the most pods of each workload, with those
 * that a rolling update adds, times the pool of each; one for a Job without a pool.
 *
 * @param undecided workloads whose number the manifests do not tell, each with the reason
 */
public record PlannedConnections(List<Part> parts, List<Undecided> undecided) {

  private static final String ONE_A_NODE = "DaemonSet";

  public PlannedConnections {
    parts = List.copyOf(parts);
    undecided = List.copyOf(undecided);
  }

  /**
   * One workload's.
   *
   * @param pods at most, without the surge
   * @param from what says how many each pod opens
   */
  public record Part(String workload, boolean job, int pods, int surge, int perPod, String from) {

    public int total() {
      return (pods + surge) * perPod;
    }

    /** As in messages: Deployment/tl-engine (6 + 1 while rolling) x 10 by POOL_MAX_SIZE = 70. */
    public String text() {
      return workload
          + " ("
          + pods
          + (surge > 0 ? " + " + surge + " while rolling" : "")
          + ") x "
          + perPod
          + (from.isEmpty() ? "" : " by " + from)
          + " = "
          + total();
    }
  }

  public record Undecided(String workload, String why) {}

  /**
   * @param fromUrl the pool's size, when the application's URL says it
   */
  public static PlannedConnections of(Plan plan, Optional<PoolSize> fromUrl) {
    Map<String, List<DatabaseClient>> byWorkload = new LinkedHashMap<>();
    Stream.of(DatabaseClient.of(plan), DatabaseClient.composing(plan))
        .flatMap(List::stream)
        .forEach(
            c -> byWorkload.computeIfAbsent(c.workload().id(), id -> new ArrayList<>()).add(c));
    var parts = new ArrayList<Part>();
    var undecided = new ArrayList<Undecided>();
    byWorkload.forEach(
        (id, clients) -> {
          var workload = clients.getFirst().workload();
          var perPod = perPod(clients, fromUrl);
          if (workload.kind().equals(ONE_A_NODE)) {
            undecided.add(new Undecided(id, "it runs a pod on every node"));
          } else if (perPod.isEmpty()) {
            undecided.add(new Undecided(id, "its manifest does not say how large its pool is"));
          } else {
            parts.add(
                new Part(
                    id,
                    workload.endsByItself(),
                    workload.maxReplicas(),
                    workload.surge(),
                    perPod.get().connections(),
                    perPod.get().from()));
          }
        });
    return new PlannedConnections(parts, undecided);
  }

  /** No workload opens any. */
  public boolean none() {
    return parts.isEmpty() && undecided.isEmpty();
  }

  public int total() {
    return parts.stream().mapToInt(Part::total).sum();
  }

  /** What the running release holds at most between two upgrades: no surge, no Jobs. */
  public int steady() {
    return parts.stream().filter(p -> !p.job()).mapToInt(p -> p.pods() * p.perPod()).sum();
  }

  private static Optional<PoolSize> perPod(
      List<DatabaseClient> clients, Optional<PoolSize> fromUrl) {
    var label = PoolSize.of(clients.getFirst().workload().podLabels());
    if (label.isPresent()) {
      return label;
    }
    int running = 0;
    int starting = 0;
    var from = "";
    for (var client : clients) {
      var pool = pool(client, fromUrl);
      if (pool.isEmpty()) {
        return Optional.empty();
      }
      // Init containers run one after another, before the others.
      if (client.init()) {
        starting = Math.max(starting, pool.get().connections());
      } else {
        running += pool.get().connections();
        from = from.isEmpty() ? pool.get().from() : from;
      }
    }
    return Optional.of(new PoolSize(Math.max(running, starting), from));
  }

  private static Optional<PoolSize> pool(DatabaseClient client, Optional<PoolSize> fromUrl) {
    var said = PoolSize.of(client.container());
    if (said.isPresent()) {
      return said;
    }
    boolean one = client.init() || client.workload().endsByItself() || client.tool().isPresent();
    if (one) {
      return Optional.of(new PoolSize(1, ""));
    }
    return fromUrl.filter(p -> client.urls().stream().anyMatch(u -> u.role() == UrlRole.RUNTIME));
  }
}
