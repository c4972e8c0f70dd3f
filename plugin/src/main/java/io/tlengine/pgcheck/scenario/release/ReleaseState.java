package io.tlengine.pgcheck.scenario.release;

import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.scenario.pod.StuckPod;
import io.tlengine.pgcheck.scenario.release.HelmReleases.HelmRelease;
import java.util.List;
import java.util.Optional;

/**
 * A release as it was found, as far as it decides whether it may be changed.
 *
 * @param helm what Helm knows of it; empty when it was not installed by Helm
 * @param sets its StatefulSets that run PostgreSQL, or are tested
 * @param renderedClaims PersistentVolumeClaims among its ordinary objects, which end with it
 * @param autoscaled names of its sets that a HorizontalPodAutoscaler scales
 */
public record ReleaseState(
    String release,
    String namespace,
    Optional<HelmRelease> helm,
    List<SetState> sets,
    List<String> renderedClaims,
    Fact<List<String>> autoscaled,
    ArgoCd argoCd) {

  public ReleaseState {
    sets = List.copyOf(sets);
    renderedClaims = List.copyOf(renderedClaims);
  }

  /**
   * One StatefulSet.
   *
   * @param rolling a rollout is under way
   * @param owner the controller that owns it, as Kind/name
   * @param stuck one of its pods, when waiting would not help
   * @param whenDeleted spec.persistentVolumeClaimRetentionPolicy.whenDeleted
   */
  public record SetState(
      String name,
      int replicas,
      int ready,
      boolean rolling,
      boolean deleting,
      Optional<String> owner,
      Optional<StuckPod> stuck,
      String whenDeleted,
      String whenScaled) {}

  /** Whether Argo CD manages it, and undoes what others change. */
  public sealed interface ArgoCd {
    record No() implements ArgoCd {}

    /** It does, and leaves the number of pods alone: no self-heal, or it ignores that field. */
    record Patient(String application) implements ArgoCd {}

    record SelfHealing(String application) implements ArgoCd {}

    /** It does, and its Application cannot be read. */
    record Unknown(String why, String remedy) implements ArgoCd {}
  }
}
