package io.tlengine.pgcheck.plan;

import java.util.List;
import java.util.Optional;

/**
 * What a release is going to need, read from its manifests: nothing here was looked up in a
 * cluster.
 *
 * @param urlSource where a container takes its database URL from
 * @param sets the StatefulSets that run PostgreSQL
 * @param claims the claims that the StatefulSets make, one for each template and ordinal
 * @param secrets the Secrets that containers refer to, with the keys they need
 * @param workloads the objects that make pods, hooks included
 */
public record Plan(
    DatabaseMode mode,
    Optional<UrlSource> urlSource,
    List<DatabaseSet> sets,
    List<PlannedClaim> claims,
    List<NeededSecret> secrets,
    List<Workload> workloads) {

  public Plan {
    sets = List.copyOf(sets);
    claims = List.copyOf(claims);
    secrets = List.copyOf(secrets);
    workloads = List.copyOf(workloads);
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
  public record UrlSource(String workload, String variable, String secret, String key) {}

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
}
