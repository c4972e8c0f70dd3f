package io.tlengine.pgcheck.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodShapeTest {

  private static Container container(String cpu) {
    var resources = new ResourceRequirements();
    resources.setRequests(Map.of("cpu", new Quantity(cpu)));
    return new ContainerBuilder().withName("c").withResources(resources).build();
  }

  private static Container sidecar(String cpu) {
    return new ContainerBuilder(container(cpu)).withRestartPolicy("Always").build();
  }

  private static String cpu(PodSpecBuilder pod) {
    return Amounts.text("cpu", PodShape.of(pod.build()).requests().get("cpu"));
  }

  @Test
  void initContainersRunOneAfterTheOtherSoTheGreatestCounts() {
    var pod = new PodSpecBuilder().withContainers(container("100m"), container("200m"));

    assertEquals("300m", cpu(pod));
    assertEquals("500m", cpu(pod.withInitContainers(container("500m"), container("400m"))));
    assertEquals("300m", cpu(pod.withInitContainers(container("250m"))));
  }

  @Test
  void aSidecarRunsBesideWhatComesAfterIt() {
    var pod = new PodSpecBuilder().withContainers(container("300m"));

    assertEquals("400m", cpu(pod.withInitContainers(sidecar("100m"), container("200m"))));
    assertEquals("700m", cpu(pod.withInitContainers(sidecar("100m"), container("600m"))));
    // Before the sidecar only the init container runs.
    assertEquals("600m", cpu(pod.withInitContainers(container("600m"), sidecar("100m"))));
  }

  @Test
  void overheadIsAddedAndThePodsOwnRequestReplacesTheSum() {
    var pod =
        new PodSpecBuilder()
            .withContainers(container("300m"))
            .withOverhead(Map.of("cpu", new Quantity("50m")));
    var own = new ResourceRequirements();
    own.setRequests(Map.of("cpu", new Quantity("1")));

    assertEquals("350m", cpu(pod));
    assertEquals("1050m", cpu(pod.withResources(own)));
  }

  @Test
  void aLimitAloneIsTheRequestToo() {
    var resources = new ResourceRequirements();
    resources.setLimits(Map.of("memory", new Quantity("1.5Gi")));
    var shape =
        PodShape.of(
            new PodSpecBuilder()
                .withContainers(new ContainerBuilder().withResources(resources).build())
                .build());

    assertEquals("1.5Gi", Amounts.text("memory", shape.requests().get("memory")));
    assertFalse(shape.bestEffort());
    assertTrue(
        PodShape.of(new PodSpecBuilder().withContainers(new Container()).build()).bestEffort());
  }

  @Test
  void whatIsNoAmountIsLeftOut() {
    assertEquals(Amounts.NONE, Amounts.of(Map.of("cpu", new Quantity("much"))));
  }
}
