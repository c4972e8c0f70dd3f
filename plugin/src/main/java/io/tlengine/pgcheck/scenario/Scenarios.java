package io.tlengine.pgcheck.scenario;

import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Software;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.helm.Helm;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.scenario.Refusals.Refusal;
import io.tlengine.pgcheck.scenario.progress.Progress;
import io.tlengine.pgcheck.scenario.release.FoundRelease;
import io.tlengine.pgcheck.scenario.release.ReleaseDatabase;
import io.tlengine.pgcheck.scenario.release.ReleaseDatabase.Topology;
import io.tlengine.pgcheck.scenario.statefulset.SetServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which scenarios suit a release, by what it is, and which of them must not be run on it. */
public final class Scenarios {

  private static final List<FactKey<?>> OF_OWN_DATABASES =
      List.of(
          FactKey.DATA_PLACES,
          FactKey.POD_DELETION,
          FactKey.POD_NAMES,
          FactKey.CRASH_RUN,
          FactKey.STANDBY_COPIES,
          FactKey.SCALING,
          FactKey.REINSTALL);

  private final FoundRelease found;
  private final Cluster cluster;
  private final Helm helm;
  private final String namespace;
  private final Progress progress;

  private Scenarios(
      FoundRelease found, Cluster cluster, Helm helm, String namespace, Progress progress) {
    this.found = found;
    this.cluster = cluster;
    this.helm = helm;
    this.namespace = namespace;
    this.progress = progress;
  }

  /** What is to be done about one fact. */
  public sealed interface Choice {

    FactKey<?> key();

    /** It can be run. */
    record Runs(Scenario<?> scenario) implements Choice {
      @Override
      public FactKey<?> key() {
        return scenario.brings();
      }
    }

    /** It makes no sense on this release. */
    record Unsuitable(FactKey<?> key, String reason) implements Choice {}

    /** It would suit, and the release must not be changed in this way. */
    record Refused(Scenario<?> scenario, String reason, String remedy) implements Choice {
      @Override
      public FactKey<?> key() {
        return scenario.brings();
      }
    }
  }

  /** All of them, in the order in which they are run. */
  public static List<Choice> of(
      FoundRelease found,
      Cluster cluster,
      Helm helm,
      String namespace,
      Optional<Duration> waitSuspend,
      Progress progress) {
    var scenarios = new Scenarios(found, cluster, helm, namespace, progress);
    return switch (found.database()) {
      case ReleaseDatabase.InCluster own -> scenarios.of(own);
      case ReleaseDatabase.Redis redis -> scenarios.of(redis);
      case ReleaseDatabase.External external -> scenarios.of(external, waitSuspend);
    };
  }

  private List<Choice> of(ReleaseDatabase.InCluster own) {
    var servers = servers(own.set(), Software.POSTGRESQL);
    var places = new DataPlacesScenario(cluster, namespace, own.set(), progress);
    var risk = risk(servers, places);
    return List.of(
        // It only looks, so it may always.
        new Choice.Runs(places),
        unless(risk, deletion(servers, own.topology(), own.standbys())),
        unless(risk, names()),
        allowed(new CommitsSurviveKillScenario(cluster, namespace, own.set(), progress)),
        standbys(own),
        unless(risk, scaling(own)),
        unless(risk, reinstall(servers)),
        new Choice.Unsuitable(
            FactKey.EXTERNAL_ROWS,
            found.oneSet()
                ? "a StatefulSet was named, which runs the database itself"
                : "the release brings its own database"));
  }

  private List<Choice> of(ReleaseDatabase.Redis redis) {
    var servers = servers(redis.set(), Software.REDIS);
    var risk = risk(servers, new DataPlacesScenario(cluster, namespace, redis.set(), progress));
    return List.of(
        notForRedis(FactKey.DATA_PLACES),
        unless(risk, deletion(servers, redis.topology(), List.of())),
        unless(risk, names()),
        notForRedis(FactKey.CRASH_RUN),
        notForRedis(FactKey.STANDBY_COPIES),
        unless(risk, scaling(servers, redis.topology())),
        unless(risk, reinstall(servers)),
        notForRedis(FactKey.EXTERNAL_ROWS));
  }

  private List<Choice> of(ReleaseDatabase.External external, Optional<Duration> waitSuspend) {
    var choices = new ArrayList<Choice>();
    for (var key : OF_OWN_DATABASES) {
      choices.add(
          new Choice.Unsuitable(
              key, "the database is not the release's: nothing of it is stopped"));
    }
    choices.add(
        allowed(new ExternalRowsScenario(cluster, namespace, external, waitSuspend, progress)));
    return choices;
  }

  /** A release that must not be changed anyhow is not asked: it may not answer. */
  private Optional<Refusal> risk(SetServers servers, DataPlacesScenario places) {
    return Refusals.of(found.state(), Scenario.Change.REPLACES_PODS).isPresent()
        ? Optional.empty()
        : new DataAtRisk(servers, places).refusal();
  }

  /** What would end a pod whose data ends with it. */
  private static Choice unless(Optional<Refusal> risk, Choice choice) {
    return choice instanceof Choice.Runs runs && risk.isPresent()
        ? new Choice.Refused(runs.scenario(), risk.get().reason(), risk.get().remedy())
        : choice;
  }

  private static Choice notForRedis(FactKey<?> key) {
    return new Choice.Unsuitable(key, "it looks into PostgreSQL, and this is Redis");
  }

  private SetServers servers(DatabaseSet set, Software software) {
    return new SetServers(cluster, namespace, set, software);
  }

  /** Pods whose kinship is not known may be copies, so only the first one is written to. */
  private Choice deletion(SetServers servers, Topology topology, List<DatabaseSet> standbys) {
    var pods = servers.set().podNames();
    return allowed(
        new PodDeletionScenario(
            servers,
            topology == Topology.INDEPENDENT || pods.isEmpty() ? pods : List.of(pods.getFirst()),
            standbys.stream().map(s -> servers(s, Software.POSTGRESQL)).toList(),
            progress));
  }

  private Choice names() {
    return allowed(new PodNamesScenario(cluster, namespace, found.database().sets(), progress));
  }

  /** Behind a lost primary it only looks, so it may do that to a release that is not well. */
  private Choice standbys(ReleaseDatabase.InCluster own) {
    if (own.standbys().isEmpty()) {
      return new Choice.Unsuitable(FactKey.STANDBY_COPIES, "there are no standbys");
    }
    var scenario = new StandbyScenario(cluster, namespace, own.set(), own.standbys(), progress);
    return scenario.primaryIsLost() ? new Choice.Runs(scenario) : allowed(scenario);
  }

  private Choice scaling(ReleaseDatabase.InCluster own) {
    if (own.topology() != Topology.REPLICATED) {
      return scaling(servers(own.set(), Software.POSTGRESQL), own.topology());
    }
    return own.standbys().stream()
        .filter(s -> s.replicas() > 1)
        .findFirst()
        .map(s -> scaling(servers(s, Software.POSTGRESQL), Optional.of(own.set())))
        .orElse(
            new Choice.Unsuitable(FactKey.SCALING, "there are not two standbys to scale between"));
  }

  /** Only where it is known what another pod would be: a copy, or a database of its own. */
  private Choice scaling(SetServers servers, Topology topology) {
    return switch (topology) {
      case INDEPENDENT -> scaling(servers, Optional.empty());
      case STANDALONE ->
          new Choice.Unsuitable(
              FactKey.SCALING,
              "the database is one pod: a second one would be another database behind its Service");
      case UNKNOWN, REPLICATED ->
          new Choice.Unsuitable(
              FactKey.SCALING,
              "whether the pods of StatefulSet/"
                  + servers.set().name()
                  + " copy each other is not known: it has no annotation pgcheck.io/topology, and"
                  + " they did not show to be databases of their own");
    };
  }

  private Choice scaling(SetServers servers, Optional<DatabaseSet> primary) {
    return allowed(new ScalingScenario(cluster, namespace, servers, primary, progress));
  }

  private Choice reinstall(SetServers servers) {
    if (found.oneSet()) {
      return new Choice.Unsuitable(
          FactKey.REINSTALL, "a StatefulSet was named, not a release: nothing is uninstalled");
    }
    var state = found.state();
    return state
        .helm()
        .map(
            h ->
                allowed(
                    new ReinstallScenario(
                        helm, namespace, state.release(), h.revision(), servers, progress)))
        .orElse(
            new Choice.Unsuitable(
                FactKey.REINSTALL,
                "Helm does not know the release: Argo CD, or another tool, would bring it back"));
  }

  private Choice allowed(Scenario<?> scenario) {
    Optional<Refusal> refusal = Refusals.of(found.state(), scenario.change());
    return refusal.isPresent()
        ? new Choice.Refused(scenario, refusal.get().reason(), refusal.get().remedy())
        : new Choice.Runs(scenario);
  }
}
