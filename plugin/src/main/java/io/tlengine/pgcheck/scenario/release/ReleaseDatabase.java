package io.tlengine.pgcheck.scenario.release;

import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.plan.Plan.UrlSource;
import java.util.List;
import java.util.stream.Stream;

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

  /** A StatefulSet of the release runs Redis, and nothing of it PostgreSQL. */
  record Redis(DatabaseSet set, Topology topology) implements ReleaseDatabase {}

  /** The sets whose pods are deleted and scaled. */
  default List<DatabaseSet> sets() {
    return switch (this) {
      case InCluster own -> Stream.concat(Stream.of(own.set()), own.standbys().stream()).toList();
      case Redis redis -> List.of(redis.set());
      case External external -> List.of();
    };
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
