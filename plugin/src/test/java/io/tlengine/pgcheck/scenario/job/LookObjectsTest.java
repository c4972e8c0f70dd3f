package io.tlengine.pgcheck.scenario.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.tlengine.pgcheck.gather.saved.LookOrder;
import io.tlengine.pgcheck.plan.Plan.UrlSource;
import io.tlengine.pgcheck.plan.UrlRole;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LookObjectsTest {

  private static final PodSpec APPLICATION =
      new PodSpecBuilder()
          .withDnsPolicy("None")
          .withNewDnsConfig()
          .withNameservers("192.0.2.53")
          .endDnsConfig()
          .addNewHostAlias()
          .withIp("192.0.2.7")
          .withHostnames("db")
          .endHostAlias()
          .withNodeSelector(Map.of("disk", "ssd"))
          .build();

  private static Job job() {
    var order =
        new LookOrder(
            "pgcheck-look-x",
            List.of(
                new UrlSource(UrlRole.RUNTIME, "Deployment/$(PATH)", "DATABASE_URL", "pg", "url")),
            Optional.empty(),
            List.of("connection"),
            "None",
            15_000);
    return new LookObjects(
            "pgcheck-look-x", "pgcheck:dev", "engine", Map.of("app", "engine"), APPLICATION)
        .job(order, Duration.ofSeconds(90));
  }

  private static PodSpec pod() {
    return job().getSpec().getTemplate().getSpec();
  }

  @Test
  void itEndsByItselfAndIsTriedOnce() {
    var spec = job().getSpec();

    assertEquals(90L, spec.getActiveDeadlineSeconds());
    assertEquals(0, spec.getBackoffLimit());
    assertTrue(spec.getTtlSecondsAfterFinished() > 0);
  }

  @Test
  void itsPodStandsWhereTheApplicationStands() {
    assertEquals(
        Map.of("app", "engine", "pgcheck.io/helper", "cluster-look"),
        job().getSpec().getTemplate().getMetadata().getLabels());
    assertEquals("None", pod().getDnsPolicy());
    assertEquals(List.of("192.0.2.53"), pod().getDnsConfig().getNameservers());
    assertEquals("192.0.2.7", pod().getHostAliases().getFirst().getIp());
    assertEquals(Map.of("disk", "ssd"), pod().getNodeSelector());
    assertEquals("engine", pod().getServiceAccountName());
  }

  /** Kubernetes: a pod is ready when all conditions of its gates are, too. */
  @Test
  void itsPodIsNeverReadySoNoServiceSendsItClients() {
    assertEquals("pgcheck.io/never-ready", pod().getReadinessGates().getFirst().getConditionType());
  }

  @Test
  void itsPodIsRestricted() {
    var security = pod().getContainers().getFirst().getSecurityContext();

    assertFalse(pod().getAutomountServiceAccountToken());
    assertTrue(pod().getSecurityContext().getRunAsNonRoot());
    assertEquals("RuntimeDefault", pod().getSecurityContext().getSeccompProfile().getType());
    assertFalse(security.getAllowPrivilegeEscalation());
    assertTrue(security.getReadOnlyRootFilesystem());
    assertEquals(List.of("ALL"), security.getCapabilities().getDrop());
  }

  @Test
  void urlsComeByReferenceAndAMissingSecretDoesNotKeepItFromStarting() {
    var reference =
        pod().getContainers().getFirst().getEnv().stream()
            .filter(e -> e.getName().equals("PGCHECK_URL_0"))
            .map(e -> e.getValueFrom().getSecretKeyRef())
            .findFirst()
            .orElseThrow();

    assertEquals("pg", reference.getName());
    assertEquals("url", reference.getKey());
    assertTrue(reference.getOptional());
  }

  @Test
  void theKubeletExpandsNothingInTheOrder() {
    assertTrue(
        pod().getContainers().getFirst().getEnv().stream()
            .filter(e -> e.getName().equals(LookOrder.VARIABLE))
            .map(EnvVar::getValue)
            .allMatch(v -> v.contains("$$(PATH)")));
  }
}
