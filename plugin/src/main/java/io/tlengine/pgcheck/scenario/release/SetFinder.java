package io.tlengine.pgcheck.scenario.release;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.fact.Grant;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.api.Secrets;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.gather.helm.Helm;
import io.tlengine.pgcheck.plan.DatabaseSetReader;
import io.tlengine.pgcheck.plan.RedisSetReader;
import io.tlengine.pgcheck.scenario.journal.Target;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.release.ReleaseDatabase.Topology;
import io.tlengine.pgcheck.scenario.server.DatabaseSecret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Finds a database by the name of its StatefulSet, whatever made it: another chart, or none. It
 * needs no label or annotation of ours.
 */
public final class SetFinder {

  /** Helm writes it on what it installs. */
  private static final String HELM_RELEASE = "meta.helm.sh/release-name";

  private final Helm helm;
  private final Cluster cluster;
  private final String namespace;
  private final String name;
  private final Optional<DatabaseSecret> login;

  /**
   * @param login where to take user and password from, when the container does not say it
   */
  public SetFinder(
      Helm helm, Cluster cluster, String namespace, String name, Optional<DatabaseSecret> login) {
    this.helm = helm;
    this.cluster = cluster;
    this.namespace = namespace;
    this.name = name;
    this.login = login;
  }

  /**
   * What a run on it works on.
   *
   * @throws ScenarioException when it cannot be read
   */
  public Target target() throws ScenarioException {
    var release = live().flatMap(SetFinder::release).orElse("statefulset-" + name);
    var secret =
        login
            .map(l -> " --database-secret " + l.name() + l.key().map(k -> "/" + k).orElse(""))
            .orElse("");
    return new Target(release, "--statefulset " + name + secret, login);
  }

  /**
   * @throws ScenarioException when there is no such set, or it runs neither PostgreSQL nor Redis
   */
  public FoundRelease find(Duration timeout) throws ScenarioException {
    var live =
        live()
            .orElseThrow(
                () ->
                    new ScenarioException(
                        "there is no StatefulSet " + name + " in the namespace " + namespace,
                        "name its namespace with -n; all of them: kubectl get statefulsets -A"));
    var database = database(live);
    var helmRelease = Optional.of(ReleaseFinder.annotation(live, HELM_RELEASE));
    var state =
        new ReleaseStateReader(cluster, namespace)
            .read(
                release(live).orElse(name),
                helmRelease
                    .filter(r -> !r.isEmpty())
                    .flatMap(r -> HelmReleases.find(helm, namespace, r, timeout)),
                List.of(live),
                List.of(name),
                List.of());
    return new FoundRelease(database, state, true);
  }

  /**
   * @throws ScenarioException when it cannot be read
   */
  public boolean exists() throws ScenarioException {
    return live().isPresent();
  }

  private ReleaseDatabase database(StatefulSet live) throws ScenarioException {
    var postgres = DatabaseSetReader.named(live);
    if (postgres.isPresent()) {
      var set =
          login.isPresent()
              ? login.get().into(postgres.get(), new Secrets(cluster, namespace))
              : postgres.get();
      var topology = new TopologyReader(cluster, namespace).of(set, live);
      if (topology == Topology.REPLICATED) {
        throw new ScenarioException(
            "StatefulSet/" + name + " is one of the sets of a replicated database",
            "test it as a whole: helm pgcheck persistence "
                + release(live).orElse("RELEASE")
                + " -n "
                + namespace);
      }
      return new ReleaseDatabase.InCluster(set, topology, List.of());
    }
    return RedisSetReader.read(live)
        .map(redis -> new ReleaseDatabase.Redis(redis, TopologyReader.said(live, redis.replicas())))
        .orElseThrow(
            () ->
                new ScenarioException(
                    "StatefulSet/"
                        + name
                        + " has no container that is known to run PostgreSQL or Redis",
                    "give the server's container its port: containerPort 5432 (or 6379)"));
  }

  private Optional<StatefulSet> live() throws ScenarioException {
    try {
      return Optional.ofNullable(
          cluster.client().apps().statefulSets().inNamespace(namespace).withName(name).get());
    } catch (KubernetesClientException e) {
      throw new ScenarioException(
          "the StatefulSet " + name + " cannot be read: " + Failure.of(e),
          Failure.remedy(
              e,
              Grant.inNamespace(
                  "pgcheck-find", namespace, "--verb=get,list --resource=statefulsets.apps")),
          e);
    }
  }

  private static Optional<String> release(StatefulSet live) {
    var byHelm = ReleaseFinder.annotation(live, HELM_RELEASE);
    var labels = live.getMetadata().getLabels();
    var byLabel = labels == null ? "" : labels.getOrDefault(ReleaseFinder.INSTANCE_LABEL, "");
    return Optional.of(byHelm.isEmpty() ? byLabel : byHelm).filter(r -> !r.isEmpty());
  }
}
