package io.tlengine.pgcheck.cli;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.OldData;
import io.tlengine.pgcheck.fact.VolumeProbe;
import io.tlengine.pgcheck.gather.PreflightGatherer;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.gather.helm.Helm;
import io.tlengine.pgcheck.gather.helm.HelmArguments;
import io.tlengine.pgcheck.gather.helm.HelmEnvironment;
import io.tlengine.pgcheck.gather.helm.ReleaseStatus;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.UrlHints;
import io.tlengine.pgcheck.scenario.job.ClusterLook;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.volume.OldClaimLook;
import io.tlengine.pgcheck.scenario.volume.VolumeProber;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The facts of one preflight, from wherever they are to be seen: this machine, a pod of the
 * cluster, and the volumes that --probe-volume looks into.
 */
final class PreflightLook {

  static final String PROBE_VOLUME = "--probe-volume";

  private static final String NOT_PROBED = PROBE_VOLUME + " was not given";

  /** What only --probe-volume looks at, since pods are made for it. */
  private static final Set<FactKey<?>> PROBED = Set.of(FactKey.OLD_DATA, FactKey.VOLUME_PROBE);

  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

  private final HelmEnvironment environment;
  private final HelmArguments arguments;
  private final LookFrom from;
  private final Set<FactKey<?>> wanted;
  private final Instant started;
  private final Duration timeout;
  private final Instant deadline;
  private final Terminal terminal;

  /**
   * @param wanted as {@link #wanted} says
   * @param timeout for all of it, from {@code started} on
   */
  PreflightLook(
      HelmEnvironment environment,
      HelmArguments arguments,
      LookFrom from,
      Set<FactKey<?>> wanted,
      Instant started,
      Duration timeout,
      Terminal terminal) {
    this.environment = environment;
    this.arguments = arguments;
    this.from = from;
    this.wanted = Set.copyOf(wanted);
    this.started = started;
    this.timeout = timeout;
    this.deadline = started.plus(timeout);
    this.terminal = terminal;
  }

  /**
   * The facts that these checks need, without those that only a probe could see if there is none.
   */
  static Set<FactKey<?>> wanted(List<Check> checks, boolean probeVolume) {
    Set<FactKey<?>> wanted =
        checks.stream()
            .flatMap(c -> c.facts().stream())
            .collect(Collectors.toCollection(HashSet::new));
    if (!probeVolume) {
      wanted.removeAll(PROBED);
    }
    return wanted;
  }

  /** The smallest Role and ClusterRole for these facts and for the install itself, as YAML. */
  String rbac() {
    try (var status = status();
        var cluster = Cluster.connect(environment, REQUEST_TIMEOUT)) {
      return gatherer(cluster).rbac(arguments, status, from.here(wanted), terminal.in(), timeout);
    }
  }

  /**
   * @param hints where a chart that is not ours has its database URL
   */
  Facts facts(UrlHints hints) throws InterruptedException {
    try (var status = status();
        var cluster = Cluster.connect(environment, Durations.shorter(REQUEST_TIMEOUT, timeout))) {
      var here =
          gatherer(cluster)
              .gather(arguments, status, hints, from.here(wanted), terminal.in(), timeout);
      return probed(cluster, from.with(here, plan -> fromCluster(cluster, plan)));
    } catch (GatherException e) {
      return unreached(e);
    }
  }

  private ReleaseStatus status() {
    return new ReleaseStatus(
        new Helm(environment), arguments.release(), environment.namespace(), timeout);
  }

  private PreflightGatherer gatherer(Cluster cluster) {
    return new PreflightGatherer(new Helm(environment), cluster, environment.namespace());
  }

  private Facts fromCluster(Cluster cluster, Plan plan)
      throws ScenarioException, InterruptedException {
    return guarded(
        "PGC-307",
        steps ->
            new ClusterLook(cluster, environment.namespace(), steps, timeout)
                .look(plan, from.image(), wanted, left()));
  }

  /** Without an API server nothing is known, and each check says so. */
  private Facts unreached(GatherException why) {
    if (why.kind() != GatherException.Kind.OUT_OF_REACH || Thread.currentThread().isInterrupted()) {
      throw why;
    }
    var facts = new Facts(started, Map.of());
    for (var key : wanted) {
      facts = facts.with(key, Fact.unavailable(why.reason(), why.remedy()));
    }
    for (var key : PROBED) {
      if (!wanted.contains(key)) {
        facts = facts.with(key, Fact.notApplicable(NOT_PROBED));
      }
    }
    return from.hereAlone() ? facts.with(FactKey.CLUSTER_DNS, LookFrom.notAsked()) : facts;
  }

  /** Old claims first: a claim that gets no volume may take all of the time. */
  private Facts probed(Cluster cluster, Facts facts) throws InterruptedException {
    var time = wanted.containsAll(PROBED) ? left().dividedBy(2) : left();
    facts =
        facts.with(
            FactKey.OLD_DATA,
            wanted.contains(FactKey.OLD_DATA)
                ? oldData(cluster, facts, time)
                : Fact.notApplicable(NOT_PROBED));
    return facts.with(
        FactKey.VOLUME_PROBE,
        wanted.contains(FactKey.VOLUME_PROBE)
            ? volume(cluster, facts)
            : Fact.notApplicable(NOT_PROBED));
  }

  private Fact<OldData> oldData(Cluster cluster, Facts facts, Duration time)
      throws InterruptedException {
    return guarded(
        "PGC-207",
        steps ->
            new OldClaimLook(cluster, environment.namespace(), steps, timeout)
                .observe(facts, time));
  }

  private Fact<VolumeProbe> volume(Cluster cluster, Facts facts) throws InterruptedException {
    return switch (facts.fact(FactKey.PLAN)) {
      case Fact.Known<Plan> plan ->
          guarded(
              "PGC-209",
              steps ->
                  new VolumeProber(cluster, environment.namespace(), steps)
                      .observe(plan.value(), left()));
      case Fact.Unavailable<Plan> gap -> Fact.unavailable(gap.reason(), gap.remedy());
      case Fact.NotApplicable<Plan> none -> Fact.notApplicable(none.reason());
    };
  }

  private Duration left() {
    return Duration.between(Instant.now(), deadline);
  }

  /** What makes objects and deletes them. */
  @FunctionalInterface
  private interface Guarded<T, E extends Exception> {
    T run(Steps steps) throws E, InterruptedException;
  }

  /**
   * Told to end, it deletes what it made first.
   *
   * @param code of the check that it is done for
   */
  private <T, E extends Exception> T guarded(String code, Guarded<T, E> work)
      throws E, InterruptedException {
    try (var steps = new Steps(terminal);
        var ending = new Ending(environment, steps)) {
      steps.serve(List.of(code), code);
      steps.begin();
      ending.guard(Thread.currentThread());
      return work.run(steps);
    }
  }
}
