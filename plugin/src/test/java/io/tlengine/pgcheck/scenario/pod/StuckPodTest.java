package io.tlengine.pgcheck.scenario.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StuckPodTest {

  private static Pod pod(List<ContainerStatus> inits, List<ContainerStatus> containers) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("postgres-0")
        .endMetadata()
        .withNewStatus()
        .withInitContainerStatuses(inits)
        .withContainerStatuses(containers)
        .endStatus()
        .build();
  }

  private static ContainerStatus waiting(String name, String reason, boolean ranBefore) {
    var status =
        new ContainerStatusBuilder()
            .withName(name)
            .withNewState()
            .withNewWaiting()
            .withReason(reason)
            .endWaiting()
            .endState();
    if (ranBefore) {
      status.withNewLastState().withNewTerminated().withExitCode(1).endTerminated().endLastState();
    }
    return status.build();
  }

  private static ContainerStatus ended(String name, int code) {
    return new ContainerStatusBuilder()
        .withName(name)
        .withNewState()
        .withNewTerminated()
        .withExitCode(code)
        .withReason(code == 0 ? "Completed" : "Error")
        .endTerminated()
        .endState()
        .build();
  }

  @Test
  void anInitContainerThatFailedIsNamedWithItsLog() {
    var stuck =
        StuckPod.of(
                pod(
                    List.of(ended("init", 1)),
                    List.of(waiting("postgres", "PodInitializing", false))))
            .orElseThrow();

    assertEquals(
        "its pod postgres-0 does not come up: Init:Error in its container init", stuck.text());
    assertEquals("kubectl logs postgres-0 -n shop -c init", stuck.remedy("shop"));
  }

  @Test
  void aCrashLoopIsNamedWithTheContainersLog() {
    var stuck =
        StuckPod.of(
                pod(
                    List.of(ended("init", 0)),
                    List.of(waiting("postgres", "CrashLoopBackOff", true))))
            .orElseThrow();

    assertEquals("CrashLoopBackOff", stuck.reason());
    assertEquals("kubectl logs postgres-0 -n shop -c postgres", stuck.remedy("shop"));
  }

  /** A container that never ran has no log; the pod's events say why. */
  @ParameterizedTest
  @ValueSource(strings = {"ImagePullBackOff", "ErrImagePull", "CreateContainerConfigError"})
  void whatNeverRanHasNoLog(String reason) {
    var stuck =
        StuckPod.of(pod(List.of(), List.of(waiting("postgres", reason, false)))).orElseThrow();

    assertEquals(reason, stuck.reason());
    assertEquals("kubectl describe pod postgres-0 -n shop", stuck.remedy("shop"));
  }

  @Test
  void aPodWithoutANodeIsNamed() {
    var pod =
        new PodBuilder(pod(List.of(), List.of()))
            .editStatus()
            .addNewCondition()
            .withType("PodScheduled")
            .withStatus("False")
            .withReason("Unschedulable")
            .endCondition()
            .endStatus()
            .build();

    assertEquals(
        "its pod postgres-0 does not come up: Unschedulable",
        StuckPod.of(pod).orElseThrow().text());
  }

  @Test
  void oneThatStartsOrEndsIsNot() {
    assertEquals(
        Optional.empty(),
        StuckPod.of(
            pod(
                List.of(ended("init", 0)),
                List.of(waiting("postgres", "ContainerCreating", false)))));
    var ending = pod(List.of(), List.of(waiting("postgres", "CrashLoopBackOff", true)));
    ending.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
    assertEquals(Optional.empty(), StuckPod.of(ending));
  }
}
