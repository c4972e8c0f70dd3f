package io.tlengine.pgcheck.gather.source;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.helm.ChartRenderer;
import io.tlengine.pgcheck.gather.helm.Helm;
import io.tlengine.pgcheck.gather.helm.HelmArguments;
import io.tlengine.pgcheck.gather.helm.ReleaseStatus;
import io.tlengine.pgcheck.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one run of preflight looks with, and at.
 *
 * @param arguments release, chart and Helm's own flags
 * @param release what Helm knows of it
 * @param newNamespace the namespace does not exist yet: nothing in it can be looked at
 * @param renderer to render the same once more
 * @param manifests what Helm rendered, secrets included: for the API server, never for a fact
 * @param wanted the facts that the chosen checks need
 * @param deadline the end of the whole run
 */
public record Look(
    Cluster cluster,
    Helm helm,
    String namespace,
    HelmArguments arguments,
    ReleaseStatus release,
    boolean newNamespace,
    ChartRenderer renderer,
    List<HasMetadata> manifests,
    Plan plan,
    Set<FactKey<?>> wanted,
    Instant observedAt,
    Instant deadline) {

  /** The release exists, so this is an upgrade. */
  public boolean installed() {
    return release.installed();
  }

  /** Time left of the run; never less than a second, so that a request can still fail by itself. */
  public Duration left() {
    var left = Duration.between(Instant.now(), deadline);
    return left.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : left;
  }

  /** One of the chosen checks needs it. */
  public boolean wants(FactKey<?> key) {
    return wanted.contains(key);
  }

  /** Facts without any, for a source to add its own to. */
  public Facts none() {
    return new Facts(observedAt, Map.of());
  }
}
