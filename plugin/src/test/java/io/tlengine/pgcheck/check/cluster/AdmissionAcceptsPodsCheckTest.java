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

class AdmissionAcceptsPodsCheckTest {

  private static Outcome judge(DryRun... tried) {
    return Situations.judge(
        new AdmissionAcceptsPodsCheck(),
        FactKey.ADMISSION,
        new DryRuns("shop", Arrays.asList(tried)));
  }

  private static DryRun tried(String subject, String part, Answer answer) {
    return new DryRun(subject, part, answer);
  }

  @Test
  void podSecurityNamesTheLevelAndALaxerOne() {
    var finding =
        onlyFinding(
            judge(
                tried(
                    "Deployment/a",
                    "its pod",
                    new Answer.Rejected(
                        403, "Forbidden", "pods is forbidden: violates PodSecurity restricted"))));

    assertEquals(
        "its pod is refused by the API server (403): pods is forbidden: violates PodSecurity"
            + " restricted",
        finding.message());
    assertTrue(
        finding
            .remedy()
            .endsWith(
                "kubectl label --overwrite namespace shop"
                    + " pod-security.kubernetes.io/enforce=baseline"),
        finding.remedy());
  }

  /** A level that forbids it as well would be no remedy. */
  @Test
  void whatBaselineForbidsTooNeedsTheLevelPrivileged() {
    var finding =
        onlyFinding(
            judge(
                tried(
                    "Deployment/a",
                    "its pod",
                    new Answer.Rejected(
                        403,
                        "Forbidden",
                        "violates PodSecurity \"restricted:latest\": host namespaces"
                            + " (hostNetwork=true)"))));

    assertTrue(finding.remedy().endsWith("enforce=privileged"), finding.remedy());
  }

  @Test
  void whatIsWrongWithTheTemplateItselfIsAnothersToSay() {
    var wrong = new Answer.Rejected(422, "Invalid", "spec.containers[0].name: Required");

    assertSkipped(
        "the release has nothing of the kind", judge(tried("Deployment/a", "its pod", wrong)));
    onlyFinding(judge(tried("Pod/a", "its pod", wrong)));
    onlyFinding(judge(tried("StatefulSet/a", "its claim", wrong)));
    onlyFinding(
        judge(
            tried(
                "Deployment/a",
                "its pod",
                new Answer.Rejected(
                    422, "Invalid", "ValidatingAdmissionPolicy x denied request"))));
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
