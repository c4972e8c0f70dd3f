package io.tlengine.pgcheck.gather.database;

import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.SecretValues;
import io.tlengine.pgcheck.fact.SecretValues.Disagreement;
import io.tlengine.pgcheck.fact.SecretValues.ValueFact;
import io.tlengine.pgcheck.gather.api.Secrets;
import io.tlengine.pgcheck.gather.rbac.ApiRight;
import io.tlengine.pgcheck.gather.rbac.Rights;
import io.tlengine.pgcheck.gather.source.FactSource;
import io.tlengine.pgcheck.gather.source.Look;
import io.tlengine.pgcheck.plan.DatabaseSet.Source;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.plan.DatabaseUrl.MalformedUrlException;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.Plan.NeededSecret;
import io.tlengine.pgcheck.plan.SslMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Looks at the values in the plan's Secrets and keeps what can be said about them. */
public final class SecretValuesSource implements FactSource {

  /** What examples and templates leave to be replaced; a password of punctuation is none. */
  private static final Pattern PLACEHOLDER =
      Pattern.compile(
          "(?i).*<[a-z][a-z _-]*>.*|.*\\$\\{[a-z_]+}.*|.*\\{\\{.*}}.*"
              + "|(change|replace)[-_ ]?(me|it|this).*|your[-_ ].*|to[-_ ]?do|x{3,}|placeholder"
              + "|\\.{3}",
          Pattern.DOTALL);

  /** RFC 3986, 3.2.1: what user information may hold unencoded, but for the colon. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=-]*");

  @Override
  public Map<FactKey<?>, Rights> brings() {
    return Map.of(FactKey.SECRET_VALUES, Rights.of(ApiRight.inNamespace("", "secrets", "get")));
  }

  @Override
  public Facts gather(Look look) {
    return look.none().with(FactKey.SECRET_VALUES, values(look));
  }

  private static Fact<SecretValues> values(Look look) {
    var secrets = new Secrets(look.cluster(), look.namespace());
    var values = new ArrayList<ValueFact>();
    var disagreements = new ArrayList<Disagreement>();
    for (NeededSecret needed : look.plan().secrets()) {
      // One that the chart makes is not there yet, or holds what an earlier revision wrote.
      if (needed.renderedByChart()) {
        continue;
      }
      switch (secrets.secret(needed.name())) {
        case Fact.Unavailable<Optional<Map<String, String>>> gap -> {
          return Fact.unavailable(gap.reason(), gap.remedy());
        }
        case Fact.NotApplicable<Optional<Map<String, String>>> none -> {}
        case Fact.Known<Optional<Map<String, String>>> known -> {
          var held = known.value().orElse(Map.of());
          var urls = urlKeys(look.plan(), needed.name());
          for (var key : needed.keys()) {
            if (held.containsKey(key)) {
              values.add(fact(needed.name(), key, urls.containsKey(key), held.get(key)));
            }
          }
          disagreements.addAll(compare(look.plan(), needed.name(), urls, held));
        }
      }
    }
    return Fact.known(new SecretValues(look.namespace(), values, disagreements));
  }

  static ValueFact fact(String secret, String key, boolean url, String value) {
    boolean quoted =
        value.length() > 1
            && "\"'".indexOf(value.charAt(0)) >= 0
            && value.charAt(0) == value.charAt(value.length() - 1);
    return new ValueFact(
        secret,
        key,
        url,
        value.isBlank(),
        value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0,
        quoted,
        PLACEHOLDER.matcher(value.strip()).matches(),
        !PLAIN.matcher(value).matches());
  }

  /** The keys that hold a database URL, with the variable that a container reads it by. */
  private static Map<String, String> urlKeys(Plan plan, String secret) {
    Map<String, String> keys = new HashMap<>();
    plan.workloads().stream()
        .flatMap(w -> w.containers())
        .flatMap(c -> c.getEnv().stream())
        .filter(e -> e.getName().startsWith("DATABASE_URL") && e.getValueFrom() != null)
        .filter(e -> e.getValueFrom().getSecretKeyRef() != null)
        .filter(e -> e.getValueFrom().getSecretKeyRef().getName().equals(secret))
        .forEach(e -> keys.put(e.getValueFrom().getSecretKeyRef().getKey(), e.getName()));
    return keys;
  }

  static List<Disagreement> compare(
      Plan plan, String secret, Map<String, String> urlKeys, Map<String, String> held) {
    var found = new ArrayList<Disagreement>();
    Map<String, DatabaseUrl> urls = new TreeMap<>();
    for (var key : urlKeys.keySet()) {
      try {
        urls.put(key, DatabaseUrl.parse(held.getOrDefault(key, "")));
      } catch (MalformedUrlException e) {
        // PGC-110 says what is wrong with it.
      }
    }
    for (var set : plan.sets()) {
      var user = key(set.user(), secret);
      var password = key(set.password(), secret);
      urls.forEach(
          (key, url) -> {
            user.filter(u -> !url.user().equals(held.get(u)))
                .ifPresent(u -> found.add(differs(secret, "user", key, u)));
            password
                .filter(p -> !url.password().equals(held.get(p)))
                .ifPresent(p -> found.add(differs(secret, "password", key, p)));
          });
    }
    var databases = urls.values().stream().map(DatabaseUrl::database).distinct().toList();
    if (databases.size() > 1) {
      found.add(
          new Disagreement(
              secret,
              "the URLs " + String.join(", ", urls.keySet()) + " name different databases",
              "check the name behind the last / of each; migrations and the application usually"
                  + " share one database",
              false));
    }
    urls.forEach((key, url) -> weaker(plan, secret, key, url).ifPresent(found::add));
    return found;
  }

  private static Disagreement differs(String secret, String part, String url, String key) {
    return new Disagreement(
        secret,
        "the " + part + " in " + url + " is not that of " + key,
        "make both say the same: the database takes the "
            + part
            + " from "
            + key
            + ", the application from "
            + url,
        true);
  }

  /** The URL's own sslmode wins over the expected one, which a container has in PGSSLMODE. */
  private static Optional<Disagreement> weaker(
      Plan plan, String secret, String key, DatabaseUrl url) {
    if (!url.parameters().containsKey("sslmode")) {
      return Optional.empty();
    }
    return plan.workloads().stream()
        .flatMap(w -> w.containers())
        .flatMap(c -> c.getEnv().stream())
        .filter(e -> e.getName().equals("PGSSLMODE") && e.getValue() != null)
        .flatMap(e -> SslMode.parse(e.getValue()).stream())
        .filter(expected -> url.sslMode().compareTo(expected) < 0)
        .findFirst()
        .map(
            expected ->
                new Disagreement(
                    secret,
                    key
                        + " says sslmode="
                        + url.parameters().get("sslmode")
                        + ", which wins over the expected "
                        + expected.text()
                        + " (PGSSLMODE)",
                    "write sslmode=" + expected.text() + " into the URL, or leave it out there",
                    false));
  }

  private static Optional<String> key(Optional<Source> source, String secret) {
    return source
        .filter(s -> s instanceof Source.SecretKey k && k.secret().equals(secret))
        .map(s -> ((Source.SecretKey) s).key());
  }
}
