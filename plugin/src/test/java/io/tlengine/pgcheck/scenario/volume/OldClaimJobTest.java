package io.tlengine.pgcheck.scenario.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OldClaimJobTest {

  private static Job job() {
    return new OldClaimJob(
            "pgcheck-claim-x",
            "data-db-0",
            new ProbePod(
                new ContainerBuilder().withName("postgres").withImage("postgres:17").build(),
                new PodSpecBuilder()
                    .withNewSecurityContext()
                    .withRunAsUser(999L)
                    .withFsGroup(998L)
                    .withFsGroupChangePolicy("Always")
                    .withSupplementalGroups(7L)
                    .endSecurityContext()
                    .addNewImagePullSecret("registry")
                    .build()))
        .job(Duration.ofSeconds(90));
  }

  @Test
  void itEndsByItselfAndIsTriedOnce() {
    var spec = job().getSpec();

    assertEquals(90L, spec.getActiveDeadlineSeconds());
    assertEquals(0, spec.getBackoffLimit());
    assertTrue(spec.getTtlSecondsAfterFinished() > 0);
    assertEquals("Never", spec.getTemplate().getSpec().getRestartPolicy());
  }

  @Test
  void theClaimIsReadOnlyAndItsFilesKeepTheirGroups() {
    var pod = job().getSpec().getTemplate().getSpec();

    var claim = pod.getVolumes().getFirst().getPersistentVolumeClaim();
    assertEquals("data-db-0", claim.getClaimName());
    assertTrue(claim.getReadOnly());
    assertTrue(pod.getContainers().getFirst().getVolumeMounts().getFirst().getReadOnly());
    assertNull(pod.getSecurityContext().getFsGroup());
    assertNull(pod.getSecurityContext().getFsGroupChangePolicy());
    assertEquals(List.of(7L, 998L), pod.getSecurityContext().getSupplementalGroups());
  }

  @Test
  void itHasTheImageUserAndPullSecretsOfTheDatabase() {
    var pod = job().getSpec().getTemplate().getSpec();

    assertEquals("postgres:17", pod.getContainers().getFirst().getImage());
    assertEquals(999L, pod.getSecurityContext().getRunAsUser());
    assertEquals("registry", pod.getImagePullSecrets().getFirst().getName());
  }
}
