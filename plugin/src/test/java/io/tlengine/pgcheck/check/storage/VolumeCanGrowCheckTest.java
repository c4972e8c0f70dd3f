package io.tlengine.pgcheck.check.storage;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tlengine.pgcheck.check.Severity;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VolumeCanGrowCheckTest {

  private final StorageSituation situation = new StorageSituation();
  private final VolumeCanGrowCheck check = new VolumeCanGrowCheck();

  @Test
  void anExpandableClassPasses() {
    assertEquals(Map.of("fast", true), passed(situation.judge(check)).get("allowVolumeExpansion"));
  }

  @Test
  void anotherIsInformationWithTheSizeThatWillStay() {
    situation.storageClass =
        StorageSituation.storageClass(
            "fast", StorageSituation.DRIVER, "WaitForFirstConsumer", false);

    var finding = onlyFinding(situation.judge(check));

    assertEquals(Severity.INFO, finding.severity());
    assertEquals(
        "the class fast does not allow expansion: data-tl-postgres-0 will stay at 1Gi",
        finding.message());
  }

  @Test
  void whatIsBoundOrHasNoClaimIsSkipped() {
    situation.existing.add(
        StorageSituation.old("Bound", "fast", StorageSituation.GIB, Optional.empty()));
    assertSkipped("all claims have their volumes already", situation.judge(check));

    situation.planned.clear();
    assertSkipped("the release makes no claims", situation.judge(check));
  }
}
