package io.tlengine.pgcheck.check.provider;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.check.provider.Schedule.Rhythm;
import io.tlengine.pgcheck.fact.DatabaseFacts.ManagedService;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.Routes;
import io.tlengine.pgcheck.plan.DatabaseClient;
import io.tlengine.pgcheck.plan.SqlProbe;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;

/**
 * Nothing of the plan queries a serverless database so often that it never suspends. A query or an
 * open transaction keeps it awake, an idle connection does not (neon.com/docs/guides/
 * scale-to-zero-guide).
 */
public final class ProbesLetItSleepCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-504",
        "probes-let-it-sleep",
        Severity.WARNING,
        "a probe or CronJob queries a serverless database more often than it suspends");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.PLAN, FactKey.ROUTES);
  }

  @Override
  public Set<FactKey<?>> uses() {
    return Set.of(FactKey.DATABASE_FACTS);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var routes = facts.get(FactKey.ROUTES);
    boolean byItself =
        facts
            .find(FactKey.DATABASE_FACTS)
            .flatMap(d -> d.server().provider())
            .filter(p -> p == ManagedService.NEON)
            .isPresent();
    if (!byItself && routes.all().stream().noneMatch(r -> r.neon().isPresent())) {
      return new Outcome.Skipped("the database is not known to suspend");
    }
    var findings = new ArrayList<Finding>();
    var rhythms = new ArrayList<String>();
    var now = LocalDateTime.ofInstant(facts.observedAt(), ZoneOffset.UTC);
    for (var client : DatabaseClient.of(facts.get(FactKey.PLAN))) {
      if (byItself || neon(client, routes)) {
        SqlProbe.of(client.container())
            .filter(p -> p.periodSeconds() < NeonCosts.SUSPENDS_AFTER.toSeconds())
            .forEach(p -> findings.add(probe(client, p)));
        rhythm(client, now)
            .ifPresent(
                r -> {
                  rhythms.add(
                      client.workload().id() + ": awake " + NeonCosts.percent(r.awakeShare()));
                  if (r.shortestGap().compareTo(NeonCosts.SUSPENDS_AFTER) < 0) {
                    findings.add(schedule(client, r));
                  }
                });
      }
    }
    return Outcome.of(
        findings,
        evidence(
            "suspendsAfterSeconds", NeonCosts.SUSPENDS_AFTER.toSeconds(), "schedules", rhythms));
  }

  private static boolean neon(DatabaseClient client, Routes routes) {
    return client.urls().stream()
        .flatMap(u -> routes.of(u.where()).stream())
        .anyMatch(r -> r.neon().isPresent());
  }

  private static Optional<Rhythm> rhythm(DatabaseClient client, LocalDateTime now) {
    return client
        .workload()
        .schedule()
        .flatMap(Schedule::parse)
        .flatMap(s -> s.rhythm(now, NeonCosts.SUSPENDS_AFTER));
  }

  private static Finding probe(DatabaseClient client, SqlProbe probe) {
    return Finding.warning(
        client.id(),
        "the "
            + probe.kind()
            + " of "
            + client.id()
            + " queries the database every "
            + probe.periodSeconds()
            + " s, so it never suspends; wanted: no query, or one in more than "
            + NeonCosts.SUSPENDS_AFTER.toSeconds()
            + " s",
        NeonCosts.of(1),
        "--set engine.probes.type=http, or tcp (in another chart: an HTTP or TCP probe; ask the"
            + " database in a startupProbe alone)");
  }

  private static Finding schedule(DatabaseClient client, Rhythm rhythm) {
    return Finding.warning(
        client.id(),
        client.workload().id()
            + " ("
            + client.workload().schedule().orElse("")
            + ") queries the database every "
            + rhythm.shortestGap().toMinutes()
            + " min, more often than it suspends; wanted: more than "
            + NeonCosts.SUSPENDS_AFTER.toMinutes()
            + " min between two runs",
        NeonCosts.of(rhythm.awakeShare()),
        "let it run less often, for example spec.schedule: \"*/15 * * * *\", or start it when there"
            + " is work");
  }
}
