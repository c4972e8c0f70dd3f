package io.tlengine.pgcheck.plan;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.tlengine.pgcheck.plan.Plan.DatabaseMode;
import io.tlengine.pgcheck.plan.Plan.NeededSecret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What has to be put under each key of a Secret that the release does not bring itself, told by the
 * variables that read it: those of libpq (PGUSER, PGPASSWORD), of the official image (POSTGRES_...)
 * and *_URL.
 *
 * @param parts by key
 */
public record SecretRecipe(String secret, Map<String, Part> parts) {

  /** A database role's name for an application; any will do, but for the reserved ones. */
  public static final String USER = "engine";

  private static final Pattern USER_NAME = Pattern.compile("(?i).*(user|username|role)");
  private static final Pattern PASSWORD = Pattern.compile("(?i).*(pass|passwd|password|pgpass)");
  private static final Pattern URL = Pattern.compile("(?i).*_?(url|uri|dsn)(_(direct|read))?");
  private static final Pattern READ_URL = Pattern.compile("(?i).*_read");

  public SecretRecipe {
    parts = Map.copyOf(parts);
  }

  /** Where a key's value comes from. */
  public sealed interface Part {

    /** The name of a role that the chart makes. */
    record UserName() implements Part {}

    /** A new password. */
    record NewPassword() implements Part {}

    /**
     * A URL of the release's own database.
     *
     * @param userKey the key of the same Secret that holds the user's name
     * @param query what follows the database, with its question mark; may be empty
     */
    record OwnUrl(
        String host, String port, String database, String userKey, String passwordKey, String query)
        implements Part {

      /** With every part percent-encoded (RFC 3986). */
      public String of(String user, String password) {
        return "postgresql://"
            + encoded(user)
            + ":"
            + encoded(password)
            + "@"
            + host
            + ":"
            + port
            + "/"
            + encoded(database)
            + query;
      }

      private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
            .replace("+", "%20")
            .replace("*", "%2A");
      }
    }

    /**
     * Only its owner knows it.
     *
     * @param url it is a database URL, so its form can be checked
     */
    record FromOutside(boolean url) implements Part {}
  }

  /** Of every Secret that the plan needs and the chart does not render. */
  public static List<SecretRecipe> of(Plan plan) {
    return plan.secrets().stream().filter(s -> !s.renderedByChart()).map(s -> of(plan, s)).toList();
  }

  private static SecretRecipe of(Plan plan, NeededSecret needed) {
    boolean own = plan.mode() == DatabaseMode.STATEFULSET;
    var parts = new TreeMap<String, Part>();
    for (var key : needed.keys()) {
      parts.put(key, own ? ownPart(plan, needed.name(), key) : outside(plan, needed.name(), key));
    }
    return new SecretRecipe(needed.name(), parts);
  }

  private static Part outside(Plan plan, String secret, String key) {
    boolean url =
        plan.urlSources().stream().anyMatch(u -> u.secret().equals(secret) && u.key().equals(key));
    return new Part.FromOutside(url || named(plan, secret, key, URL));
  }

  private static Part ownPart(Plan plan, String secret, String key) {
    if (named(plan, secret, key, PASSWORD)) {
      return new Part.NewPassword();
    }
    if (named(plan, secret, key, USER_NAME)) {
      return new Part.UserName();
    }
    if (named(plan, secret, key, URL)) {
      return ownUrl(plan, secret, key).orElse(new Part.FromOutside(true));
    }
    return new Part.FromOutside(false);
  }

  /** A variable that reads the key is named like this, or else the key itself. */
  private static boolean named(Plan plan, String secret, String key, Pattern name) {
    return containers(plan).stream()
            .flatMap(c -> c.getEnv().stream())
            .filter(e -> reads(e, secret, key))
            .anyMatch(e -> name.matcher(e.getName()).matches())
        || name.matcher(key).matches();
  }

  /** Host, port and database stand beside the URL as libpq's variables, or the Services tell. */
  private static Optional<Part> ownUrl(Plan plan, String secret, String key) {
    var reader =
        containers(plan).stream()
            .filter(c -> c.getEnv().stream().anyMatch(e -> reads(e, secret, key)))
            .findFirst();
    var set = plan.sets().stream().findFirst();
    if (reader.isEmpty() || set.isEmpty()) {
      return Optional.empty();
    }
    var user = secretKey(plan, secret, "PGUSER", USER_NAME);
    var password = secretKey(plan, secret, "PGPASSWORD", PASSWORD);
    boolean forReading =
        reader.get().getEnv().stream()
            .anyMatch(e -> reads(e, secret, key) && READ_URL.matcher(e.getName()).matches());
    // The Service that is read from is not the one beside the URL that writes.
    var host = forReading ? Optional.<String>empty() : host(plan, reader.get(), set.get());
    var database = literal(reader.get(), "PGDATABASE").or(() -> database(set.get()));
    if (user.isEmpty() || password.isEmpty() || host.isEmpty() || database.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Part.OwnUrl(
            host.get(),
            literal(reader.get(), "PGPORT").orElse(String.valueOf(set.get().port())),
            database.get(),
            user.get(),
            password.get(),
            literal(reader.get(), "PGSSLMODE").map(m -> "?sslmode=" + m).orElse("")));
  }

  private static Optional<String> host(Plan plan, Container reader, DatabaseSet set) {
    var labels = plan.workload("StatefulSet", set.name()).map(Workload::podLabels).orElse(Map.of());
    return literal(reader, "PGHOST")
        .or(
            () ->
                plan.services().stream()
                    .filter(s -> s.selects(labels))
                    .sorted((a, b) -> Boolean.compare(a.headless(), b.headless()))
                    .map(Plan.PlannedService::name)
                    .findFirst());
  }

  private static Optional<String> database(DatabaseSet set) {
    return set.database()
        .filter(DatabaseSet.Source.Literal.class::isInstance)
        .map(s -> ((DatabaseSet.Source.Literal) s).value());
  }

  /** The key that libpq's variable reads, else one whose readers are named like it. */
  private static Optional<String> secretKey(
      Plan plan, String secret, String variable, Pattern name) {
    var keys =
        containers(plan).stream()
            .flatMap(c -> c.getEnv().stream())
            .filter(e -> reads(e, secret))
            .toList();
    return keys.stream()
        .filter(e -> e.getName().equals(variable))
        .findFirst()
        .or(() -> keys.stream().filter(e -> name.matcher(e.getName()).matches()).findFirst())
        .map(e -> e.getValueFrom().getSecretKeyRef().getKey());
  }

  private static Optional<String> literal(Container container, String variable) {
    return container.getEnv().stream()
        .filter(e -> e.getName().equals(variable) && e.getValue() != null)
        .map(EnvVar::getValue)
        .findFirst();
  }

  private static boolean reads(EnvVar variable, String secret, String key) {
    return reads(variable, secret)
        && variable.getValueFrom().getSecretKeyRef().getKey().equals(key);
  }

  private static boolean reads(EnvVar variable, String secret) {
    return variable.getValueFrom() != null
        && variable.getValueFrom().getSecretKeyRef() != null
        && secret.equals(variable.getValueFrom().getSecretKeyRef().getName());
  }

  private static List<Container> containers(Plan plan) {
    return plan.workloads().stream().flatMap(Workload::containers).toList();
  }
}
