package io.tlengine.pgcheck.check.storage;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Taint;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.StorageClasses.StorageClassFact;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BindingModeSuitsCheckTest {

  private final StorageSituation situation = new StorageSituation();

  private Outcome judge() {
    return situation.judge(new BindingModeSuitsCheck());
  }

  private void immediate() {
    situation.storageClass =
        StorageSituation.storageClass("fast", StorageSituation.DRIVER, "Immediate", true);
  }

  private void podOn(String zone) {
    situation.pod = new PodSpecBuilder().addToNodeSelector("disk", zone).build();
  }

  @Test
  void aClassThatWaitsForThePodPasses() {
    assertEquals(Map.of("fast", "WaitForFirstConsumer"), passed(judge()).get("bindingModes"));
  }

  @Test
  void immediateWithNodesInTwoZonesIsWarnedOf() {
    immediate();

    var finding = onlyFinding(judge());

    assertEquals(Severity.WARNING, finding.severity());
    assertEquals("StorageClass/fast", finding.subject());
    assertTrue(
        finding
            .message()
            .contains(
                "the 2 nodes that may get the pod are in 2 places for disk.example.com"
                    + " (topology.example.com/zone=a; topology.example.com/zone=b)"),
        finding.message());
    assertTrue(finding.remedy().contains("fast-wait"), finding.remedy());
  }

  @Test
  void nodesThatThePodDoesNotSelectDoNotCount() {
    immediate();
    podOn("a");

    passed(judge());
  }

  @Test
  void aTaintedNodeCountsOnlyForAPodThatToleratesIt() {
    immediate();
    situation.nodes.clear();
    situation.onNodes.clear();
    situation.node("node1", "a");
    situation.node("node2", "b", new Taint("NoSchedule", "dedicated", null, "gpu"));
    passed(judge());

    situation.pod =
        new PodSpecBuilder()
            .addNewToleration()
            .withKey("dedicated")
            .withOperator("Exists")
            .endToleration()
            .build();
    onlyFinding(judge());
  }

  @Test
  void nodesOutsideOfTheAllowedTopologiesDoNotCount() {
    var fast = StorageSituation.storageClass("fast", StorageSituation.DRIVER, "Immediate", true);
    situation.storageClass =
        new StorageClassFact(
            fast.name(),
            fast.provisioner(),
            true,
            fast.created(),
            fast.bindingMode(),
            true,
            "Delete",
            List.of(Map.of(StorageSituation.ZONE, List.of("b"))));

    passed(judge());
  }

  @Test
  void aDriverWithoutTopologyReachesItsVolumesFromEverywhere() {
    immediate();
    situation.onNodes.clear();

    passed(judge());
  }

  @Test
  void aProvisionerThatNeedsThePodsNodeIsWarnedOfEvenOnOneNode() {
    situation.storageClass =
        StorageSituation.storageClass("local", "rancher.io/local-path", "Immediate", false);
    situation.nodes.removeLast();

    assertTrue(onlyFinding(judge()).message().contains("the claim stays Pending"));
  }

  @Test
  void aClaimThatIsBoundIsNotJudged() {
    immediate();
    situation.existing.add(
        StorageSituation.old("Bound", "fast", StorageSituation.GIB, Optional.of("tl")));

    assertSkipped("all claims have their volumes already", judge());
  }

  @Test
  void withoutClaimsItIsSkipped() {
    situation.planned.clear();

    assertSkipped("the release makes no claims", judge());
  }
}
