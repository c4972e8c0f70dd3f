package io.tlengine.pgcheck.scenario;

import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.gather.Cluster;
import io.tlengine.pgcheck.gather.Helm;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.scenario.Refusals.Refusal;
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

  private Scenarios() {}

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
    var choices = new ArrayList<Choice>();
    switch (found.database()) {
      case ReleaseDatabase.InCluster own -> {
        // It only looks, so it may always.
        choices.add(
            new Choice.Runs(new DataPlacesScenario(cluster, namespace, own.set(), progress)));
        choices.add(
            allowed(new PodDeletionScenario(cluster, namespace, own.set(), progress), found));
        choices.add(allowed(new PodNamesScenario(cluster, namespace, sets(own), progress), found));
        choices.add(
            allowed(
                new CommitsSurviveKillScenario(cluster, namespace, own.set(), progress), found));
        choices.add(standbys(own, found, cluster, namespace, progress));
        choices.add(scaling(own, found, cluster, namespace, progress));
        choices.add(reinstall(own, found, cluster, helm, namespace, progress));
        choices.add(
            new Choice.Unsuitable(FactKey.EXTERNAL_ROWS, "the release brings its own database"));
      }
      case ReleaseDatabase.External external -> {
        for (var key : OF_OWN_DATABASES) {
          choices.add(
              new Choice.Unsuitable(
                  key, "the database is not the release's: nothing of it is stopped"));
        }
        choices.add(
            allowed(
                new ExternalRowsScenario(cluster, namespace, external, waitSuspend, progress),
                found));
      }
    }
    return choices;
  }

  private static List<DatabaseSet> sets(ReleaseDatabase.InCluster own) {
    var sets = new ArrayList<DatabaseSet>();
    sets.add(own.set());
    sets.addAll(own.standbys());
    return sets;
  }

  /** Behind a lost primary it only looks, so it may do that to a release that is not well. */
  private static Choice standbys(
      ReleaseDatabase.InCluster own,
      FoundRelease found,
      Cluster cluster,
      String namespace,
      Progress progress) {
    if (own.standbys().isEmpty()) {
      return new Choice.Unsuitable(FactKey.STANDBY_COPIES, "there are no standbys");
    }
    var scenario = new StandbyScenario(cluster, namespace, own.set(), own.standbys(), progress);
    return scenario.primaryIsLost() ? new Choice.Runs(scenario) : allowed(scenario, found);
  }

  /** Only where it is known what another pod would be: a copy, or a database of its own. */
  private static Choice scaling(
      ReleaseDatabase.InCluster own,
      FoundRelease found,
      Cluster cluster,
      String namespace,
      Progress progress) {
    return switch (own.topology()) {
      case STANDALONE ->
          new Choice.Unsuitable(
              FactKey.SCALING,
              "the database is one pod: a second one would be another database behind its Service");
      case UNKNOWN ->
          new Choice.Unsuitable(
              FactKey.SCALING,
              "whether the pods of StatefulSet/"
                  + own.set().name()
                  + " copy each other is not known: it has no annotation pgcheck.io/topology");
      case INDEPENDENT ->
          allowed(
              new ScalingScenario(cluster, namespace, own.set(), Optional.empty(), progress),
              found);
      case REPLICATED ->
          own.standbys().stream()
              .filter(s -> s.replicas() > 1)
              .findFirst()
              .map(
                  s ->
                      allowed(
                          new ScalingScenario(
                              cluster, namespace, s, Optional.of(own.set()), progress),
                          found))
              .orElse(
                  new Choice.Unsuitable(
                      FactKey.SCALING, "there are not two standbys to scale between"));
    };
  }

  private static Choice reinstall(
      ReleaseDatabase.InCluster own,
      FoundRelease found,
      Cluster cluster,
      Helm helm,
      String namespace,
      Progress progress) {
    var state = found.state();
    return state
        .helm()
        .map(
            h ->
                allowed(
                    new ReinstallScenario(
                        cluster,
                        helm,
                        namespace,
                        state.release(),
                        h.revision(),
                        own.set(),
                        progress),
                    found))
        .orElse(
            new Choice.Unsuitable(
                FactKey.REINSTALL,
                "Helm does not know the release: Argo CD, or another tool, would bring it back"));
  }

  private static Choice allowed(Scenario<?> scenario, FoundRelease found) {
    Optional<Refusal> refusal = Refusals.of(found.state(), scenario.change());
    return refusal.isPresent()
        ? new Choice.Refused(scenario, refusal.get().reason(), refusal.get().remedy())
        : new Choice.Runs(scenario);
  }
}
