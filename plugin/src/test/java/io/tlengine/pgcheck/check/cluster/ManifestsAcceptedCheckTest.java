package io.tlengine.pgcheck.check.cluster;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.DryRuns;
import io.tlengine.pgcheck.fact.DryRuns.Answer;
import io.tlengine.pgcheck.fact.DryRuns.DryRun;
import io.tlengine.pgcheck.fact.FactKey;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ManifestsAcceptedCheckTest {

  private static Outcome judge(DryRun... tried) {
    return Situations.judge(
        new ManifestsAcceptedCheck(), FactKey.DRY_RUNS, new DryRuns("shop", Arrays.asList(tried)));
  }

  private static DryRun tried(String subject, String part, Answer answer) {
    return new DryRun(subject, part, answer);
  }

  @Test
  void anUnknownFieldIsNamedWithTheWayToFindTheRightOne() {
    var finding =
        onlyFinding(
            judge(
                tried(
                    "Deployment/a",
                    "the manifest",
                    new Answer.Rejected(400, "BadRequest", "unknown field \"spec.replica\""))));

    assertTrue(finding.message().contains("spec.replica"), finding.message());
    assertTrue(
        finding.remedy().endsWith("kubectl explain deployment --recursive"), finding.remedy());
  }

  @Test
  void anImmutableFieldIsNamedWithTheObjectToDelete() {
    assertTrue(
        onlyFinding(
                judge(
                    tried(
                        "Job/a",
                        "the manifest",
                        new Answer.Rejected(422, "Invalid", "spec.template: field is immutable"))))
            .remedy()
            .endsWith("kubectl delete job/a -n shop"));
  }

  @Test
  void aNamespaceThatNobodyMakesIsNamedWithBothWays() {
    var finding =
        onlyFinding(judge(tried("Namespace/shop", "the namespace", new Answer.NoNamespace())));

    assertEquals(
        "the namespace shop does not exist and --create-namespace is not given", finding.message());
    assertEquals("kubectl create namespace shop; or add --create-namespace", finding.remedy());
  }

  @Test
  void oneThatCouldNotBeTriedLeavesItUnknownButARefusalFails() {
    var open =
        tried("Deployment/b", "its claim", new Answer.Undecided("forbidden: you may not", "grant"));
    var bad = tried("Deployment/c", "its claim", new Answer.Rejected(403, "Forbidden", "no"));

    assertEquals(
        new Outcome.Unknown("forbidden: you may not (Deployment/b)", "grant"),
        unknown(judge(tried("Deployment/a", "its pod", new Answer.Accepted()), open)));
    onlyFinding(judge(open, bad));
  }

  @Test
  void allAcceptedPassesAndNothingToTryIsSkipped() {
    assertEquals(
        1, passed(judge(tried("Deployment/a", "its pod", new Answer.Accepted()))).get("tried"));
    assertSkipped("the release has nothing of the kind", judge());
  }
}
