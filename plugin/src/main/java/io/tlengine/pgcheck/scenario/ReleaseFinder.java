package io.tlengine.pgcheck.scenario;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.gather.Cluster;
import io.tlengine.pgcheck.gather.Failure;
import io.tlengine.pgcheck.gather.Helm;
import io.tlengine.pgcheck.gather.Manifests;
import io.tlengine.pgcheck.plan.PlanReader;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds what a release runs: the live objects of the Helm release of that name, and where Helm
 * knows none, the objects labelled app.kubernetes.io/instance (as Argo CD leaves them).
 */
public final class ReleaseFinder {

  private static final String INSTANCE_LABEL = "app.kubernetes.io/instance";

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
  public ReleaseDatabase find(String release, Duration timeout) throws ScenarioException {
    List<HasMetadata> live;
    try {
      live = live(release, timeout);
    } catch (KubernetesClientException e) {
      throw new ScenarioException(
          "the objects of the release " + release + " cannot be read: " + Failure.of(e),
          "kubectl auth can-i list statefulsets,deployments -n " + namespace);
    }
    if (live.isEmpty()) {
      throw new ScenarioException(
          "there is no release "
              + release
              + " in the namespace "
              + namespace
              + ": neither by Helm nor by the label "
              + INSTANCE_LABEL,
          "helm list -A shows releases and their namespaces; name it with -n NAMESPACE");
    }
    var plan = PlanReader.read(live);
    if (!plan.sets().isEmpty()) {
      return new ReleaseDatabase.InCluster(plan.sets().getFirst());
    }
    var url = plan.urlSource().filter(u -> u.workload().startsWith("Deployment/"));
    if (url.isPresent()) {
      return new ReleaseDatabase.External(
          url.get().workload().substring("Deployment/".length()), url.get());
    }
    throw new ScenarioException(
        "the release "
            + release
            + " has no StatefulSet with a container on port 5432 and no Deployment with a "
            + PlanReader.URL_VARIABLE
            + " from a Secret",
        "name the release that uses PostgreSQL: helm list -n " + namespace);
  }

  private List<HasMetadata> live(String release, Duration timeout) {
    var apps = cluster.client().apps();
    var manifest =
        helm.run(
            List.of("get", "manifest", release, "--namespace", namespace),
            InputStream.nullInputStream(),
            timeout);
    var live = new ArrayList<HasMetadata>();
    if (manifest.code() == 0) {
      for (var object : Manifests.parse(manifest.out())) {
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
}
