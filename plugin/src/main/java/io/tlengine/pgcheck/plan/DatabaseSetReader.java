package io.tlengine.pgcheck.plan;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.tlengine.pgcheck.plan.DatabaseSet.Source;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Recognises a StatefulSet that runs PostgreSQL by a container that listens on 5432. User, password
 * and database are read from the variables of our chart (PGUSER ...), then from those of the
 * official image (POSTGRES_USER ...).
 */
public final class DatabaseSetReader {

  private static final int POSTGRES_PORT = 5432;
  private static final String OFFICIAL_DATA_DIRECTORY = "/var/lib/postgresql/data";

  private DatabaseSetReader() {}

  public static Optional<DatabaseSet> read(StatefulSet set) {
    return set.getSpec().getTemplate().getSpec().getContainers().stream()
        .filter(c -> port(c).isPresent())
        .findFirst()
        .map(c -> read(set, c, port(c).orElse(POSTGRES_PORT)));
  }

  /**
   * One that the user named may leave its port unsaid: then its image or the official image's
   * variables tell.
   */
  public static Optional<DatabaseSet> named(StatefulSet set) {
    return read(set)
        .or(
            () ->
                set.getSpec().getTemplate().getSpec().getContainers().stream()
                    .filter(c -> c.getPorts().isEmpty() && looksLikePostgres(c))
                    .findFirst()
                    .map(c -> read(set, c, POSTGRES_PORT)));
  }

  private static boolean looksLikePostgres(Container container) {
    return (container.getImage() != null && container.getImage().contains("postgres"))
        || container.getEnv().stream()
            .anyMatch(e -> e.getName().startsWith("POSTGRES_") || e.getName().equals("PGDATA"));
  }

  private static DatabaseSet read(StatefulSet set, Container container, int port) {
    return new DatabaseSet(
        set.getMetadata().getName(),
        replicas(set),
        firstOrdinal(set),
        container.getName(),
        port,
        source(container, "PGDATABASE", "POSTGRES_DB"),
        source(container, "PGUSER", "POSTGRES_USER"),
        source(container, "PGPASSWORD", "POSTGRES_PASSWORD"),
        claimTemplate(set, container, dataDirectory(container)));
  }

  static int replicas(StatefulSet set) {
    var replicas = set.getSpec().getReplicas();
    return replicas == null ? 1 : replicas;
  }

  /** Kubernetes: spec.ordinals.start, 0 unless it is said. */
  public static int firstOrdinal(StatefulSet set) {
    var ordinals = set.getSpec().getOrdinals();
    return ordinals == null || ordinals.getStart() == null ? 0 : ordinals.getStart();
  }

  private static Optional<Integer> port(Container container) {
    return container.getPorts().stream()
        .filter(p -> p.getContainerPort() == POSTGRES_PORT || "postgres".equals(p.getName()))
        .map(p -> p.getContainerPort())
        .findFirst();
  }

  private static Optional<Source> source(Container container, String... variables) {
    for (var variable : variables) {
      for (var env : container.getEnv()) {
        if (env.getName().equals(variable)) {
          return Optional.of(source(env));
        }
      }
    }
    return Optional.empty();
  }

  private static Source source(EnvVar env) {
    var from = env.getValueFrom();
    if (from != null && from.getSecretKeyRef() != null) {
      var ref = from.getSecretKeyRef();
      return new Source.SecretKey(ref.getName(), ref.getKey());
    }
    if (from != null && from.getConfigMapKeyRef() != null) {
      var ref = from.getConfigMapKeyRef();
      return new Source.ConfigMapKey(ref.getName(), ref.getKey());
    }
    return new Source.Literal(env.getValue() == null ? "" : env.getValue());
  }

  private static String dataDirectory(Container container) {
    return container.getEnv().stream()
        .filter(e -> e.getName().equals("PGDATA") && e.getValue() != null)
        .map(EnvVar::getValue)
        .findFirst()
        .orElse(OFFICIAL_DATA_DIRECTORY);
  }

  /** The claim template whose mount is the longest prefix of the data directory. */
  static Optional<String> claimTemplate(StatefulSet set, Container container, String directory) {
    List<String> templates =
        set.getSpec().getVolumeClaimTemplates().stream()
            .map(t -> t.getMetadata().getName())
            .toList();
    return container.getVolumeMounts().stream()
        .filter(m -> (directory + "/").startsWith(withSlash(m.getMountPath())))
        .max(Comparator.comparingInt(m -> m.getMountPath().length()))
        .map(VolumeMount::getName)
        .filter(templates::contains);
  }

  private static String withSlash(String path) {
    return path.endsWith("/") ? path : path + "/";
  }
}
