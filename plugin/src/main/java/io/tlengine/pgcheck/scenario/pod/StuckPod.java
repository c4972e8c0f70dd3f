package io.tlengine.pgcheck.scenario.pod;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A pod that does not come up by waiting, as it is with kubectl get pods.
 *
 * @param reason as kubectl names it, such as Init:CrashLoopBackOff
 * @param container that it is about; empty when none was begun
 * @param logs whether that container has run, so that its log may say why
 */
public record StuckPod(String pod, String reason, Optional<String> container, boolean logs) {

  /** A container waits for these and has done nothing wrong. */
  private static final Set<String> PATIENT = Set.of("PodInitializing", "ContainerCreating");

  private static final String UNSCHEDULABLE = "Unschedulable";

  /** Empty when it runs, ends, or may yet come up by waiting. */
  public static Optional<StuckPod> of(Pod pod) {
    var status = pod.getStatus();
    if (status == null || pod.getMetadata().getDeletionTimestamp() != null) {
      return Optional.empty();
    }
    return first(pod, status.getInitContainerStatuses(), "Init:")
        .or(() -> first(pod, status.getContainerStatuses(), ""))
        .or(
            () ->
                status.getConditions().stream()
                    .filter(
                        c -> UNSCHEDULABLE.equals(c.getReason()) && !"True".equals(c.getStatus()))
                    .findFirst()
                    .map(c -> new StuckPod(name(pod), UNSCHEDULABLE, Optional.empty(), false)));
  }

  /** What shows the cause. */
  public String remedy(String namespace) {
    return logs && container.isPresent()
        ? "kubectl logs " + pod + " -n " + namespace + " -c " + container.get()
        : "kubectl describe pod " + pod + " -n " + namespace;
  }

  /** As in "its pod postgres-0 does not come up: Init:Error in its container init". */
  public String text() {
    return "its pod "
        + pod
        + " does not come up: "
        + reason
        + container.map(c -> " in its container " + c).orElse("");
  }

  private static Optional<StuckPod> first(Pod pod, List<ContainerStatus> statuses, String prefix) {
    return statuses.stream().flatMap(s -> of(pod, s, prefix).stream()).findFirst();
  }

  private static Optional<StuckPod> of(Pod pod, ContainerStatus status, String prefix) {
    var state = status.getState();
    if (state == null) {
      return Optional.empty();
    }
    Predicate<ContainerStateTerminated> failed = t -> t.getExitCode() != 0;
    var waiting =
        Optional.ofNullable(state.getWaiting())
            .map(w -> w.getReason())
            .filter(r -> !PATIENT.contains(r));
    var ended =
        Optional.ofNullable(state.getTerminated())
            .filter(failed)
            .map(t -> Objects.requireNonNullElse(t.getReason(), "Error"));
    boolean ran =
        ended.isPresent()
            || (status.getLastState() != null && status.getLastState().getTerminated() != null);
    return waiting
        .or(() -> ended)
        .map(r -> new StuckPod(name(pod), prefix + r, Optional.of(status.getName()), ran));
  }

  private static String name(Pod pod) {
    return pod.getMetadata().getName();
  }
}
