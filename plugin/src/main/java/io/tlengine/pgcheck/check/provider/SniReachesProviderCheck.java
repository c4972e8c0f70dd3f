package io.tlengine.pgcheck.check.provider;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.check.connection.Stages;
import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.ConnectionFacts.LoginAttempt;
import io.tlengine.pgcheck.fact.ConnectionFacts.NameLookup;
import io.tlengine.pgcheck.fact.ConnectionFacts.TlsAttempt;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.Routes.Route;
import io.tlengine.pgcheck.plan.NeonHost;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The provider can tell which endpoint is meant. Neon's proxy finds it by the server name of TLS
 * (neon.com/docs/connect/connection-errors), which an address, an alias or a TCP proxy's name in
 * the URL replaces by something else.
 */
public final class SniReachesProviderCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-505",
        "sni-reaches-provider",
        Severity.ERROR,
        "the provider cannot tell which endpoint is meant: an address, an alias or a proxy's name"
            + " without the endpoint option");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.CONNECTION);
  }

  @Override
  public Set<FactKey<?>> uses() {
    return Set.of(FactKey.ROUTES, FactKey.OTHER_DATABASES);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var now = facts.observedAt();
    var routes = facts.find(FactKey.ROUTES);
    var outcomes =
        Logins.all(facts).stream()
            .map(c -> judge(c, routes.flatMap(r -> r.of(c.target().source())), now))
            .toList();
    var findings =
        outcomes.stream()
            .flatMap(o -> o instanceof Outcome.Failed f ? f.findings().stream() : Stream.of())
            .distinct()
            .toList();
    return findings.isEmpty()
        // A URL that could not be judged is not hidden by another one that passed.
        ? first(outcomes, Outcome.Unknown.class)
            .or(() -> first(outcomes, Outcome.Passed.class))
            .orElse(outcomes.getFirst())
        : new Outcome.Failed(findings, evidence());
  }

  private static Optional<Outcome> first(List<Outcome> outcomes, Class<? extends Outcome> kind) {
    return outcomes.stream().filter(kind::isInstance).findFirst();
  }

  private static Outcome judge(ConnectionFacts connection, Optional<Route> route, Instant now) {
    var neon = NeonHost.parse(connection.target().host());
    if (neon.isEmpty() && !neonAnswers(connection)) {
      return new Outcome.Skipped("no provider is known here that routes by server name");
    }
    return switch (connection.login().orElse(null)) {
      case null -> Stages.behindLogin(connection, now);
      case LoginAttempt.LoggedIn in ->
          new Outcome.Passed(
              evidence(
                  "host", connection.target().host(),
                  "endpoint", neon.map(NeonHost::endpoint).or(() -> option(route)).orElse(""),
                  "region", neon.map(NeonHost::region).orElse("")));
      case LoginAttempt.Refused refused ->
          lost(connection, refused, neon, route)
              ? failed(connection, refused, route)
              : new Outcome.Skipped("the endpoint was found, and refused for another reason");
    };
  }

  private static Optional<String> option(Optional<Route> route) {
    return route.flatMap(r -> r.traits().endpointOption());
  }

  /** Its certificate or its words, behind whatever name. */
  private static boolean neonAnswers(ConnectionFacts connection) {
    boolean certificate =
        connection.tls().orElse(null) instanceof TlsAttempt.Encrypted e
            && e.certificate().names().stream()
                .anyMatch(n -> n.toLowerCase(Locale.ROOT).endsWith(NeonHost.DOMAIN));
    boolean words =
        connection.login().orElse(null) instanceof LoginAttempt.Refused refused
            && Refusals.noEndpoint(refused);
    return certificate || words;
  }

  /**
   * The proxy asks for a plain password when it does not know the endpoint, and a client that
   * requires channel binding stops there with words of its own.
   */
  private static boolean lost(
      ConnectionFacts connection,
      LoginAttempt.Refused refused,
      Optional<NeonHost> neon,
      Optional<Route> route) {
    boolean stopped =
        neon.isEmpty()
            && option(route).isEmpty()
            && connection.target().channelBindingRequired()
            && refused.message().toLowerCase(Locale.ROOT).contains("channel binding");
    return Refusals.noEndpoint(refused) || stopped;
  }

  private static Outcome failed(
      ConnectionFacts connection, LoginAttempt.Refused refused, Optional<Route> route) {
    var target = connection.target();
    boolean literal =
        connection.name() instanceof NameLookup.Resolved resolved && resolved.literal();
    var given = option(route);
    return new Outcome.Failed(
        List.of(
            Finding.error(
                target.address(),
                given
                        .map(e -> "Neon does not take the endpoint " + e + " of the URL's options")
                        .orElse("Neon cannot tell which endpoint is meant")
                    + ": the URL names "
                    + target.host()
                    + ", "
                    + (literal ? "an address" : "an alias or a proxy")
                    + "; wanted: the endpoint's own name,"
                    + " ep-NAME-ID.REGION.aws.neon.tech",
                refused.message() + " (SQLSTATE " + refused.sqlState() + ")",
                "put Neon's own host name into "
                    + target.source()
                    + "; where the other name must stay, add options=endpoint%3Dep-NAME-ID (the"
                    + " first label, without -pooler) behind the ?")),
        evidence("host", target.host(), "sqlState", refused.sqlState()));
  }
}
