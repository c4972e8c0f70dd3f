package io.tlengine.pgcheck.scenario.volume;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.tlengine.pgcheck.plan.Plan.PlannedClaim;
import io.tlengine.pgcheck.scenario.job.HelperJob;
import java.time.Duration;
import java.util.List;

/**
 * What a volume probe makes: a Job that owns the rest, so that all of it ends by itself after a
 * killed run; a claim like the planned one; and the pods.
 *
 * @param name of the Job and the claim, and the stem of the pods'
 */
record ProbeObjects(String name, PlannedClaim claim, ProbePod pod) {

  Job job(Duration deadline) {
    return helper().clock(pod.writing(name, "write.sh", deadline), deadline);
  }

  private HelperJob helper() {
    return new HelperJob(name, "volume-probe");
  }

  PersistentVolumeClaim claim(Job owner) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName(name)
        .withLabels(helper().labels())
        .withOwnerReferences(reference(owner))
        .endMetadata()
        .withNewSpec()
        .withStorageClassName(claim.storageClass().orElse(null))
        .withAccessModes(claim.accessModes())
        .withNewResources()
        .addToRequests("storage", new Quantity(claim.size()))
        .endResources()
        .endSpec()
        .build();
  }

  /**
   * @param script write.sh or read.sh
   */
  Pod pod(Job owner, String script, Duration deadline) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name + "-" + script.replace(".sh", ""))
        .withLabels(helper().labels())
        .withOwnerReferences(reference(owner))
        .endMetadata()
        .withSpec(pod.writing(name, script, deadline))
        .build();
  }

  private static OwnerReference reference(Job owner) {
    return new OwnerReferenceBuilder()
        .withApiVersion("batch/v1")
        .withKind("Job")
        .withName(owner.getMetadata().getName())
        .withUid(owner.getMetadata().getUid())
        .build();
  }

  List<String> podNames() {
    return List.of(name + "-write", name + "-read");
  }
}
