package io.tlengine.pgcheck.scenario;

import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.tlengine.pgcheck.plan.Plan.PlannedClaim;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a volume probe makes: a Job that owns the rest, so that all of it ends by itself after a
 * killed run; a claim like the planned one; and pods that go where the database's pod may go, with
 * its image and user, as strict as the restricted Pod Security standard wants.
 *
 * @param name of the Job and the claim, and the stem of the pods'
 * @param image the database's container in the plan
 * @param pod its pod
 */
record ProbeObjects(String name, PlannedClaim claim, Container image, PodSpec pod) {

  static final String CONTAINER = "probe";
  static final Map<String, String> LABELS =
      Map.of("app.kubernetes.io/managed-by", "pgcheck", "pgcheck.io/helper", "volume-probe");

  private static final String MOUNT = "/pgcheck-probe";
  private static final String VOLUME = "probe";
  private static final int SECONDS_TO_STAY = 30;

  /** Without pods of its own: it is the clock and the owner, and ends by its deadline alone. */
  Job job(Duration deadline) {
    return new JobBuilder()
        .withNewMetadata()
        .withName(name)
        .withLabels(LABELS)
        .endMetadata()
        .withNewSpec()
        .withParallelism(0)
        .withCompletions(1)
        .withActiveDeadlineSeconds(deadline.toSeconds())
        .withTtlSecondsAfterFinished(SECONDS_TO_STAY)
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(LABELS)
        .endMetadata()
        .withSpec(spec("write.sh", deadline))
        .endTemplate()
        .endSpec()
        .build();
  }

  PersistentVolumeClaim claim(Job owner) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName(name)
        .withLabels(LABELS)
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
        .withLabels(LABELS)
        .withOwnerReferences(reference(owner))
        .endMetadata()
        .withSpec(spec(script, deadline))
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

  private PodSpec spec(String script, Duration deadline) {
    var nodes = pod.getAffinity() == null ? null : pod.getAffinity().getNodeAffinity();
    return new PodSpecBuilder()
        .withRestartPolicy("Never")
        .withActiveDeadlineSeconds(deadline.toSeconds())
        .withTerminationGracePeriodSeconds(1L)
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .withNodeSelector(pod.getNodeSelector())
        .withTolerations(pod.getTolerations())
        .withAffinity(nodes == null ? null : new AffinityBuilder().withNodeAffinity(nodes).build())
        .withSchedulerName(pod.getSchedulerName())
        .withRuntimeClassName(pod.getRuntimeClassName())
        .withPriorityClassName(pod.getPriorityClassName())
        .withImagePullSecrets(pod.getImagePullSecrets())
        .withSecurityContext(pod.getSecurityContext())
        .withContainers(container(script))
        .addNewVolume()
        .withName(VOLUME)
        .withNewPersistentVolumeClaim(name, false)
        .endVolume()
        .build();
  }

  private Container container(String script) {
    return new ContainerBuilder()
        .withName(CONTAINER)
        .withImage(image.getImage())
        .withImagePullPolicy(image.getImagePullPolicy())
        .withCommand("sh", "-c", text(script))
        .withWorkingDir(MOUNT)
        .withSecurityContext(strict(image.getSecurityContext()))
        .withNewResources()
        .withRequests(Map.of("cpu", new Quantity("50m"), "memory", new Quantity("64Mi")))
        .withLimits(Map.of("cpu", new Quantity("500m"), "memory", new Quantity("128Mi")))
        .endResources()
        .addNewVolumeMount()
        .withName(VOLUME)
        .withMountPath(MOUNT)
        .endVolumeMount()
        .build();
  }

  private SecurityContext strict(@Nullable SecurityContext planned) {
    var builder =
        planned == null ? new SecurityContextBuilder() : new SecurityContextBuilder(planned);
    builder
        .withAllowPrivilegeEscalation(false)
        .withPrivileged(null)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile();
    if (user(planned) > 0) {
      builder.withRunAsNonRoot(true);
    }
    return builder.build();
  }

  /** 0 when the plan leaves it to the image. */
  private long user(@Nullable SecurityContext planned) {
    if (planned != null && planned.getRunAsUser() != null) {
      return planned.getRunAsUser();
    }
    var ofPod = pod.getSecurityContext();
    return ofPod == null || ofPod.getRunAsUser() == null ? 0 : ofPod.getRunAsUser();
  }

  private static String text(String script) {
    try (var in = ProbeObjects.class.getResourceAsStream("/probe/" + script)) {
      if (in == null) {
        throw new IllegalStateException("no script " + script);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> podNames() {
    return List.of(name + "-write", name + "-read");
  }
}
