package io.tlengine.pgcheck.scenario;

import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.gather.Cluster;
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
    record Refused(FactKey<?> key, String reason, String remedy) implements Choice {}
  }

  /** All of them, in the order in which they are run. */
  public static List<Choice> of(
      FoundRelease found, Cluster cluster, String namespace, Progress progress) {
    var choices = new ArrayList<Choice>();
    switch (found.database()) {
      case ReleaseDatabase.InCluster own -> {
        choices.add(
            allowed(new PodDeletionScenario(cluster, namespace, own.set(), progress), found));
        choices.add(
            new Choice.Unsuitable(FactKey.EXTERNAL_ROWS, "the release brings its own database"));
      }
      case ReleaseDatabase.External external -> {
        choices.add(
            new Choice.Unsuitable(
                FactKey.POD_DELETION,
                "the database is not the release's: nothing of it is stopped"));
        choices.add(
            allowed(new ExternalRowsScenario(cluster, namespace, external, progress), found));
      }
    }
    return choices;
  }

  private static Choice allowed(Scenario<?> scenario, FoundRelease found) {
    Optional<Refusal> refusal = Refusals.of(found.state(), scenario.change());
    return refusal.isPresent()
        ? new Choice.Refused(scenario.brings(), refusal.get().reason(), refusal.get().remedy())
        : new Choice.Runs(scenario);
  }
}
