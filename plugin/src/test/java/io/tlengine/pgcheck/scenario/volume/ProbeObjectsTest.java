package io.tlengine.pgcheck.scenario.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.tlengine.pgcheck.plan.Plan.PlannedClaim;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProbeObjectsTest {

  private static final Duration DEADLINE = Duration.ofSeconds(90);
  private static final Job OWNER =
      new JobBuilder().withNewMetadata().withName("p").withUid("u-1").endMetadata().build();

  private static ProbeObjects objects(PodSpec pod) {
    return new ProbeObjects(
        "p",
        new PlannedClaim("db", "data-db-0", Optional.of("fast"), "3Gi", List.of("ReadWriteOnce")),
        new ProbePod(
            new ContainerBuilder().withName("postgres").withImage("postgres:17").build(), pod));
  }

  private static PodSpec asUser(long user) {
    return new PodSpecBuilder()
        .withNodeSelector(Map.of("disk", "ssd"))
        .withNewSecurityContext()
        .withRunAsUser(user)
        .withFsGroup(user)
        .endSecurityContext()
        .build();
  }

  @Test
  void theClaimIsLikeThePlannedOneAndTheJobOwnsIt() {
    var claim = objects(asUser(999)).claim(OWNER);

    assertEquals("fast", claim.getSpec().getStorageClassName());
    assertEquals(
        Map.of("storage", new Quantity("3Gi")), claim.getSpec().getResources().getRequests());
    assertEquals(List.of("ReadWriteOnce"), claim.getSpec().getAccessModes());
    assertEquals("u-1", claim.getMetadata().getOwnerReferences().getFirst().getUid());
  }

  @Test
  void theJobHasNoPodOfItsOwnAndEndsByItself() {
    var spec = objects(asUser(999)).job(DEADLINE).getSpec();

    assertEquals(0, spec.getParallelism());
    assertEquals(90L, spec.getActiveDeadlineSeconds());
    assertTrue(spec.getTtlSecondsAfterFinished() > 0);
  }

  @Test
  void thePodGoesWhereTheDatabaseGoesAndIsRestricted() {
    var pod = objects(asUser(999)).pod(OWNER, "write.sh", DEADLINE);
    var security = pod.getSpec().getContainers().getFirst().getSecurityContext();

    assertEquals("u-1", pod.getMetadata().getOwnerReferences().getFirst().getUid());
    assertEquals(Map.of("disk", "ssd"), pod.getSpec().getNodeSelector());
    assertNull(pod.getSpec().getNodeName());
    assertFalse(pod.getSpec().getAutomountServiceAccountToken());
    assertFalse(security.getAllowPrivilegeEscalation());
    assertTrue(security.getRunAsNonRoot());
    assertEquals(List.of("ALL"), security.getCapabilities().getDrop());
    assertEquals("RuntimeDefault", security.getSeccompProfile().getType());
  }

  @Test
  void aPlanThatLeavesTheUserToTheImageGetsNoOther() {
    var pod = objects(new PodSpecBuilder().build()).pod(OWNER, "read.sh", DEADLINE);

    assertNull(pod.getSpec().getContainers().getFirst().getSecurityContext().getRunAsNonRoot());
    assertEquals("p-read", pod.getMetadata().getName());
  }
}
