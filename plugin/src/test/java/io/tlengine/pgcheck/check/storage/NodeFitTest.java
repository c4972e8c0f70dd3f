package io.tlengine.pgcheck.check.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Taint;
import io.tlengine.pgcheck.fact.StorageNodes.StorageNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By the scheduler's own rules (v1 NodeSelectorRequirement, Toleration). */
class NodeFitTest {

  private static final PodSpec ANY = new PodSpecBuilder().build();

  private static StorageNode node(boolean unschedulable, Taint... taints) {
    return new StorageNode(
        "node1", Map.of("disk", "ssd", "cores", "8"), unschedulable, List.of(taints));
  }

  private static PodSpec affine(String key, String operator, String... values) {
    return new PodSpecBuilder()
        .withNewAffinity()
        .withNewNodeAffinity()
        .withNewRequiredDuringSchedulingIgnoredDuringExecution()
        .addNewNodeSelectorTerm()
        .addToMatchExpressions(new NodeSelectorRequirement(key, operator, List.of(values)))
        .endNodeSelectorTerm()
        .endRequiredDuringSchedulingIgnoredDuringExecution()
        .endNodeAffinity()
        .endAffinity()
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "disk, In, ssd, true",
    "disk, In, hdd, false",
    "zone, In, a, false",
    "disk, NotIn, ssd, false",
    "zone, NotIn, a, true",
    "disk, Exists, , true",
    "zone, Exists, , false",
    "zone, DoesNotExist, , true",
    "disk, DoesNotExist, , false",
    "cores, Gt, 4, true",
    "cores, Gt, 8, false",
    "zone, Gt, 4, false",
    "cores, Lt, 16, true",
    "zone, Lt, 16, false",
  })
  void requiredAffinity(String key, String operator, String value, boolean fits) {
    var pod = value == null ? affine(key, operator) : affine(key, operator, value);

    assertEquals(fits, NodeFit.eligible(pod, node(false)));
  }

  @Test
  void aTermByTheNodesName() {
    var pod =
        new PodSpecBuilder()
            .withNewAffinity()
            .withNewNodeAffinity()
            .withNewRequiredDuringSchedulingIgnoredDuringExecution()
            .addNewNodeSelectorTerm()
            .addToMatchFields(new NodeSelectorRequirement("metadata.name", "In", List.of("node2")))
            .endNodeSelectorTerm()
            .endRequiredDuringSchedulingIgnoredDuringExecution()
            .endNodeAffinity()
            .endAffinity()
            .build();

    assertFalse(NodeFit.eligible(pod, node(false)));
  }

  @Test
  void aCordonedNodeGetsNoPod() {
    assertTrue(NodeFit.eligible(ANY, node(false)));
    assertFalse(NodeFit.eligible(ANY, node(true)));
  }

  @Test
  void taintsKeepAwayWhoDoesNotTolerateThem() {
    var taint = new Taint("NoExecute", "dedicated", null, "db");
    var tolerating =
        new PodSpecBuilder()
            .addNewToleration()
            .withKey("dedicated")
            .withValue("db")
            .endToleration()
            .build();
    var others =
        new PodSpecBuilder()
            .addNewToleration()
            .withKey("dedicated")
            .withValue("web")
            .endToleration()
            .build();

    assertFalse(NodeFit.eligible(ANY, node(false, taint)));
    assertTrue(NodeFit.eligible(tolerating, node(false, taint)));
    assertFalse(NodeFit.eligible(others, node(false, taint)));
    assertTrue(
        NodeFit.eligible(ANY, node(false, new Taint("PreferNoSchedule", "dedicated", null, "db"))));
  }

  @Test
  void whoToleratesEverythingGoesEverywhere() {
    var pod =
        new PodSpecBuilder().addNewToleration().withOperator("Exists").endToleration().build();

    assertTrue(NodeFit.eligible(pod, node(true, new Taint("NoSchedule", "a", null, "b"))));
  }

  @Test
  void selectorsOnLabels() {
    var labels = Map.of("zone", "a");
    var byLabel = new LabelSelectorBuilder().addToMatchLabels("zone", "a").build();
    var other = new LabelSelectorBuilder().addToMatchLabels("zone", "b").build();
    var byRule =
        new LabelSelectorBuilder()
            .addToMatchExpressions(new LabelSelectorRequirement("zone", "NotIn", List.of("a")))
            .build();

    assertTrue(NodeFit.matches(byLabel, labels));
    assertFalse(NodeFit.matches(other, labels));
    assertFalse(NodeFit.matches(byRule, labels));
    assertFalse(NodeFit.matches(null, labels));
    assertTrue(NodeFit.matches(new LabelSelectorBuilder().build(), labels));
  }
}
