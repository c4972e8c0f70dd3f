package io.tlengine.pgcheck.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkloadReaderTest {

  private static DeploymentBuilder deployment(int replicas) {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName("app")
        .endMetadata()
        .withNewSpec()
        .withReplicas(replicas)
        .withNewTemplate()
        .withNewSpec()
        .endSpec()
        .endTemplate()
        .endSpec();
  }

  private static Workload only(HasMetadata... manifests) {
    return WorkloadReader.read(List.of(manifests)).getFirst();
  }

  private static Workload rolling(int replicas, IntOrString surge) {
    return only(
        deployment(replicas)
            .editSpec()
            .withNewStrategy()
            .withNewRollingUpdate()
            .withMaxSurge(surge)
            .endRollingUpdate()
            .endStrategy()
            .endSpec()
            .build());
  }

  @Test
  void anAutoscalerDecidesHowManyPodsThereCanBe() {
    var scaler =
        new HorizontalPodAutoscalerBuilder()
            .withNewMetadata()
            .withName("app")
            .endMetadata()
            .withNewSpec()
            .withNewScaleTargetRef()
            .withKind("Deployment")
            .withName("app")
            .endScaleTargetRef()
            .withMaxReplicas(8)
            .endSpec()
            .build();

    assertEquals(8, only(deployment(2).build(), scaler).maxReplicas());
    assertEquals(2, only(deployment(2).build()).maxReplicas());
  }

  @Test
  void aRollingUpdateAddsAQuarterRoundedUpUnlessTheManifestSaysMore() {
    assertEquals(1, only(deployment(1).build()).surge());
    assertEquals(2, only(deployment(5).build()).surge());
    assertEquals(3, rolling(5, new IntOrString("50%")).surge());
    assertEquals(4, rolling(5, new IntOrString(4)).surge());
    assertEquals(0, rolling(5, new IntOrString("0%")).surge());
  }

  @Test
  void recreatingAddsNone() {
    var recreate =
        deployment(5)
            .editSpec()
            .withNewStrategy()
            .withType("Recreate")
            .endStrategy()
            .endSpec()
            .build();

    assertEquals(0, only(recreate).surge());
  }

  @Test
  void aHookSaysWhenItRuns() {
    var job =
        new JobBuilder()
            .withNewMetadata()
            .withName("migrate")
            .addToAnnotations("helm.sh/hook", "pre-install, pre-upgrade")
            .addToAnnotations("helm.sh/hook-weight", "-5")
            .endMetadata()
            .withNewSpec()
            .withNewTemplate()
            .withNewSpec()
            .endSpec()
            .endTemplate()
            .endSpec()
            .build();

    var hook = only(job).hook().orElseThrow();

    assertEquals(List.of("pre-install", "pre-upgrade"), hook.events());
    assertEquals(-5, hook.weight());
    assertTrue(hook.before());
    assertFalse(hook.test());
    assertEquals(Optional.empty(), only(deployment(1).build()).hook());
  }

  @Test
  void secretsThatAManifestWritesOutDoNotGetIntoThePlan() {
    var container =
        new ContainerBuilder()
            .withName("app")
            .addToEnv(new EnvVar("POSTGRES_PASSWORD", "S3cret", null))
            .addToEnv(new EnvVar("DATABASE_URL", "postgres://app:S3cret@db/engine", null))
            .addToEnv(new EnvVar("BACKUP", "postgres://app:S3cret@db/engine", null))
            .addToEnv(new EnvVar("PGDATA", "/data/pgdata", null))
            .addToEnv(new EnvVar("DB_POOL_MAX", "20", null))
            .withCommand("sh", "-c", "PGPASSWORD=S3cret psql; PGPASSWORD='S3cret S3cret' psql")
            .withArgs(
                "--url=postgresql://app:S3cret@db/engine?sslmode=require",
                "--db-password",
                "S3cret",
                "--password S3cret",
                "{\"password\": \"S3cret and S3cret\"}",
                "--no-password",
                "engine")
            .withNewLivenessProbe()
            .withNewExec()
            .withCommand("psql", "postgres://app:S3cret@localhost/engine")
            .endExec()
            .endLivenessProbe()
            .withNewReadinessProbe()
            .withNewHttpGet()
            .withPath("/ready?token=S3cret")
            .addNewHttpHeader("Authorization", "Bearer S3cret")
            .addNewHttpHeader("Host", "engine")
            .endHttpGet()
            .endReadinessProbe()
            .withNewLifecycle()
            .withNewPreStop()
            .withNewExec()
            .withCommand("stop", "--token", "S3cret")
            .endExec()
            .endPreStop()
            .endLifecycle()
            .build();
    var manifest =
        deployment(1)
            .editSpec()
            .editTemplate()
            .editSpec()
            .withContainers(container)
            .endSpec()
            .endTemplate()
            .endSpec()
            .build();

    var asWritten = manifest.toString();
    assertTrue(asWritten.contains("S3cret"));
    PodSpec pod = only(manifest).pod();
    Container clean = pod.getContainers().getFirst();

    assertFalse(pod.toString().contains("S3cret"), pod::toString);
    assertEquals("/data/pgdata", clean.getEnv().get(3).getValue());
    assertEquals("20", clean.getEnv().get(4).getValue());
    assertEquals("engine", clean.getArgs().getLast());
    assertEquals(
        "engine", clean.getReadinessProbe().getHttpGet().getHttpHeaders().get(1).getValue());
    // The manifest itself stays as it is: the API server gets to see it.
    assertEquals(asWritten, manifest.toString());
  }
}
