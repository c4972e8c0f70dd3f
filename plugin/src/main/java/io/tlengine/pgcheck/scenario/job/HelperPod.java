package io.tlengine.pgcheck.scenario.job;

import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;

/** What pods of ours have in common, whatever they are for. */
public final class HelperPod {

  private HelperPod() {}

  /**
   * Runs once, ends at once, knows nothing of the API server, and goes to the nodes that the
   * planned pod may go to.
   */
  public static PodSpecBuilder like(PodSpec planned) {
    var nodes = planned.getAffinity() == null ? null : planned.getAffinity().getNodeAffinity();
    return new PodSpecBuilder()
        .withRestartPolicy("Never")
        .withTerminationGracePeriodSeconds(1L)
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withNodeSelector(planned.getNodeSelector())
        .withTolerations(planned.getTolerations())
        .withAffinity(nodes == null ? null : new AffinityBuilder().withNodeAffinity(nodes).build())
        .withSchedulerName(planned.getSchedulerName())
        .withRuntimeClassName(planned.getRuntimeClassName())
        .withPriorityClassName(planned.getPriorityClassName())
        .withImagePullSecrets(planned.getImagePullSecrets());
  }
}
