package io.tlengine.pgcheck.gather.database;

import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.SecretFacts;
import io.tlengine.pgcheck.fact.Vantage;
import io.tlengine.pgcheck.gather.api.Secrets;
import io.tlengine.pgcheck.gather.database.DatabaseGatherer.Seen;
import io.tlengine.pgcheck.gather.rbac.ApiRight;
import io.tlengine.pgcheck.gather.rbac.Rights;
import io.tlengine.pgcheck.gather.source.FactSource;
import io.tlengine.pgcheck.gather.source.Look;
import io.tlengine.pgcheck.plan.Plan.DatabaseMode;
import io.tlengine.pgcheck.plan.Plan.NeededSecret;
import io.tlengine.pgcheck.plan.Plan.UrlSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The Secret with the credentials, and the external databases that its URLs lead to. */
public final class DatabaseSource implements FactSource {

  @Override
  public Map<FactKey<?>, Rights> brings() {
    var secrets = Rights.of(ApiRight.inNamespace("", "secrets", "get"));
    return Map.of(
        FactKey.SECRET, secrets,
        FactKey.URL, secrets,
        FactKey.CONNECTION, secrets,
        FactKey.DATABASE_FACTS, secrets,
        FactKey.OTHER_DATABASES, secrets,
        FactKey.CREATE_PROOF, secrets,
        FactKey.ROUTES, secrets);
  }

  @Override
  public Facts gather(Look look) {
    var secrets = new Once(new Secrets(look.cluster(), look.namespace()));
    var seen =
        look.plan().mode() == DatabaseMode.STATEFULSET
            ? Seen.notApplicable("the release brings its own database")
            : new DatabaseGatherer(secrets::text, look.wanted(), look.left(), Vantage.HERE)
                .gather(look.plan());
    return seen.addTo(look.none().with(FactKey.SECRET, secret(look, secrets)));
  }

  /** The credentials' Secret: the URL's in external mode, else the first that is referred to. */
  private static Fact<SecretFacts> secret(Look look, Once secrets) {
    var plan = look.plan();
    var needed =
        plan.secrets().stream()
            .filter(
                s ->
                    plan.mode() != DatabaseMode.EXTERNAL
                        || plan.urlSource().filter(u -> u.secret().equals(s.name())).isPresent())
            .findFirst();
    if (needed.isEmpty()) {
      return Fact.notApplicable("no container refers to a Secret");
    }
    return switch (secrets.read(needed.get().name())) {
      case Fact.Unavailable<Optional<Map<String, String>>> gap ->
          Fact.unavailable(gap.reason(), gap.remedy());
      case Fact.NotApplicable<Optional<Map<String, String>>> none ->
          Fact.notApplicable(none.reason());
      case Fact.Known<Optional<Map<String, String>>> known ->
          Fact.known(describe(look.namespace(), needed.get(), known.value()));
    };
  }

  private static SecretFacts describe(
      String namespace, NeededSecret needed, Optional<Map<String, String>> values) {
    return new SecretFacts(
        namespace,
        needed.name(),
        values.isPresent(),
        values.map(Map::keySet).orElse(Set.of()),
        Set.copyOf(needed.keys()),
        needed.renderedByChart());
  }

  /** Reads each Secret once; its values live as long as this look does. */
  private static final class Once {
    private final Secrets secrets;
    private final Map<String, Fact<Optional<Map<String, String>>>> read = new ConcurrentHashMap<>();

    Once(Secrets secrets) {
      this.secrets = secrets;
    }

    Fact<Optional<Map<String, String>>> read(String name) {
      return read.computeIfAbsent(name, secrets::secret);
    }

    Fact<Optional<String>> text(UrlSource source) {
      return switch (read(source.secret())) {
        case Fact.Unavailable<Optional<Map<String, String>>> gap ->
            Fact.unavailable(gap.reason(), gap.remedy());
        case Fact.NotApplicable<Optional<Map<String, String>>> none ->
            Fact.notApplicable(none.reason());
        case Fact.Known<Optional<Map<String, String>>> known ->
            Fact.known(known.value().flatMap(v -> Optional.ofNullable(v.get(source.key()))));
      };
    }
  }
}
