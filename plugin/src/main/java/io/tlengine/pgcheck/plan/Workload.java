package io.tlengine.pgcheck.plan;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An object of the release that makes pods, with as many of them as it can have at once.
 *
 * @param kind Deployment, StatefulSet, DaemonSet, Job, CronJob or Pod
 * @param hook set when Helm runs it as a hook
 * @param schedule of a CronJob
 * @param replicas as the manifest asks, an autoscaler's minimum if that is more; a Job's
 *     parallelism
 * @param maxReplicas the most that a HorizontalPodAutoscaler may make of it, else the replicas
 * @param surge the pods that a rolling update adds for a while (Deployment
 *     spec.strategy.rollingUpdate.maxSurge, a percentage rounded up)
 * @param claimTemplates names of a StatefulSet's claim templates
 * @param pod its pod template, without literal values that may be secrets
 */
public record Workload(
    String kind,
    String name,
    Optional<Hook> hook,
    Optional<String> schedule,
    int replicas,
    int maxReplicas,
    int surge,
    Map<String, String> podLabels,
    List<String> claimTemplates,
    PodSpec pod) {

  public Workload {
    podLabels = Map.copyOf(podLabels);
    claimTemplates = List.copyOf(claimTemplates);
  }

  /**
   * When Helm runs it (annotation helm.sh/hook).
   *
   * @param events pre-install, post-upgrade, test and the like
   * @param weight hooks of one event run by weight, then by name
   */
  public record Hook(List<String> events, int weight) {
    public Hook {
      events = List.copyOf(events);
    }

    public boolean before() {
      return events.stream().anyMatch(e -> e.startsWith("pre-"));
    }

    public boolean test() {
      return events.stream().allMatch(e -> e.startsWith("test"));
    }
  }

  /** As in messages: Deployment/tl-engine. */
  public String id() {
    return kind + "/" + name;
  }

  /** A Job, or what a CronJob starts: it ends by itself. */
  public boolean endsByItself() {
    return kind.equals("Job") || kind.equals("CronJob");
  }

  /** Init containers first, as the kubelet runs them. */
  public Stream<Container> containers() {
    return Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream());
  }
}
