package io.tlengine.pgcheck.scenario;

import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.plan.Plan.UrlSource;
import java.util.List;

/** The database that a running release uses. */
public sealed interface ReleaseDatabase {

  /**
   * A StatefulSet of the release runs it.
   *
   * @param standbys sets of copies of it
   */
  record InCluster(DatabaseSet set, Topology topology, List<DatabaseSet> standbys)
      implements ReleaseDatabase {
    public InCluster {
      standbys = List.copyOf(standbys);
    }
  }

  /** How a database's pods belong together. */
  enum Topology {
    /** One pod. */
    STANDALONE,
    /** Each pod has data of its own. */
    INDEPENDENT,
    /** One pod writes, and a set of standbys copies it. */
    REPLICATED,
    /** The chart does not say. */
    UNKNOWN
  }

  /**
   * It is somewhere else, and a Deployment of the release takes its URL from a Secret.
   *
   * @param deployment the Deployment's name
   */
  record External(String deployment, UrlSource url) implements ReleaseDatabase {}
}
