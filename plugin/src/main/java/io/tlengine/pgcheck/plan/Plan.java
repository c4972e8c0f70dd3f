package io.tlengine.pgcheck.plan;

import io.fabric8.kubernetes.api.model.Container;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a release is going to need, read from its manifests: nothing here was looked up in a
 * cluster.
 *
 * @param urlSources where containers take database URLs from, the application's own first
 * @param sets the StatefulSets that run PostgreSQL
 * @param claims the claims that the StatefulSets make, one for each template and ordinal
 * @param secrets the Secrets that containers refer to, with the keys they need
 * @param workloads the objects that make pods, hooks included
 * @param objects everything that the release creates, by kind and name
 * @param services the release's Services
 * @param composedOf the Secret keys that a container puts into a URL as they are, by $(VARIABLE)
 * @param server what the first of the sets is going to be told
 */
public record Plan(
    DatabaseMode mode,
    List<UrlSource> urlSources,
    List<DatabaseSet> sets,
    List<PlannedClaim> claims,
    List<NeededSecret> secrets,
    List<Workload> workloads,
    List<PlannedObject> objects,
    List<PlannedService> services,
    List<UrlPart> composedOf,
    Optional<PlannedServer> server) {

  public Plan {
    urlSources = List.copyOf(urlSources);
    sets = List.copyOf(sets);
    claims = List.copyOf(claims);
    secrets = List.copyOf(secrets);
    workloads = List.copyOf(workloads);
    objects = List.copyOf(objects);
    services = List.copyOf(services);
    composedOf = List.copyOf(composedOf);
  }

  /** The workload of this name and kind. */
  public Optional<Workload> workload(String kind, String name) {
    return workloads.stream()
        .filter(w -> w.kind().equals(kind) && w.name().equals(name))
        .findFirst();
  }

  /** The container that runs the database of this set. */
  public Optional<Container> databaseContainer(String set) {
    return sets.stream()
        .filter(s -> s.name().equals(set))
        .findFirst()
        .flatMap(
            s ->
                workload("StatefulSet", set).stream()
                    .flatMap(w -> w.pod().getContainers().stream())
                    .filter(c -> c.getName().equals(s.container()))
                    .findFirst());
  }

  /** The application's own URL. */
  public Optional<UrlSource> urlSource() {
    return urlSource(UrlRole.RUNTIME);
  }

  /** The first reference of this role. */
  public Optional<UrlSource> urlSource(UrlRole role) {
    return urlSources.stream().filter(u -> u.role() == role).findFirst();
  }

  /** Where the application's database is. */
  public enum DatabaseMode {
    EXTERNAL("external"),
    STATEFULSET("statefulset"),
    /** Neither a set that runs PostgreSQL nor a database URL. */
    NONE("none");

    private final String text;

    DatabaseMode(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /**
   * A reference to a database URL in a Secret.
   *
   * @param workload the object whose container reads it, for example Deployment/tl-engine
   * @param variable the container's variable, for example DATABASE_URL
   */
  public record UrlSource(
      UrlRole role, String workload, String variable, String secret, String key) {

    /** As in messages: {@code Secret/name key KEY}. */
    public String where() {
      return "Secret/" + secret + " key " + key;
    }
  }

  /**
   * A claim that the StatefulSet controller is going to make.
   *
   * @param storageClass absent: the default class; empty text: no dynamic provisioning
   * @param size the request, as written
   */
  public record PlannedClaim(
      String set,
      String name,
      Optional<String> storageClass,
      String size,
      List<String> accessModes) {}

  /**
   * @param keys the keys that containers refer to; optional references are left out
   * @param renderedByChart the chart's own manifests contain this Secret
   */
  public record NeededSecret(String name, List<String> keys, boolean renderedByChart) {}

  /** An object of the release. */
  public record PlannedObject(String kind, String name, Optional<Workload.Hook> hook) {}

  /**
   * @param headless spec.clusterIP None: names its pods, balances nothing
   * @param type spec.type: ClusterIP, NodePort, LoadBalancer or ExternalName
   * @param nodePorts how many ports of every node it takes
   */
  public record PlannedService(
      String name, boolean headless, Map<String, String> selector, String type, int nodePorts) {
    public PlannedService {
      selector = Map.copyOf(selector);
    }

    /** Whether it sends its clients to the pods with these labels. */
    public boolean selects(Map<String, String> labels) {
      return !selector.isEmpty() && labels.entrySet().containsAll(selector.entrySet());
    }
  }

  /**
   * A key whose value the kubelet puts into a URL, unencoded.
   *
   * @param workload the object whose container composes it
   * @param variable the variable that holds the URL
   */
  public record UrlPart(String workload, String variable, String secret, String key) {}
}
