package io.tlengine.pgcheck.check.provider;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.check.Sql;
import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.ConnectionFacts.LoginAttempt;
import io.tlengine.pgcheck.fact.DatabaseFacts;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.Routes.Route;
import io.tlengine.pgcheck.fact.Upgrade;
import io.tlengine.pgcheck.plan.PlannedConnections;
import io.tlengine.pgcheck.plan.PlannedConnections.Part;
import io.tlengine.pgcheck.plan.PlannedConnections.Undecided;
import io.tlengine.pgcheck.plan.PlannedServer;
import io.tlengine.pgcheck.plan.PoolSize;
import io.tlengine.pgcheck.plan.UrlRole;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The pools of all pods fit into the connections that are left (PostgreSQL, "Connections and
 * Authentication": max_connections, superuser_reserved_connections, reserved_connections; CREATE
 * ROLE and ALTER DATABASE: CONNECTION LIMIT). Behind a pooler that pools by transaction its own
 * limit counts.
 */
public final class ConnectionBudgetCheck implements Check {

  /**
   * Neon's PgBouncer takes this many clients (neon.com/docs/connect/connection-pooling, 2026-01).
   */
  private static final int NEON_POOLER_CLIENTS = 10_000;

  private static final int WARN_PERCENT = 80;

  private static final String NO_CLIENT = "no workload of the plan opens connections";

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-501",
        "connection-budget-fits",
        Severity.ERROR,
        "all pods' pools together need more connections than the database has left");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.PLAN);
  }

  @Override
  public Set<FactKey<?>> uses() {
    return Set.of(
        FactKey.CONNECTION,
        FactKey.DATABASE_FACTS,
        FactKey.ROUTES,
        FactKey.OTHER_DATABASES,
        FactKey.UPGRADE);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var unreached = Outcome.without(facts.fact(FactKey.CONNECTION));
    if (unreached.isPresent()) {
      var server = facts.get(FactKey.PLAN).server();
      return server.isPresent()
          ? ofTheRelease(
              server.get(), PlannedConnections.of(facts.get(FactKey.PLAN), Optional.empty()))
          : unreached.get();
    }
    var connection = facts.get(FactKey.CONNECTION);
    var full = Logins.refused(facts).filter(l -> Refusals.full(l.refused())).findFirst();
    if (full.isPresent()) {
      return none(full.get().connection(), full.get().refused());
    }
    var routes = facts.find(FactKey.ROUTES);
    var route = routes.flatMap(r -> r.of(UrlRole.RUNTIME));
    var planned =
        PlannedConnections.of(facts.get(FactKey.PLAN), route.flatMap(r -> r.traits().poolSize()));
    if (planned.none()) {
      return new Outcome.Skipped(NO_CLIENT);
    }
    var database = facts.find(FactKey.DATABASE_FACTS);
    if (database.isEmpty()) {
      return new Outcome.Unknown(
          "the database did not say how many connections it has left",
          "see PGC-101 to PGC-105, and mend the first that is not passed");
    }
    if (route.filter(Route::byTransaction).isPresent()) {
      return behindPooler(route.get(), planned);
    }
    var address = connection.target().address();
    // Other releases may log in by the same role; no more can be this one's than it may open.
    int own = Math.min(database.get().room().usedOfRole(), planned.steady());
    var asNew = judge(database.get(), planned, OptionalInt.of(0), address);
    var asUpgrade = judge(database.get(), planned, OptionalInt.of(own), address);
    return switch (facts.fact(FactKey.UPGRADE)) {
      case Fact.Known<Upgrade> known -> known.value().installed() ? asUpgrade : asNew;
      case Fact.NotApplicable<Upgrade> none -> asNew;
      // What is so either way needs no answer.
      case Fact.Unavailable<Upgrade> gap ->
          worst(asNew).equals(worst(asUpgrade))
              ? judge(database.get(), planned, OptionalInt.empty(), address)
              : new Outcome.Unknown(
                  "it depends on whether the connections of the role are the release's own, and"
                      + " that is not known: "
                      + gap.reason(),
                  gap.remedy());
    };
  }

  /** Of its findings; empty for an answer without any. */
  private static Optional<Severity> worst(Outcome outcome) {
    return outcome instanceof Outcome.Failed failed
        ? failed.findings().stream().map(Finding::severity).max(Comparator.naturalOrder())
        : Optional.empty();
  }

  /** The server that the release brings: nobody else's connections are there before the install. */
  private static Outcome ofTheRelease(PlannedServer server, PlannedConnections planned) {
    if (planned.none()) {
      return new Outcome.Skipped(NO_CLIENT);
    }
    if (server.elsewhere().isPresent()) {
      return new Outcome.Skipped(
          "the ConfigMap "
              + server.elsewhere().get()
              + ", which the release does not bring, may set max_connections");
    }
    return compare(
        planned,
        new Limit(
            "its own server (max_connections "
                + server.maxConnections()
                + " by "
                + server.from()
                + ", "
                + server.reserved()
                + " of them reserved)",
            server.maxConnections() - server.reserved()),
        "StatefulSet/" + server.set(),
        OptionalInt.of(0));
  }

  /** Not one connection was free: nothing needs to be counted. */
  private static Outcome none(ConnectionFacts connection, LoginAttempt.Refused refused) {
    var target = connection.target();
    var text = refused.message().toLowerCase(Locale.ROOT);
    // "Slots are reserved for roles with ..." is about the whole server.
    boolean ofRole = text.contains("connections for role ");
    boolean ofDatabase = text.contains("connections for database ");
    var limit =
        ofRole
            ? "the role " + target.user() + " has used up its own limit of connections"
            : ofDatabase
                ? "the database " + target.database() + " has used up its own limit of connections"
                : text.contains("no more connections allowed") || text.contains("max client")
                    ? "the pooler takes no more clients"
                    : "the server has no connection left";
    var remedy =
        ofRole
            ? "ALTER ROLE " + Sql.name(target.user()) + " CONNECTION LIMIT -1;"
            : ofDatabase
                ? "ALTER DATABASE " + Sql.name(target.database()) + " CONNECTION LIMIT -1;"
                : "raise max_connections (a pooler: max_client_conn), or lower the pools";
    return new Outcome.Failed(
        List.of(
            Finding.error(
                target.address(),
                limit + "; wanted: as many as the plan's pods need",
                refused.message() + " (SQLSTATE " + refused.sqlState() + ")",
                remedy
                    + "\nwho holds them:\nSELECT usename, application_name, state, count(*) FROM"
                    + " pg_stat_activity GROUP BY 1, 2, 3;")),
        evidence("sqlState", refused.sqlState()));
  }

  /**
   * One of the limits.
   *
   * @param left of it for this plan
   */
  private record Limit(String what, int left) {}

  /**
   * @param known how many of the role's connections are the release's own; empty when nobody knows,
   *     which counts them as others'
   */
  private static Outcome judge(
      DatabaseFacts database, PlannedConnections planned, OptionalInt known, String address) {
    var room = database.room();
    var role = database.role();
    int own = known.orElse(0);
    boolean reserved = role.superuser() || role.usesReserved();
    int usable =
        room.maxConnections()
            - (role.superuser() ? 0 : room.superuserReserved())
            - (reserved ? 0 : room.reserved());
    var limits = new ArrayList<Limit>();
    limits.add(
        new Limit(
            "the server (max_connections "
                + room.maxConnections()
                + ", "
                + (room.maxConnections() - usable)
                + " of them reserved, "
                + (room.used() - own)
                + (known.isPresent() ? " used by others)" : " used)"),
            usable - (room.used() - own)));
    if (room.databaseLimit() >= 0 && !role.superuser()) {
      limits.add(
          new Limit(
              "the database (CONNECTION LIMIT " + room.databaseLimit() + ")",
              room.databaseLimit() - Math.max(0, room.usedOfDatabase() - own)));
    }
    if (role.connectionLimit() >= 0 && !role.superuser()) {
      limits.add(
          new Limit(
              "the role " + role.name() + " (CONNECTION LIMIT " + role.connectionLimit() + ")",
              role.connectionLimit() - (room.usedOfRole() - own)));
    }
    var tightest = limits.stream().min((a, b) -> Integer.compare(a.left(), b.left())).orElseThrow();
    return compare(planned, tightest, address, known);
  }

  private static Outcome behindPooler(Route route, PlannedConnections planned) {
    if (route.neon().isEmpty()) {
      return new Outcome.Unknown(
          "a pooler is in front, and it tells its limit of clients to its administrators alone;"
              + " the plan needs "
              + planned.total(),
          "ask its operator whether max_client_conn holds that (psql to the database pgbouncer:"
              + " SHOW CONFIG); accepted: --ignore PGC-501=\"max_client_conn is N\"");
    }
    return compare(
        planned,
        new Limit("Neon's pooler (10000 clients)", NEON_POOLER_CLIENTS),
        route.source(),
        OptionalInt.of(0));
  }

  private static Outcome compare(
      PlannedConnections planned, Limit limit, String subject, OptionalInt own) {
    int need = planned.total();
    var sums = planned.parts().stream().map(Part::text).collect(Collectors.joining("; "));
    var evidence =
        evidence(
            "needed",
            need,
            "left",
            limit.left(),
            "limitedBy",
            limit.what(),
            "workloads",
            planned.parts().stream().map(Part::text).toList());
    if (own.isPresent()) {
      evidence.put("ownConnections", own.getAsInt());
    } else {
      evidence.put("upgrade", "unknown");
    }
    // More than everything is too much already, whatever the undecided ones need.
    if (need > limit.left()) {
      return new Outcome.Failed(
          List.of(
              Finding.error(
                  subject,
                  "the plan may open "
                      + need
                      + " connections, and "
                      + limit.what()
                      + " leaves "
                      + Math.max(0, limit.left()),
                  sums,
                  remedy(planned, limit.left()))),
          evidence);
    }
    if (!planned.undecided().isEmpty()) {
      return undecided(planned, limit);
    }
    if (need * 100L > (long) limit.left() * WARN_PERCENT) {
      return new Outcome.Failed(
          List.of(
              Finding.warning(
                  subject,
                  "the plan may open "
                      + need
                      + " of the "
                      + limit.left()
                      + " connections that "
                      + limit.what()
                      + " leaves; wanted: at most "
                      + WARN_PERCENT
                      + " %",
                  sums,
                  remedy(planned, limit.left()))),
          evidence);
    }
    return new Outcome.Passed(evidence);
  }

  private static Outcome undecided(PlannedConnections planned, Limit limit) {
    return new Outcome.Unknown(
        planned.undecided().stream()
                .map((Undecided u) -> u.workload() + ": " + u.why())
                .collect(Collectors.joining("; "))
            + "; "
            + limit.what()
            + " leaves "
            + limit.left(),
        "set engine.pool.maxSize, or the variable of your library that holds the pool's size"
            + " (helm pgcheck checks PGC-501 lists them), or the pod label "
            + PoolSize.LABEL
            + ": \"10\"");
  }

  /** The pool that would fit, without a warning if there is one. */
  private static String remedy(PlannedConnections planned, int left) {
    int others = planned.parts().stream().filter(Part::job).mapToInt(Part::total).sum();
    int pods =
        planned.parts().stream().filter(p -> !p.job()).mapToInt(p -> p.pods() + p.surge()).sum();
    int clean = pods == 0 ? 0 : (left * WARN_PERCENT / 100 - others) / pods;
    int fits = clean >= 1 || pods == 0 ? clean : (left - others) / pods;
    var smaller =
        fits >= 1
            ? "set engine.pool.maxSize to " + fits + " (in another chart: its pool's size)"
            : "lower the number of pods (engine.replicas, engine.autoscaling.maxReplicas)";
    return smaller
        + ", connect through a pooler, or raise the limit; who holds the others:\nSELECT usename,"
        + " application_name, state, count(*) FROM pg_stat_activity GROUP BY 1, 2, 3;";
  }
}
