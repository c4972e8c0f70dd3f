package io.tlengine.pgcheck.check.provider;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.Routes.Pooling;
import io.tlengine.pgcheck.fact.Routes.Route;
import io.tlengine.pgcheck.plan.DatabaseClient;
import io.tlengine.pgcheck.plan.SessionFeature;
import io.tlengine.pgcheck.plan.UrlRole;
import java.util.ArrayList;
import java.util.Set;

/**
 * What runs behind a pooler that pools by transaction uses nothing that belongs to a session
 * (pgbouncer.org/features, "SQL feature map for pooling modes"; neon.com/docs/connect/
 * connection-pooling).
 */
public final class PoolerSuitsRuntimeCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-502",
        "pooler-suits-runtime",
        Severity.WARNING,
        "a pooler lends connections by transaction, and the URL or a container uses its session");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.PLAN, FactKey.ROUTES);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var found = facts.get(FactKey.ROUTES).of(UrlRole.RUNTIME);
    if (found.isEmpty()) {
      return new Outcome.Skipped("the release takes no database URL from a Secret");
    }
    var route = found.get();
    if (!route.byTransaction()) {
      return without(route);
    }
    var findings = new ArrayList<Finding>();
    if (!route.traits().sessionSettings().isEmpty()) {
      findings.add(
          Finding.warning(
              route.source(),
              "the URL sets "
                  + String.join(", ", route.traits().sessionSettings())
                  + " for the session, which "
                  + proof(route)
                  + " does not keep; wanted: no setting in the URL",
              "",
              "set it for the role instead, for example ALTER ROLE name SET search_path = app, and"
                  + " take it out of the URL; or give the application the direct URL"));
    }
    for (var client : DatabaseClient.of(facts.get(FactKey.PLAN))) {
      boolean here = client.urls().stream().anyMatch(u -> u.where().equals(route.source()));
      if (here && client.tool().isEmpty()) {
        SessionFeature.of(client.container())
            .forEach(
                f ->
                    findings.add(
                        Finding.warning(
                            client.id(),
                            f.what()
                                + " in "
                                + client.id()
                                + " needs its session, which "
                                + proof(route)
                                + " does not keep",
                            "",
                            f.remedy())));
      }
    }
    return Outcome.of(findings, evidence("pooler", proof(route)));
  }

  private static Outcome without(Route route) {
    return switch (route.pooling()) {
      case Pooling.NotSeen gap when route.neon().isEmpty() ->
          new Outcome.Unknown(
              "whether a pooler is in front was not seen: " + gap.why(),
              "see PGC-105 and PGC-501, and run again");
      case Pooling.BySession session -> new Outcome.Skipped("nothing pools by transaction here");
      case Pooling.None none -> new Outcome.Skipped("no pooler is in front");
      case Pooling.NotSeen gap -> new Outcome.Skipped("Neon's name without -pooler is direct");
      case Pooling.ByTransaction proved -> throw new IllegalStateException("decided before");
    };
  }

  static String proof(Route route) {
    return route.pooling() instanceof Pooling.ByTransaction proved
        ? "the pooler (two open sessions shared the server process " + proved.process() + ")"
        : "Neon's pooler (-pooler in the host's name)";
  }
}
