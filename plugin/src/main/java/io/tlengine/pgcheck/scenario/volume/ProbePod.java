package io.tlengine.pgcheck.scenario.volume;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.scenario.job.HelperPod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A pod that runs a script in a volume: it goes where the database's pod may go, with its image and
 * user, as strict as the restricted Pod Security standard wants.
 *
 * @param image the database's container in the plan
 * @param pod its pod
 */
record ProbePod(Container image, PodSpec pod) {

  private static final String CONTAINER = "probe";
  private static final String MOUNT = "/pgcheck-probe";
  private static final String VOLUME = "probe";

  /** Like the pods of this set; empty when the plan has no such set. */
  static Optional<ProbePod> of(Plan plan, String set) {
    return plan.workload("StatefulSet", set)
        .map(
            w ->
                new ProbePod(
                    plan.databaseContainer(set).orElseGet(() -> w.pod().getContainers().getFirst()),
                    w.pod()));
  }

  /**
   * @param script of resources/probe
   */
  PodSpec writing(String claim, String script, Duration deadline) {
    return spec(claim, script, deadline, false, pod.getSecurityContext());
  }

  /**
   * Leaves the volume as it is: with fsGroup the kubelet would change the group and the modes of
   * its files, even of a read-only one, so the pod has that group and nothing more.
   *
   * @param script of resources/probe
   */
  PodSpec reading(String claim, String script, Duration deadline) {
    var planned = pod.getSecurityContext();
    if (planned == null || planned.getFsGroup() == null) {
      return spec(claim, script, deadline, true, planned);
    }
    return spec(
        claim,
        script,
        deadline,
        true,
        new PodSecurityContextBuilder(planned)
            .withFsGroup(null)
            .withFsGroupChangePolicy(null)
            .addToSupplementalGroups(planned.getFsGroup())
            .build());
  }

  private PodSpec spec(
      String claim,
      String script,
      Duration deadline,
      boolean readOnly,
      @Nullable PodSecurityContext security) {
    return HelperPod.like(pod)
        .withActiveDeadlineSeconds(deadline.toSeconds())
        .withSecurityContext(security)
        .withContainers(container(script, readOnly))
        .addNewVolume()
        .withName(VOLUME)
        .withNewPersistentVolumeClaim(claim, readOnly)
        .endVolume()
        .build();
  }

  private Container container(String script, boolean readOnly) {
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
        .withReadOnly(readOnly)
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
    try (var in = ProbePod.class.getResourceAsStream("/probe/" + script)) {
      if (in == null) {
        throw new IllegalStateException("no script " + script);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
