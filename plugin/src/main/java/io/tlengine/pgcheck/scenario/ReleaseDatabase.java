package io.tlengine.pgcheck.scenario;

import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.plan.Plan.UrlSource;

/** The database that a running release uses. */
public sealed interface ReleaseDatabase {

  /** A StatefulSet of the release runs it. */
  record InCluster(DatabaseSet set) implements ReleaseDatabase {}

  /**
   * It is somewhere else, and a Deployment of the release takes its URL from a Secret.
   *
   * @param deployment the Deployment's name
   */
  record External(String deployment, UrlSource url) implements ReleaseDatabase {}
}
