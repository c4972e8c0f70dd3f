package io.tlengine.pgcheck.check.release;

import static io.tlengine.pgcheck.check.Outcomes.findings;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.FieldConflicts;
import io.tlengine.pgcheck.fact.FieldConflicts.FieldConflict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UpgradeKeepsItsFieldsCheckTest {

  private static final FieldConflict REPLICAS =
      new FieldConflict("Deployment/tl-engine", ".spec.replicas", "kubectl", "3", "1");

  private static Outcome judge(FieldConflict... conflicts) {
    var check = new UpgradeKeepsItsFieldsCheck();
    return check.evaluate(
        new Facts(Situations.NOW, Map.of())
            .with(FactKey.FIELD_CONFLICTS, Fact.known(new FieldConflicts(7, List.of(conflicts))))
            .with(FactKey.INSTALL_COMMAND, Fact.known(Situations.INSTALL))
            .view(check.facts()));
  }

  @Test
  void noConflictPasses() {
    assertEquals(7, passed(judge()).get("objects"));
  }

  @Test
  void aConflictNamesFieldManagerAndValues() {
    var finding = onlyFinding(judge(REPLICAS));

    assertEquals("Deployment/tl-engine", finding.subject());
    assertEquals(
        "the field .spec.replicas belongs to kubectl, is 3, wanted 1: Helm's server-side apply"
            + " stops there",
        finding.message());
    assertTrue(finding.remedy().contains("--force-conflicts"), finding.remedy());
    assertTrue(
        finding.remedy().endsWith("Deployment/tl-engine -n shop -o yaml --show-managed-fields"),
        finding.remedy());
  }

  @Test
  void eachFieldIsAFindingAndAValueThatIsNotShownIsLeftOut() {
    var secret = new FieldConflict("Secret/x", ".data.a", "kubectl", "(not shown)", "(not shown)");

    var findings = findings(judge(REPLICAS, secret));

    assertEquals(2, findings.size());
    assertEquals(
        "the field .data.a belongs to kubectl: Helm's server-side apply stops there",
        findings.getLast().message());
  }
}
