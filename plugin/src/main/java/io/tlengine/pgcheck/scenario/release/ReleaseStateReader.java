package io.tlengine.pgcheck.scenario.release;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.Grant;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.plan.DatabaseSetReader;
import io.tlengine.pgcheck.scenario.pod.StuckPod;
import io.tlengine.pgcheck.scenario.release.HelmReleases.HelmRelease;
import io.tlengine.pgcheck.scenario.release.ReleaseState.ArgoCd;
import io.tlengine.pgcheck.scenario.release.ReleaseState.SetState;
import io.tlengine.pgcheck.scenario.statefulset.SetScale;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Looks at what decides whether a release may be changed. */
final class ReleaseStateReader {

  /** Argo CD's own annotation, its default way of tracking (docs, resource_tracking). */
  private static final String TRACKING = "argocd.argoproj.io/tracking-id";

  private static final String ELSEWHERE =
      "helm install the chart once more in a namespace of its own, and test that release";

  private static final ResourceDefinitionContext APPLICATIONS =
      new ResourceDefinitionContext.Builder()
          .withGroup("argoproj.io")
          .withVersion("v1alpha1")
          .withKind("Application")
          .withPlural("applications")
          .withNamespaced(true)
          .build();

  private final Cluster cluster;
  private final String namespace;

  ReleaseStateReader(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /**
   * @param tested names of the sets that are to be changed
   */
  ReleaseState read(
      String release,
      Optional<HelmRelease> helm,
      List<HasMetadata> live,
      List<String> tested,
      List<String> renderedClaims) {
    var sets =
        live.stream()
            .filter(StatefulSet.class::isInstance)
            .map(StatefulSet.class::cast)
            .filter(
                s ->
                    tested.contains(s.getMetadata().getName())
                        || DatabaseSetReader.read(s).isPresent())
            .toList();
    return new ReleaseState(
        release,
        namespace,
        helm,
        sets.stream().map(this::state).toList(),
        renderedClaims,
        autoscaled(sets),
        argoCd(release, helm, live));
  }

  private SetState state(StatefulSet set) {
    var metadata = set.getMetadata();
    var status = set.getStatus();
    int replicas = SetScale.replicas(set);
    var retention = set.getSpec().getPersistentVolumeClaimRetentionPolicy();
    boolean rolling =
        status == null
            || !Objects.equals(status.getObservedGeneration(), metadata.getGeneration())
            || (status.getUpdateRevision() != null
                && !status.getUpdateRevision().equals(status.getCurrentRevision()));
    int ready = status == null ? 0 : Objects.requireNonNullElse(status.getReadyReplicas(), 0);
    return new SetState(
        metadata.getName(),
        replicas,
        ready,
        rolling,
        metadata.getDeletionTimestamp() != null,
        metadata.getOwnerReferences().stream()
            .filter(o -> Boolean.TRUE.equals(o.getController()))
            .map(o -> o.getKind() + "/" + o.getName())
            .findFirst(),
        rolling || ready < replicas ? stuck(set) : Optional.empty(),
        retention == null
            ? "Retain"
            : Objects.requireNonNullElse(retention.getWhenDeleted(), "Retain"),
        retention == null
            ? "Retain"
            : Objects.requireNonNullElse(retention.getWhenScaled(), "Retain"));
  }

  /** Only a better word for a refusal: without the right to list pods there is none. */
  private Optional<StuckPod> stuck(StatefulSet set) {
    var uid = set.getMetadata().getUid();
    try {
      return cluster
          .client()
          .pods()
          .inNamespace(namespace)
          .withLabelSelector(set.getSpec().getSelector())
          .list()
          .getItems()
          .stream()
          .filter(
              p ->
                  p.getMetadata().getOwnerReferences().stream()
                      .anyMatch(o -> o.getUid().equals(uid)))
          .flatMap(p -> StuckPod.of(p).stream())
          .findFirst();
    } catch (KubernetesClientException e) {
      return Optional.empty();
    }
  }

  private Fact<List<String>> autoscaled(List<StatefulSet> sets) {
    var names = sets.stream().map(s -> s.getMetadata().getName()).toList();
    try {
      return Fact.known(
          cluster
              .client()
              .autoscaling()
              .v2()
              .horizontalPodAutoscalers()
              .inNamespace(namespace)
              .list()
              .getItems()
              .stream()
              .map(h -> h.getSpec().getScaleTargetRef())
              .filter(t -> "StatefulSet".equals(t.getKind()) && names.contains(t.getName()))
              .map(t -> t.getName())
              .distinct()
              .toList());
    } catch (KubernetesClientException e) {
      return Fact.unavailable(
          "whether a HorizontalPodAutoscaler scales the database is not known: " + Failure.of(e),
          Failure.remedy(
              e,
              Grant.inNamespace(
                  "pgcheck-hpa",
                  namespace,
                  "--verb=list --resource=horizontalpodautoscalers.autoscaling")));
    }
  }

  /**
   * By Argo CD's annotation; where it tracks by the instance label instead, which every chart sets,
   * by an Application of that name for this namespace.
   */
  private ArgoCd argoCd(String release, Optional<HelmRelease> helm, List<HasMetadata> live) {
    var tracked =
        live.stream()
            .map(o -> o.getMetadata().getAnnotations())
            .filter(a -> a != null && a.containsKey(TRACKING))
            .map(a -> a.get(TRACKING))
            // APPLICATION:group/kind:namespace/name, where APPLICATION may be NAMESPACE_NAME.
            .map(id -> id.substring(0, Math.max(0, id.indexOf(':'))))
            .findFirst();
    if (tracked.isEmpty() && helm.isPresent()) {
      return new ArgoCd.No();
    }
    var name = tracked.map(t -> t.substring(t.indexOf('_') + 1)).orElse(release);
    List<GenericKubernetesResource> found;
    try {
      found =
          cluster
              .client()
              .genericKubernetesResources(APPLICATIONS)
              .inAnyNamespace()
              .list()
              .getItems()
              .stream()
              .filter(a -> a.getMetadata().getName().equals(name))
              .filter(a -> namespace.equals(a.get("spec", "destination", "namespace")))
              .toList();
    } catch (KubernetesClientException e) {
      boolean notHere = e.getCode() == HttpURLConnection.HTTP_NOT_FOUND;
      if (tracked.isEmpty()) {
        // Without its annotation, and with no Application to be seen, nothing speaks for Argo CD.
        return new ArgoCd.No();
      }
      return notHere
          ? new ArgoCd.Unknown(
              "this cluster has no Applications, so it is managed from another one", ELSEWHERE)
          : new ArgoCd.Unknown(
              "its Application " + name + " cannot be read: " + Failure.of(e),
              Failure.remedy(
                  e,
                  Grant.inCluster(
                      "pgcheck-argocd", "--verb=list --resource=applications.argoproj.io")));
    }
    if (found.isEmpty()) {
      return tracked.isEmpty()
          ? new ArgoCd.No()
          : new ArgoCd.Unknown(
              "there is no Application " + name + " for this namespace here", ELSEWHERE);
    }
    var application = found.getFirst();
    return heals(application) && !ignoresReplicas(application)
        ? new ArgoCd.SelfHealing(name)
        : new ArgoCd.Patient(name);
  }

  private static boolean heals(GenericKubernetesResource application) {
    return Boolean.TRUE.equals(application.get("spec", "syncPolicy", "automated", "selfHeal"))
        && !Boolean.FALSE.equals(application.get("spec", "syncPolicy", "automated", "enabled"));
  }

  private static boolean ignoresReplicas(GenericKubernetesResource application) {
    List<Object> ignored = application.get("spec", "ignoreDifferences");
    return ignored != null
        && ignored.stream()
            .map(String::valueOf)
            .anyMatch(i -> i.contains("StatefulSet") && i.contains("/spec/replicas"));
  }
}
