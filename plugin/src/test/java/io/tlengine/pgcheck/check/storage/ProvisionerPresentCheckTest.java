package io.tlengine.pgcheck.check.storage;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.CheckRunner;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.StorageDrivers.Driver;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProvisionerPresentCheckTest {

  private final StorageSituation situation = new StorageSituation();

  private Outcome judge() {
    return situation.judge(new ProvisionerPresentCheck());
  }

  private void provisioner(String name) {
    situation.storageClass =
        StorageSituation.storageClass("fast", name, "WaitForFirstConsumer", true);
  }

  private void assertSeen(String trace, String provisioner) {
    assertEquals(Map.of(provisioner, trace), passed(judge()).get("provisioners"));
  }

  @Test
  void eachTraceAloneIsEnough() {
    assertSeen("CSIDriver, on 2 nodes", StorageSituation.DRIVER);

    situation.registered.clear();
    situation.onNodes.removeLast();
    assertSeen("on 1 node", StorageSituation.DRIVER);

    situation.onNodes.clear();
    situation.makers = Set.of(StorageSituation.DRIVER);
    assertSeen("made a volume", StorageSituation.DRIVER);
  }

  @Test
  void aDriverWithoutAnyTraceFailsAndNamesThoseThatAreThere() {
    situation.noDriver();
    situation.registered.add(new Driver("nfs.example.com", false, false));

    var finding = onlyFinding(judge());

    assertEquals("StorageClass/fast", finding.subject());
    assertEquals(
        "the driver disk.example.com of the class fast is not installed: no CSIDriver, no node has"
            + " it, and no volume was ever made by it; the cluster has nfs.example.com, so"
            + " data-tl-postgres-0 would stay Pending",
        finding.message());
  }

  @Test
  void anInTreeNameCountsAsTheDriverItIsRedirectedTo() {
    provisioner("kubernetes.io/aws-ebs");
    var finding = onlyFinding(judge());
    assertTrue(finding.message().contains("ebs.csi.aws.com (which serves kubernetes.io/aws-ebs)"));

    situation.registered.add(new Driver("ebs.csi.aws.com", false, true));
    assertSeen("CSIDriver", "kubernetes.io/aws-ebs");
  }

  @Test
  void aProvisionerThatRegistersNowhereIsSkippedUntilItMadeAVolume() {
    provisioner("rancher.io/local-path");
    assertSkipped(
        "rancher.io/local-path is no CSI driver and registers nowhere; --probe-volume shows whether"
            + " it works",
        judge());

    situation.makers = Set.of("rancher.io/local-path");
    assertSeen("made a volume", "rancher.io/local-path");
  }

  @Test
  void volumesMadeByHandNeedNoDriver() {
    provisioner("kubernetes.io/no-provisioner");

    assertSeen("volumes are made by hand", "kubernetes.io/no-provisioner");
  }

  @Test
  void withoutTheRightToListVolumesItIsUnknown() {
    situation.noDriver();
    var facts =
        situation
            .facts()
            .with(
                FactKey.VOLUME_MAKERS,
                Fact.unavailable("you may not list persistentvolumes", "grant it"));

    var answer = CheckRunner.run(List.of(new ProvisionerPresentCheck()), facts, Map.of());

    assertEquals(
        new Outcome.Unknown("you may not list persistentvolumes", "grant it"),
        answer.getFirst().outcome());
  }
}
