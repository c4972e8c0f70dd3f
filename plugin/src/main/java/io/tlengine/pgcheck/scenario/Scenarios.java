package io.tlengine.pgcheck.scenario;

import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.gather.Cluster;
import java.util.List;

/** Which scenarios suit a release, by where its database is. */
public final class Scenarios {

  private Scenarios() {}

  /** Those that can be run on this release, in the order in which they are run. */
  public static List<Scenario<?>> of(
      ReleaseDatabase database, Cluster cluster, String namespace, Progress progress) {
    return switch (database) {
      case ReleaseDatabase.InCluster own ->
          List.of(new PodDeletionScenario(cluster, namespace, own.set(), progress));
      case ReleaseDatabase.External external ->
          List.of(new ExternalRowsScenario(cluster, namespace, external, progress));
    };
  }

  /** The facts of those that cannot: why not. */
  public static Facts notApplicable(ReleaseDatabase database, Facts facts) {
    return switch (database) {
      case ReleaseDatabase.InCluster own ->
          facts.with(
              FactKey.EXTERNAL_ROWS, Fact.notApplicable("the release brings its own database"));
      case ReleaseDatabase.External external ->
          facts.with(
              FactKey.POD_DELETION,
              Fact.notApplicable("the database is not the release's: nothing of it is stopped"));
    };
  }
}
