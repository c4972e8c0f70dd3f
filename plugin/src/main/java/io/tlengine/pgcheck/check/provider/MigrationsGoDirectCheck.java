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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Migrations and dumps go past a pooler that pools by transaction: they hold locks and settings of
 * a session (pgbouncer.org/features; neon.com/docs/connect/connection-pooling).
 */
public final class MigrationsGoDirectCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-503",
        "migrations-go-direct",
        Severity.ERROR,
        "migrations or dumps of the plan run through a pooler that lends connections by"
            + " transaction");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.PLAN, FactKey.ROUTES);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var routes = facts.get(FactKey.ROUTES);
    var tools =
        DatabaseClient.of(facts.get(FactKey.PLAN)).stream()
            .filter(c -> c.tool().isPresent())
            .toList();
    if (tools.isEmpty()) {
      return new Outcome.Skipped("nothing of the plan migrates or dumps the database");
    }
    var findings = new ArrayList<Finding>();
    var ways = new ArrayList<String>();
    Optional<Outcome> unknown = Optional.empty();
    for (var client : tools) {
      var route = client.wayOfTools().flatMap(u -> routes.of(u.where()));
      if (route.isEmpty()) {
        // A missing key is PGC-802's, a URL for reading alone is no way for migrations.
        continue;
      }
      ways.add(client.id() + " by " + route.get().source());
      if (route.get().byTransaction()) {
        findings.add(finding(client, route.get()));
      } else if (route.get().pooling() instanceof Pooling.NotSeen gap
          && route.get().neon().isEmpty()) {
        unknown =
            Optional.of(
                new Outcome.Unknown(
                    "whether a pooler is in front of "
                        + route.get().source()
                        + " was not seen: "
                        + gap.why(),
                    "see PGC-105 and PGC-501, and run again"));
      }
    }
    if (findings.isEmpty() && unknown.isPresent()) {
      return unknown.get();
    }
    return Outcome.of(findings, evidence("ways", List.copyOf(ways)));
  }

  private static Finding finding(DatabaseClient client, Route route) {
    return Finding.error(
        client.id(),
        client.tool().orElseThrow().name()
            + " in "
            + client.id()
            + " goes by "
            + route.source()
            + " through "
            + PoolerSuitsRuntimeCheck.proof(route)
            + "; wanted: a direct URL",
        "",
        route.neon().isPresent()
            ? "put Neon's direct URL (the same without -pooler) into the key DATABASE_URL_DIRECT of"
                + " the Secret and name it: --set-string"
                + " database.secretKeys.directUrl=DATABASE_URL_DIRECT"
            : "put the server's own URL, past the pooler, into the key DATABASE_URL_DIRECT of the"
                + " Secret and name it: --set-string"
                + " database.secretKeys.directUrl=DATABASE_URL_DIRECT");
  }
}
