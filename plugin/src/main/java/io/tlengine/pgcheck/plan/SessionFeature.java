package io.tlengine.pgcheck.plan;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something of a container that needs a database session of its own: a setting, LISTEN, a
 * replication connection.
 *
 * @param what as the subject of a sentence
 * @param remedy what to do behind a pooler
 */
public record SessionFeature(String what, String remedy) {

  private static final String OPTIONS = "PGOPTIONS";
  private static final String POSTGREST_CHANNEL = "PGRST_DB_CHANNEL_ENABLED";

  /** Those that the manifest tells; a library's own habits it does not. */
  public static List<SessionFeature> of(Container container) {
    Map<String, String> values =
        container.getEnv().stream()
            .filter(e -> e.getValue() != null)
            .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue, (first, last) -> last));
    var text =
        Stream.concat(
                Stream.of(String.valueOf(container.getImage())),
                Stream.concat(container.getCommand().stream(), container.getArgs().stream()))
            .collect(Collectors.joining(" "))
            .toLowerCase(Locale.ROOT);
    return Stream.of(
            options(values.getOrDefault(OPTIONS, "")),
            postgrest(text, values.getOrDefault(POSTGREST_CHANNEL, "true")),
            worker(text),
            debezium(text))
        .flatMap(f -> f)
        .toList();
  }

  /** libpq, "Environment Variables". */
  private static Stream<SessionFeature> options(String value) {
    return value.contains("-c") || value.contains("--")
        ? Stream.of(
            new SessionFeature(
                OPTIONS,
                "set it for the role instead (ALTER ROLE name SET ...) and remove the variable"))
        : Stream.empty();
  }

  /** docs.postgrest.org, "External Connection Poolers". */
  private static Stream<SessionFeature> postgrest(String text, String channel) {
    return text.contains("postgrest") && !channel.equals("false")
        ? Stream.of(
            new SessionFeature(
                "PostgREST's LISTEN for schema changes",
                "set " + POSTGREST_CHANNEL + "=\"false\", or give it the direct URL"))
        : Stream.empty();
  }

  /** worker.graphile.org, "Connection: pgBouncer": it listens for jobs. */
  private static Stream<SessionFeature> worker(String text) {
    return text.contains("graphile-worker") || text.contains("graphile/worker")
        ? Stream.of(
            new SessionFeature("Graphile Worker's LISTEN for jobs", "give it the direct URL"))
        : Stream.empty();
  }

  /** debezium.io, "PostgreSQL connector": logical replication. */
  private static Stream<SessionFeature> debezium(String text) {
    return text.contains("debezium")
        ? Stream.of(
            new SessionFeature("Debezium's replication connection", "give it the direct URL"))
        : Stream.empty();
  }
}
