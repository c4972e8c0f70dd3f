package io.tlengine.pgcheck.check.storage;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.plan.StoragePlan.SetStorage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessModeSupportedCheckTest {

  private final StorageSituation situation = new StorageSituation();

  private Outcome judge() {
    return situation.judge(new AccessModeSupportedCheck());
  }

  private void claim(String provisioner, String... modes) {
    situation.storageClass =
        StorageSituation.storageClass("fast", provisioner, "WaitForFirstConsumer", true);
    situation.planned.set(0, StorageSituation.claim(0, "1Gi", modes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rancher.io/local-path", "kubernetes.io/aws-ebs", "csi.hetzner.cloud"})
  void manyNodesOnADiskOfOneFails(String provisioner) {
    claim(provisioner, "ReadWriteMany");

    var finding = onlyFinding(judge());

    assertEquals(Severity.ERROR, finding.severity());
    assertTrue(
        finding.message().contains("data-tl-postgres-0 asks for ReadWriteMany, and file systems"));
  }

  @Test
  void aDriverOfWhichNothingIsKnownPasses() {
    claim("share.example.com", "ReadWriteMany");

    passed(judge());
  }

  @Test
  void oneNodePassesAndAKnownCsiDriverCouldDoOnePod() {
    claim("rancher.io/local-path", "ReadWriteOnce");
    passed(judge());

    claim(StorageSituation.DRIVER, "ReadWriteOncePod");
    assertEquals(List.of("ReadWriteOncePod"), passed(judge()).get("accessModes"));

    claim(StorageSituation.DRIVER, "ReadWriteOnce");
    var finding = onlyFinding(judge());
    assertEquals(Severity.INFO, finding.severity());
    assertTrue(finding.message().contains("ReadWriteOncePod would let one pod alone"));
  }

  @Test
  void rawBlockVolumesAreLeftOut() {
    claim("csi.hetzner.cloud", "ReadWriteMany");
    situation.set = new SetStorage("tl-postgres", false, true, "Retain", "Retain", List.of("data"));

    assertSkipped("all open claims are raw block volumes", judge());
  }

  @Test
  void withoutClaimsItIsSkipped() {
    situation.planned.clear();

    assertSkipped("the release makes no claims", judge());
  }
}
