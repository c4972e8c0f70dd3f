package io.tlengine.pgcheck.scenario.server;

import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.gather.api.Secrets;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.plan.DatabaseSet.Source;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.plan.DatabaseUrl.MalformedUrlException;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.util.Map;
import java.util.Optional;

/** Looks up what a database set's container gets as user, password and database. */
public final class Credentials {

  private final Secrets secrets;

  public Credentials(Secrets secrets) {
    this.secrets = secrets;
  }

  /** The URL of this set behind a port on this machine. */
  public DatabaseUrl url(DatabaseSet set, int localPort) throws ScenarioException {
    return url(set, "127.0.0.1", localPort);
  }

  /** The URL of this set at that address. */
  public DatabaseUrl url(DatabaseSet set, String host, int port) throws ScenarioException {
    // The official image's own default for POSTGRES_USER.
    var user =
        set.user().isEmpty() && set.password().isPresent()
            ? "postgres"
            : value(set, "user", set.user());
    return new DatabaseUrl(
        host,
        port,
        set.database().isPresent() ? value(set, "database", set.database()) : user,
        user,
        value(set, "password", set.password()),
        Map.of());
  }

  /** The external database's URL, from the Secret's key that holds it. */
  public static DatabaseUrl url(Secrets secrets, String secret, String key)
      throws ScenarioException {
    var text = value("Secret/" + secret, key, secrets.secret(secret), secrets.namespace());
    try {
      return DatabaseUrl.parse(text);
    } catch (MalformedUrlException e) {
      throw new ScenarioException(
          "Secret/" + secret + " key " + key + " holds no usable URL: " + e.getMessage(),
          "helm pgcheck preflight shows what is wrong with it");
    }
  }

  private String value(DatabaseSet set, String what, Optional<Source> source)
      throws ScenarioException {
    if (source.isEmpty()) {
      throw new ScenarioException(
          "the container "
              + set.container()
              + " of StatefulSet/"
              + set.name()
              + " has no variable that names its "
              + what,
          "give it PGUSER, PGPASSWORD and PGDATABASE (or POSTGRES_USER ...) as variables, or name"
              + " the Secret: helm pgcheck persistence --statefulset "
              + set.name()
              + " --database-secret NAME");
    }
    return switch (source.get()) {
      case Source.Literal literal -> literal.value();
      case Source.SecretKey key ->
          value(
              "Secret/" + key.secret(),
              key.key(),
              secrets.secret(key.secret()),
              secrets.namespace());
      case Source.ConfigMapKey key ->
          value(
              "ConfigMap/" + key.configMap(),
              key.key(),
              secrets.configMap(key.configMap()),
              secrets.namespace());
    };
  }

  private static String value(
      String where, String key, Fact<Optional<Map<String, String>>> read, String namespace)
      throws ScenarioException {
    var values = values(where, read);
    var value = values.get(key);
    if (value == null) {
      throw new ScenarioException(
          where + " does not exist or has no key " + key,
          (values.isEmpty()
                  ? "kubectl get " + where.substring(0, where.indexOf('/'))
                  : "kubectl describe " + where)
              + " -n "
              + namespace);
    }
    return value;
  }

  /** None when it does not exist. */
  static Map<String, String> values(String where, Fact<Optional<Map<String, String>>> read)
      throws ScenarioException {
    return switch (read) {
      case Fact.Known<Optional<Map<String, String>>> known -> known.value().orElse(Map.of());
      case Fact.Unavailable<Optional<Map<String, String>>> gap ->
          throw new ScenarioException(gap.reason(), gap.remedy());
      case Fact.NotApplicable<Optional<Map<String, String>>> none ->
          throw new ScenarioException(none.reason(), "run again");
    };
  }
}
