package io.tlengine.pgcheck.plan;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What scheduler and quota see of a pod.
 *
 * @param requests effective: the sum of containers and sidecars, or an init container with the
 *     sidecars before it if that is more, plus overhead
 * @param limits by the same rule
 * @param bestEffort no container asks for or limits CPU or memory
 * @param ending spec.activeDeadlineSeconds is set
 * @param priorityClass spec.priorityClassName, or an empty text
 */
public record PodShape(
    Amounts requests, Amounts limits, boolean bestEffort, boolean ending, String priorityClass) {

  public static PodShape of(PodSpec spec) {
    var requests = effective(spec, PodShape::requests, PodShape::podRequests);
    var limits = effective(spec, PodShape::limits, PodShape::podLimits);
    return new PodShape(
        requests,
        limits,
        idle(requests, limits),
        spec.getActiveDeadlineSeconds() != null,
        Objects.requireNonNullElse(spec.getPriorityClassName(), ""));
  }

  /** A sidecar: an init container that keeps running (v1 Container restartPolicy Always). */
  public static boolean sidecar(Container initContainer) {
    return "Always".equals(initContainer.getRestartPolicy());
  }

  /** Where only a limit is given, the API server takes it for the request, too. */
  public static Amounts requests(Container container) {
    return requests(container.getResources());
  }

  public static Amounts limits(Container container) {
    var resources = container.getResources();
    return resources == null ? Amounts.NONE : Amounts.of(resources.getLimits());
  }

  private static Amounts requests(
      @org.jspecify.annotations.Nullable ResourceRequirements resources) {
    return resources == null
        ? Amounts.NONE
        : Amounts.of(resources.getRequests()).orElse(Amounts.of(resources.getLimits()));
  }

  private static Amounts podRequests(PodSpec spec) {
    return requests(spec.getResources());
  }

  private static Amounts podLimits(PodSpec spec) {
    return spec.getResources() == null ? Amounts.NONE : Amounts.of(spec.getResources().getLimits());
  }

  private static Amounts effective(
      PodSpec spec, Function<Container, Amounts> of, Function<PodSpec, Amounts> ofPod) {
    var running = spec.getContainers().stream().map(of).reduce(Amounts.NONE, Amounts::plus);
    var sidecars = Amounts.NONE;
    var starting = Amounts.NONE;
    for (var init : spec.getInitContainers()) {
      var own = of.apply(init);
      if (sidecar(init)) {
        sidecars = sidecars.plus(own);
        starting = starting.max(sidecars);
      } else {
        starting = starting.max(sidecars.plus(own));
      }
    }
    // What the pod as a whole names counts instead of its containers' sum.
    return ofPod
        .apply(spec)
        .orElse(running.plus(sidecars).max(starting))
        .plus(Amounts.of(spec.getOverhead()));
  }

  private static boolean idle(Amounts requests, Amounts limits) {
    return Stream.of("cpu", "memory")
        .allMatch(r -> requests.get(r).signum() == 0 && limits.get(r).signum() == 0);
  }
}
