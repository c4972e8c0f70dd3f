package io.tlengine.pgcheck.plan;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.tlengine.pgcheck.plan.Plan.UrlSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A container that takes a database URL of the plan.
 *
 * @param init an init container: it ends before the pod's containers start
 * @param urls in the order of their roles
 */
public record DatabaseClient(
    Workload workload, Container container, boolean init, List<UrlSource> urls) {

  public DatabaseClient {
    urls = List.copyOf(urls);
  }

  /** All of a plan, but those of {@code helm test}, which nobody's budget waits for. */
  public static List<DatabaseClient> of(Plan plan) {
    return containers(plan).filter(c -> !c.urls().isEmpty()).toList();
  }

  /**
   * Those that put their URL together from the parts, which is the only way to a database of the
   * release's own where its Secret holds no URL; they have none of the plan's URLs.
   */
  public static List<DatabaseClient> composing(Plan plan) {
    return containers(plan).filter(c -> c.urls().isEmpty() && composes(plan, c)).toList();
  }

  /** What it is, when it migrates or dumps the database. */
  public Optional<DatabaseTool> tool() {
    return DatabaseTool.of(container);
  }

  /** The URL that a migration or a dump goes by: one that is given both goes by the direct one. */
  public Optional<UrlSource> wayOfTools() {
    return urls.stream().filter(u -> u.role() != UrlRole.READ).reduce((first, second) -> second);
  }

  /** As in messages: Job/tl-engine-migrations, container migrations. */
  public String id() {
    return workload.id() + " container " + container.getName();
  }

  private static Stream<DatabaseClient> containers(Plan plan) {
    return plan.workloads().stream()
        .filter(w -> w.hook().filter(Workload.Hook::test).isEmpty())
        .flatMap(
            w ->
                Stream.concat(
                    clients(plan, w, w.pod().getInitContainers(), true),
                    clients(plan, w, w.pod().getContainers(), false)));
  }

  private static Stream<DatabaseClient> clients(
      Plan plan, Workload workload, List<Container> containers, boolean init) {
    return containers.stream()
        .map(
            c ->
                new DatabaseClient(
                    workload,
                    c,
                    init,
                    plan.urlSources().stream().filter(u -> takes(c, u)).toList()));
  }

  private static boolean composes(Plan plan, DatabaseClient client) {
    return plan.composedOf().stream()
        .filter(part -> part.workload().equals(client.workload().id()))
        .anyMatch(
            part ->
                client.container().getEnv().stream()
                    .anyMatch(e -> e.getName().equals(part.variable())));
  }

  private static boolean takes(Container container, UrlSource url) {
    boolean byKey =
        container.getEnv().stream()
            .filter(e -> e.getValueFrom() != null)
            .flatMap(e -> Optional.ofNullable(e.getValueFrom().getSecretKeyRef()).stream())
            .anyMatch(r -> url.secret().equals(r.getName()) && url.key().equals(r.getKey()));
    return byKey
        || container.getEnvFrom().stream()
            .map(EnvFromSource::getSecretRef)
            .anyMatch(r -> r != null && url.secret().equals(r.getName()));
  }
}
