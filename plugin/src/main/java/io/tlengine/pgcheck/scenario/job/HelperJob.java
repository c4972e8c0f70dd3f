package io.tlengine.pgcheck.scenario.job;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The Job that what we make in a namespace belongs to: after a killed run it ends by its deadline,
 * and soon goes with all of it.
 *
 * @param helper what it is for, as its label says
 */
public record HelperJob(String name, String helper) {

  private static final String HELPER = "pgcheck.io/helper";
  private static final int SECONDS_TO_STAY = 30;

  /** A name that no other run has. */
  public static String newName(String stem) {
    return stem + "-" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 30), 36);
  }

  /** They say who made it, and what for. */
  public Map<String, String> labels() {
    return Map.of("app.kubernetes.io/managed-by", "pgcheck", HELPER, helper);
  }

  /**
   * Of one pod, which is tried once.
   *
   * @param podLabels besides our own
   */
  public Job of(PodSpec pod, Map<String, String> podLabels, Duration deadline) {
    return builder(pod, podLabels, deadline).editSpec().withBackoffLimit(0).endSpec().build();
  }

  /** Without pods of its own: it is the clock and the owner, and ends by its deadline alone. */
  public Job clock(PodSpec pod, Duration deadline) {
    return builder(pod, labels(), deadline)
        .editSpec()
        .withParallelism(0)
        .withCompletions(1)
        .endSpec()
        .build();
  }

  private JobBuilder builder(PodSpec pod, Map<String, String> podLabels, Duration deadline) {
    var labels = new HashMap<>(podLabels);
    labels.put(HELPER, helper);
    return new JobBuilder()
        .withNewMetadata()
        .withName(name)
        .withLabels(labels())
        .endMetadata()
        .withNewSpec()
        .withActiveDeadlineSeconds(deadline.toSeconds())
        .withTtlSecondsAfterFinished(SECONDS_TO_STAY)
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(labels)
        .endMetadata()
        .withSpec(pod)
        .endTemplate()
        .endSpec();
  }
}
