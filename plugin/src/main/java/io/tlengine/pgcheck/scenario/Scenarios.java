package io.tlengine.pgcheck.scenario;

import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.gather.Cluster;
import io.tlengine.pgcheck.gather.Helm;
import io.tlengine.pgcheck.scenario.Refusals.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which scenarios suit a release, by what it is, and which of them must not be run on it. */
public final class Scenarios {

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
      FoundRelease found, Cluster cluster, Helm helm, String namespace, Progress progress) {
    var choices = new ArrayList<Choice>();
    switch (found.database()) {
      case ReleaseDatabase.InCluster own -> {
        choices.add(
            allowed(new PodDeletionScenario(cluster, namespace, own.set(), progress), found));
        choices.add(scaling(own, found, cluster, namespace, progress));
        choices.add(reinstall(own, found, cluster, helm, namespace, progress));
        choices.add(
            new Choice.Unsuitable(FactKey.EXTERNAL_ROWS, "the release brings its own database"));
      }
      case ReleaseDatabase.External external -> {
        for (var key : List.of(FactKey.POD_DELETION, FactKey.SCALING, FactKey.REINSTALL)) {
          choices.add(
              new Choice.Unsuitable(
                  key, "the database is not the release's: nothing of it is stopped"));
        }
        choices.add(
            allowed(new ExternalRowsScenario(cluster, namespace, external, progress), found));
      }
    }
    return choices;
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
