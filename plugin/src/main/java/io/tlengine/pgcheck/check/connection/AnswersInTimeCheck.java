package io.tlengine.pgcheck.check.connection;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The first connection comes within what the plan gives it: the URL's connect_timeout (libpq, for
 * each host) and the start-up probes of the pods that use it. A database that sleeps wakes with the
 * first connection, so that one is measured apart from the query that follows. From inside the
 * cluster the distance counts, too: every query of the application waits for it.
 */
public final class AnswersInTimeCheck implements Check {

  /** Kubernetes' defaults for a probe that does not say. */
  private static final int PERIOD_SECONDS = 10;

  private static final int FAILURES = 3;

  /** Zones of one region are a few milliseconds apart; more means another region. */
  private static final long FARTHEST_MILLIS = 20;

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-109",
        "answers-in-time",
        Severity.WARNING,
        "the first connection takes longer than the URL or a start-up probe allows");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.CONNECTION, FactKey.DATABASE_FACTS, FactKey.PLAN);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var connection = facts.get(FactKey.CONNECTION);
    var target = connection.target();
    var first = Duration.ofMillis(connection.firstConnectionMillis());
    var findings = new ArrayList<Finding>();
    target
        .connectTimeout()
        .filter(limit -> first.compareTo(limit) > 0)
        .ifPresent(
            limit ->
                findings.add(
                    Finding.warning(
                        target.address(),
                        "the first connection took "
                            + first.toMillis()
                            + " ms, and the URL of "
                            + target.source()
                            + " gives up after connect_timeout="
                            + limit.toSeconds(),
                        warm(facts),
                        "write connect_timeout="
                            + (2 * first.toSeconds() + 2)
                            + " into the URL of "
                            + target.source())));
    budget(facts.get(FactKey.PLAN))
        .filter(b -> first.compareTo(b.time()) > 0)
        .ifPresent(b -> findings.add(tooShort(target, first, b, warm(facts))));
    var database = facts.get(FactKey.DATABASE_FACTS);
    var evidence =
        evidence("firstConnectionMillis", first.toMillis(), "queryMillis", database.millis());
    database
        .roundTripMillis()
        .ifPresent(
            millis -> {
              evidence.put("roundTripMillis", millis);
              if (millis > FARTHEST_MILLIS) {
                findings.add(tooFar(target, millis));
              }
            });
    return Outcome.of(findings, evidence);
  }

  private static Finding tooFar(ConnectionFacts.Target target, long millis) {
    return Finding.warning(
        target.address(),
        "a round trip from a pod to "
            + target.address()
            + " takes "
            + millis
            + " ms; wanted: at most "
            + FARTHEST_MILLIS
            + " ms, as within one region",
        "every query of the application waits for it",
        "run cluster and database in one region (a Neon project's region is fixed: make another"
            + " project there and restore into it), or look for a proxy or VPN between them");
  }

  private static Finding tooShort(
      ConnectionFacts.Target target, Duration first, Budget budget, String warm) {
    return Finding.warning(
        budget.where(),
        "the first connection to "
            + target.address()
            + " took "
            + first.toMillis()
            + " ms, and the start-up probe of "
            + budget.where()
            + " gives up after "
            + budget.time().toMillis()
            + " ms",
        warm,
        "raise failureThreshold or periodSeconds of its startupProbe, to at least "
            + (2 * first.toSeconds() + 2)
            + " s together");
  }

  private static String warm(Facts.View facts) {
    return "the query after it took " + facts.get(FactKey.DATABASE_FACTS).millis() + " ms";
  }

  /** How long a container may take to start before it is killed. */
  private record Budget(String where, Duration time) {}

  private static Optional<Budget> budget(Plan plan) {
    return plan.workloads().stream()
        .filter(w -> !w.endsByItself())
        .flatMap(
            w ->
                w.pod().getContainers().stream()
                    .filter(c -> usesUrl(plan, c) && c.getStartupProbe() != null)
                    .map(c -> budget(w, c)))
        .min((a, b) -> a.time().compareTo(b.time()));
  }

  private static boolean usesUrl(Plan plan, Container container) {
    return container.getEnv().stream()
        .filter(e -> e.getValueFrom() != null && e.getValueFrom().getSecretKeyRef() != null)
        .map(e -> e.getValueFrom().getSecretKeyRef())
        .anyMatch(
            ref ->
                plan.urlSource()
                    .filter(u -> u.secret().equals(ref.getName()) && u.key().equals(ref.getKey()))
                    .isPresent());
  }

  private static Budget budget(Workload workload, Container container) {
    Probe probe = container.getStartupProbe();
    int delay = Objects.requireNonNullElse(probe.getInitialDelaySeconds(), 0);
    int period = Objects.requireNonNullElse(probe.getPeriodSeconds(), PERIOD_SECONDS);
    int failures = Objects.requireNonNullElse(probe.getFailureThreshold(), FAILURES);
    return new Budget(
        workload.id() + " container " + container.getName(),
        Duration.ofSeconds(delay + (long) period * failures));
  }
}
