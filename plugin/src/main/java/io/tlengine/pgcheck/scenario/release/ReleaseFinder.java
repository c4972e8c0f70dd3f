package io.tlengine.pgcheck.scenario.release;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.fact.Grant;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.gather.failure.GatherException.Kind;
import io.tlengine.pgcheck.gather.helm.Helm;
import io.tlengine.pgcheck.gather.helm.Manifests;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.plan.DatabaseSetReader;
import io.tlengine.pgcheck.plan.PlanReader;
import io.tlengine.pgcheck.plan.RedisSetReader;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Finds what a release runs: the live objects of the Helm release of that name, and where Helm
 * knows none, the objects labelled app.kubernetes.io/instance (as Argo CD leaves them).
 */
public final class ReleaseFinder {

  static final String INSTANCE_LABEL = "app.kubernetes.io/instance";
  private static final String RESOURCE_POLICY = "helm.sh/resource-policy";

  private final Helm helm;
  private final Cluster cluster;
  private final String namespace;

  public ReleaseFinder(Helm helm, Cluster cluster, String namespace) {
    this.helm = helm;
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /**
   * @throws ScenarioException when there is no such release, or it uses no PostgreSQL
   */
  public FoundRelease find(String release, Duration timeout) throws ScenarioException {
    var manifest = started(() -> manifest(release, timeout));
    var metadata = started(() -> HelmReleases.find(helm, namespace, release, timeout));
    List<HasMetadata> rendered = result(manifest);
    List<HasMetadata> live;
    try {
      live = rendered.isEmpty() ? labelled(release) : live(rendered);
    } catch (KubernetesClientException e) {
      throw new ScenarioException(
          "the objects of the release " + release + " cannot be read: " + Failure.of(e),
          Failure.remedy(
              e,
              Grant.inNamespace(
                  "pgcheck-find",
                  namespace,
                  "--verb=get,list --resource=statefulsets.apps,deployments.apps")),
          e);
    }
    if (live.isEmpty()) {
      throw new ScenarioException(
          "there is no release "
              + release
              + " in the namespace "
              + namespace
              + ": neither by Helm nor by the label "
              + INSTANCE_LABEL,
          "releases and their namespaces: helm list -A; name it with -n NAMESPACE");
    }
    var database = database(release, live);
    var state =
        new ReleaseStateReader(cluster, namespace)
            .read(
                release,
                result(metadata),
                live,
                database.sets().stream().map(DatabaseSet::name).toList(),
                claims(rendered));
    return new FoundRelease(database, state, false);
  }

  /** Whether there is such a release, whatever it runs; who may not look is told that there is. */
  public boolean exists(String release, Duration timeout) {
    try {
      return HelmReleases.find(helm, namespace, release, timeout).isPresent()
          || !labelled(release).isEmpty();
    } catch (KubernetesClientException | GatherException e) {
      return true;
    }
  }

  private ReleaseDatabase database(String release, List<HasMetadata> live)
      throws ScenarioException {
    var plan = PlanReader.read(live);
    if (!plan.sets().isEmpty()) {
      var set = asItIs(plan.sets().getFirst(), live);
      return new ReleaseDatabase.InCluster(
          set,
          new TopologyReader(cluster, namespace).of(set, set(set.name(), live)),
          standbys(live));
    }
    var url = plan.urlSource().filter(u -> u.workload().startsWith("Deployment/"));
    if (url.isPresent()) {
      return new ReleaseDatabase.External(
          url.get().workload().substring("Deployment/".length()), url.get());
    }
    for (var object : live) {
      if (object instanceof StatefulSet set
          && annotation(set, RedisSetReader.ANNOTATION).equals(RedisSetReader.REDIS)) {
        var redis = RedisSetReader.read(set);
        if (redis.isPresent()) {
          return new ReleaseDatabase.Redis(
              redis.get(), TopologyReader.said(set, redis.get().replicas()));
        }
      }
    }
    throw new ScenarioException(
        "the release "
            + release
            + " has no StatefulSet with a container on port 5432 and no Deployment with a "
            + PlanReader.URL_VARIABLE
            + " from a Secret",
        "name the release that uses PostgreSQL (helm list -n "
            + namespace
            + "), or a set of it: --statefulset NAME");
  }

  private static StatefulSet set(String name, List<HasMetadata> live) {
    return live.stream()
        .filter(o -> o instanceof StatefulSet && o.getMetadata().getName().equals(name))
        .map(StatefulSet.class::cast)
        .findFirst()
        .orElseThrow();
  }

  /**
   * The plan holds no secrets; a password that the set's own manifest holds is needed to log in.
   */
  private static DatabaseSet asItIs(DatabaseSet planned, List<HasMetadata> live) {
    return DatabaseSetReader.read(set(planned.name(), live)).orElse(planned);
  }

  private static List<DatabaseSet> standbys(List<HasMetadata> live) {
    return live.stream()
        .filter(StatefulSet.class::isInstance)
        .map(StatefulSet.class::cast)
        .filter(s -> annotation(s, PlanReader.ROLE_ANNOTATION).equals(PlanReader.STANDBY))
        .flatMap(s -> DatabaseSetReader.read(s).stream())
        .toList();
  }

  static String annotation(HasMetadata object, String name) {
    var annotations = object.getMetadata().getAnnotations();
    return annotations == null ? "" : annotations.getOrDefault(name, "");
  }

  /** None when Helm knows no such release, or where there is no Helm. */
  private List<HasMetadata> manifest(String release, Duration timeout) {
    if (!helm.there()) {
      return List.of();
    }
    var manifest =
        helm.run(
            List.of("get", "manifest", release, "--namespace", namespace),
            InputStream.nullInputStream(),
            timeout);
    return manifest.code() == 0 ? Manifests.parse(manifest.out()) : List.of();
  }

  private static List<String> claims(List<HasMetadata> rendered) {
    return rendered.stream()
        .filter(o -> o.getKind().equals("PersistentVolumeClaim"))
        .filter(o -> !annotation(o, RESOURCE_POLICY).equals("keep"))
        .map(o -> o.getMetadata().getName())
        .toList();
  }

  private List<HasMetadata> live(List<HasMetadata> rendered) {
    var apps = cluster.client().apps();
    var live = new ArrayList<HasMetadata>();
    for (var object : rendered) {
      var name = object.getMetadata().getName();
      HasMetadata found =
          switch (object.getKind()) {
            case "StatefulSet" -> apps.statefulSets().inNamespace(namespace).withName(name).get();
            case "Deployment" -> apps.deployments().inNamespace(namespace).withName(name).get();
            default -> null;
          };
      if (found != null) {
        live.add(found);
      }
    }
    return live;
  }

  private List<HasMetadata> labelled(String release) {
    var apps = cluster.client().apps();
    var live = new ArrayList<HasMetadata>();
    live.addAll(
        apps.statefulSets()
            .inNamespace(namespace)
            .withLabel(INSTANCE_LABEL, release)
            .list()
            .getItems());
    live.addAll(
        apps.deployments()
            .inNamespace(namespace)
            .withLabel(INSTANCE_LABEL, release)
            .list()
            .getItems());
    return live;
  }

  /** Helm takes longer to start than to answer: its calls run side by side. */
  private static <T> FutureTask<T> started(Callable<T> call) {
    var task = new FutureTask<>(call);
    Thread.ofVirtual().start(task);
    return task;
  }

  private static <T> T result(FutureTask<T> task) {
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GatherException(Kind.OUT_OF_REACH, "interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GatherException known) {
        throw known;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
