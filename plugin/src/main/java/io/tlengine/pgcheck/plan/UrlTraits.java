package io.tlengine.pgcheck.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a database URL asks for besides the way to the server. Never its password.
 *
 * @param endpointOption the endpoint named by {@code options=endpoint=...} (neon.com/docs/connect/
 *     connection-errors, "The endpoint ID is not specified")
 * @param sessionSettings what the URL sets for the whole session, as {@code options: -c
 *     search_path} or a parameter's name
 * @param poolSize how many connections the URL lets a pool open, by the parameter that says so
 */
public record UrlTraits(
    Optional<String> endpointOption, List<String> sessionSettings, Optional<PoolSize> poolSize) {

  public UrlTraits {
    sessionSettings = List.copyOf(sessionSettings);
  }

  /**
   * Libraries that send unknown parameters to the server as settings (pgx, "ParseConfig") make
   * these settings of the session.
   */
  private static final Set<String> SETTINGS =
      Set.of(
          "search_path",
          "statement_timeout",
          "lock_timeout",
          "idle_in_transaction_session_timeout",
          "default_transaction_isolation",
          "default_transaction_read_only",
          "role");

  /**
   * Pool sizes in URLs: connection_limit (prisma.io, "Connection URL arguments"), pool_max_conns
   * (pkg.go.dev/github.com/jackc/pgx/v5/pgxpool, "ParseConfig"), pool (Rails guides, "Configuring a
   * Database": the URL's parameters join the configuration).
   */
  private static final List<String> POOL_SIZES =
      List.of("connection_limit", "pool_max_conns", "pool");

  private static final Pattern ENDPOINT = Pattern.compile("(?:^|\\s)(?:endpoint|project)=(\\S+)");
  private static final Pattern SETTING =
      Pattern.compile("(?:^|\\s)(?:-c\\s*|--)([A-Za-z_][\\w.-]*)\\s*=");

  public static UrlTraits of(DatabaseUrl url) {
    var options = url.parameters().getOrDefault("options", "");
    var endpoint = ENDPOINT.matcher(options);
    return new UrlTraits(
        endpoint.find() ? Optional.of(endpoint.group(1)) : Optional.empty(),
        Stream.concat(
                SETTING.matcher(options).results().map(m -> "options -c " + m.group(1)),
                url.parameters().keySet().stream().filter(SETTINGS::contains).sorted())
            .toList(),
        poolSize(url.parameters()));
  }

  private static Optional<PoolSize> poolSize(Map<String, String> parameters) {
    return POOL_SIZES.stream()
        .filter(parameters::containsKey)
        .flatMap(
            name -> PoolSize.number(parameters.get(name)).stream().map(n -> new PoolSize(n, name)))
        .findFirst();
  }
}
