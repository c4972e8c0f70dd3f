package io.tlengine.pgcheck.check.storage;

import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.VolumeProbe;
import io.tlengine.pgcheck.fact.VolumeProbe.Ending;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VolumeProvesItselfCheckTest {

  private static Outcome judge(Ending ending) {
    return Situations.judge(
        new VolumeProvesItselfCheck(),
        FactKey.VOLUME_PROBE,
        new VolumeProbe("data-db-0", "fast", "1Gi", ending));
  }

  private static Ending kept(long fileSystem) {
    return new Ending.Kept(
        2_345, List.of(900L, 1_500L, 9_000L), Optional.of(fileSystem), "node1", "node2");
  }

  @Test
  void keptDataPassesWithItsTimes() {
    var evidence = passed(judge(kept(1L << 30)));

    assertEquals(2_345L, evidence.get("provisioningMillis"));
    assertEquals("1.50 ms", evidence.get("flushMedian"));
    assertEquals("9.00 ms", evidence.get("flushWorst"));
    assertEquals("node2", evidence.get("readOn"));
    assertFalse(evidence.containsKey("note"));
  }

  @Test
  void aFileSystemMuchLargerThanTheClaimIsNoted() {
    assertEquals(
        "much larger than the claim: its size is not enforced",
        passed(judge(kept(1L << 40))).get("note"));
  }

  @Test
  void otherDataFails() {
    assertTrue(
        onlyFinding(judge(new Ending.Lost("12 1048576", "nothing")))
            .message()
            .contains("the second pod read nothing, the first had written 12 1048576"));
  }

  @Test
  void noVolumeFailsWithTheProvisionersWords() {
    var finding = onlyFinding(judge(new Ending.NotProvisioned(75_400, "ProvisioningFailed: full")));

    assertEquals(
        "a claim of 1Gi with the class fast got no volume within 75 s, wanted: Bound",
        finding.message());
    assertEquals("ProvisioningFailed: full", finding.detail());
  }

  @Test
  void aVolumeThatCannotBeUsedFails() {
    var finding = onlyFinding(judge(new Ending.NotUsable("write", "Permission denied")));

    assertTrue(finding.message().endsWith("that the pod could not write"), finding.message());
    assertEquals("Permission denied", finding.detail());
  }

  @Test
  void whatShowsNothingAboutTheVolumeIsUnknown() {
    assertEquals(
        new Outcome.Unknown("no shell", "other image"),
        unknown(judge(new Ending.Undecided("no shell", "other image"))));
  }
}
