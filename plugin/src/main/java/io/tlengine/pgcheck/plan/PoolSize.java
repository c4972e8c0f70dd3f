package io.tlengine.pgcheck.plan;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How many connections a process's pool may open, as far as the manifests say.
 *
 * @param connections of one pod
 * @param from the variable, label or URL parameter that says so
 */
public record PoolSize(int connections, String from) {

  /** On a pod template, where no variable says it. */
  public static final String LABEL = "pgcheck.io/pool-size";

  /**
   * Variables of libraries and programs, each by its own documentation. One that several programs
   * give different meanings is not in the list.
   */
  private static final List<String> VARIABLES =
      List.of(
          "POOL_MAX_SIZE", // charts/tl-engine: engine.pool.maxSize
          "SPRING_DATASOURCE_HIKARI_MAXIMUMPOOLSIZE", // docs.spring.io, "Relaxed Binding"
          "SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE", // the older spelling of the same
          "QUARKUS_DATASOURCE_JDBC_MAX_SIZE", // quarkus.io/guides/datasource
          "QUARKUS_DATASOURCE_REACTIVE_MAX_SIZE",
          "KC_DB_POOL_MAX_SIZE", // keycloak.org/server/all-config
          "POOL_SIZE", // hexdocs.pm/phoenix, config/runtime.exs
          "PGRST_DB_POOL", // docs.postgrest.org, "db-pool"
          "HASURA_GRAPHQL_PG_CONNECTIONS", // hasura.io/docs, "Server configuration"
          "GF_DATABASE_MAX_OPEN_CONN", // grafana.com/docs, "[database] max_open_conn"
          "MM_SQLSETTINGS_MAXOPENCONNS", // docs.mattermost.com, "Maximum open connections"
          "DB_POSTGRESDB_POOL_SIZE", // docs.n8n.io, "Database environment variables"
          "MB_APPLICATION_DB_MAX_CONNECTION_POOL_SIZE"); // metabase.com/docs

  /** rubyonrails.org guides: a Puma worker is a process, and each has a pool of its threads. */
  private static final String RAILS_THREADS = "RAILS_MAX_THREADS";

  private static final String RAILS_PROCESSES = "WEB_CONCURRENCY";

  /** airflow.apache.org, "sql_alchemy_pool_size": the overflow comes on top. */
  private static final String AIRFLOW_POOL = "AIRFLOW__DATABASE__SQL_ALCHEMY_POOL_SIZE";

  private static final String AIRFLOW_OVERFLOW = "AIRFLOW__DATABASE__SQL_ALCHEMY_MAX_OVERFLOW";

  private static final int LARGEST = 100_000;

  /** Of one container, by its variables. */
  public static Optional<PoolSize> of(Container container) {
    Map<String, String> values =
        container.getEnv().stream()
            .filter(e -> e.getValue() != null)
            .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue, (first, last) -> last));
    Function<String, Optional<Integer>> number = name -> number(values.get(name));
    return VARIABLES.stream()
        .flatMap(v -> number.apply(v).stream().map(n -> new PoolSize(n, v)))
        .findFirst()
        .or(
            () ->
                number
                    .apply(RAILS_THREADS)
                    .map(
                        threads ->
                            new PoolSize(
                                threads * number.apply(RAILS_PROCESSES).orElse(1), RAILS_THREADS)))
        .or(
            () ->
                number
                    .apply(AIRFLOW_POOL)
                    .map(
                        pool ->
                            new PoolSize(
                                pool + number.apply(AIRFLOW_OVERFLOW).orElse(0), AIRFLOW_POOL)));
  }

  /** Of a whole pod, by its label. */
  static Optional<PoolSize> of(Map<String, String> podLabels) {
    return number(podLabels.get(LABEL)).map(n -> new PoolSize(n, "label " + LABEL));
  }

  static Optional<Integer> number(@org.jspecify.annotations.Nullable String text) {
    if (text == null || !text.strip().matches("\\d{1,6}")) {
      return Optional.empty();
    }
    int number = Integer.parseInt(text.strip());
    return number >= 1 && number <= LARGEST ? Optional.of(number) : Optional.empty();
  }
}
