package io.tlengine.pgcheck.gather;

import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.SecretFacts;
import io.tlengine.pgcheck.fact.UrlFacts;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.plan.DatabaseUrl.MalformedUrlException;
import io.tlengine.pgcheck.plan.LibpqParameters;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.Plan.DatabaseMode;
import io.tlengine.pgcheck.plan.Plan.NeededSecret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** From the plan's Secret to the database: which keys it has, the URL in it, the connection. */
final class DatabaseGatherer {

  private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(15);

  private final Secrets secrets;
  private final String namespace;

  DatabaseGatherer(Secrets secrets, String namespace) {
    this.secrets = secrets;
    this.namespace = namespace;
  }

  /** Each behind the one before it. */
  record Seen(Fact<SecretFacts> secret, Fact<UrlFacts> url, Fact<ConnectionFacts> connection) {}

  Seen gather(Plan plan, Set<FactKey<?>> wanted, Duration timeout) {
    // The credentials' Secret: the URL's in external mode, else the first that is referred to.
    var needed =
        plan.secrets().stream()
            .filter(
                s ->
                    plan.mode() != DatabaseMode.EXTERNAL
                        || plan.urlSource().filter(u -> u.secret().equals(s.name())).isPresent())
            .findFirst();
    if (needed.isEmpty()) {
      return notApplicable(
          Fact.notApplicable("no container refers to a Secret"),
          "the release takes no database URL from a Secret");
    }
    return switch (secrets.secret(needed.get().name())) {
      case Fact.Unavailable<Optional<Map<String, String>>> gap ->
          new Seen(
              Fact.unavailable(gap.reason(), gap.remedy()),
              Fact.unavailable(gap.reason(), gap.remedy()),
              Fact.unavailable(gap.reason(), gap.remedy()));
      case Fact.NotApplicable<Optional<Map<String, String>>> none ->
          notApplicable(Fact.notApplicable(none.reason()), none.reason());
      case Fact.Known<Optional<Map<String, String>>> known ->
          behindSecret(
              plan,
              Fact.known(describe(needed.get(), known.value())),
              known.value(),
              wanted,
              timeout);
    };
  }

  private static Seen behindSecret(
      Plan plan,
      Fact<SecretFacts> secret,
      Optional<Map<String, String>> values,
      Set<FactKey<?>> wanted,
      Duration timeout) {
    if (plan.mode() == DatabaseMode.STATEFULSET) {
      return notApplicable(secret, "the release brings its own database");
    }
    var source = plan.urlSource();
    if (source.isEmpty()) {
      return notApplicable(secret, "the release takes no database URL from a Secret");
    }
    var where = "Secret/" + source.get().secret() + " key " + source.get().key();
    var text = values.orElse(Map.of()).get(source.get().key());
    if (text == null) {
      return notApplicable(secret, "follows from PGC-802");
    }
    try {
      var url = DatabaseUrl.parse(text);
      var loginTimeout = timeout.compareTo(LOGIN_TIMEOUT) < 0 ? timeout : LOGIN_TIMEOUT;
      var unknown = LibpqParameters.unknown(url.parameters().keySet());
      return new Seen(
          secret,
          Fact.known(new UrlFacts(where, Optional.empty(), unknown)),
          wanted.contains(FactKey.CONNECTION)
              ? Fact.known(new ConnectionGatherer(loginTimeout).gather(url, where))
              : Fact.notApplicable("not wanted"));
    } catch (MalformedUrlException e) {
      return new Seen(
          secret,
          Fact.known(new UrlFacts(where, Optional.of(e.getMessage()), List.of())),
          Fact.notApplicable("follows from PGC-110"));
    }
  }

  private static Seen notApplicable(Fact<SecretFacts> secret, String why) {
    return new Seen(secret, Fact.notApplicable(why), Fact.notApplicable(why));
  }

  private SecretFacts describe(NeededSecret needed, Optional<Map<String, String>> values) {
    return new SecretFacts(
        namespace,
        needed.name(),
        values.isPresent(),
        values.map(Map::keySet).orElse(Set.of()),
        Set.copyOf(needed.keys()),
        needed.renderedByChart());
  }
}
