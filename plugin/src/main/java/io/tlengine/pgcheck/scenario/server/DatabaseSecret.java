package io.tlengine.pgcheck.scenario.server;

import io.tlengine.pgcheck.gather.api.Secrets;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.plan.DatabaseSet.Source;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Secret that the user named for logging in to a database whose container does not say how.
 *
 * @param key the key that holds a URL; empty: user and password have keys of their own, or one of
 *     the usual keys holds a URL
 */
public record DatabaseSecret(String name, Optional<String> key) {

  // CloudNativePG: username, password, dbname, uri; the official image's variables by envFrom.
  private static final List<String> USER = List.of("username", "user", "POSTGRES_USER", "PGUSER");
  private static final List<String> PASSWORD =
      List.of("password", "POSTGRES_PASSWORD", "PGPASSWORD");
  private static final List<String> DATABASE =
      List.of("database", "dbname", "POSTGRES_DB", "PGDATABASE");
  private static final List<String> URL = List.of("DATABASE_URL", "uri", "url");

  /**
   * The set as one logs in to it with this Secret. It holds the password then, so it never becomes
   * part of a fact.
   *
   * @throws ScenarioException when the Secret does not hold what is needed
   */
  public DatabaseSet into(DatabaseSet set, Secrets secrets) throws ScenarioException {
    if (key.isPresent()) {
      return byUrl(set, secrets, key.get());
    }
    var data = Credentials.values("Secret/" + name, secrets.secret(name));
    var password = first(data, PASSWORD);
    if (password.isPresent()) {
      return set.withLogin(
          first(data, USER).or(set::user), password, first(data, DATABASE).or(set::database));
    }
    var url = URL.stream().filter(data::containsKey).findFirst();
    if (url.isPresent()) {
      return byUrl(set, secrets, url.get());
    }
    throw new ScenarioException(
        "Secret/"
            + name
            + (data.isEmpty()
                ? " does not exist or is empty"
                : " has no key password and no URL in " + String.join(", ", URL)),
        "name the key that holds the database URL: --database-secret " + name + "/KEY");
  }

  private DatabaseSet byUrl(DatabaseSet set, Secrets secrets, String urlKey)
      throws ScenarioException {
    var url = Credentials.url(secrets, name, urlKey);
    return set.withLogin(literal(url.user()), literal(url.password()), literal(url.database()));
  }

  private static Optional<Source> first(Map<String, String> data, List<String> keys) {
    return keys.stream().filter(data::containsKey).findFirst().map(k -> literal(data, k));
  }

  private static Source literal(Map<String, String> data, String key) {
    return new Source.Literal(data.getOrDefault(key, ""));
  }

  private static Optional<Source> literal(String value) {
    return Optional.of(new Source.Literal(value));
  }
}
