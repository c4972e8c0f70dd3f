package io.tlengine.pgcheck.check.release;

import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.plan.Fixtures;
import io.tlengine.pgcheck.plan.Plan;
import org.junit.jupiter.api.Test;

class ShutdownHasTimeCheckTest {

  private static Outcome judge(Plan plan) {
    return Situations.judge(new ShutdownHasTimeCheck(), FactKey.PLAN, plan);
  }

  private static Outcome lab(String fields) {
    return judge(
        Fixtures.plan("lab-official-image", "      containers:\n", fields + "      containers:\n"));
  }

  private static Outcome labContainer(String fields) {
    return judge(
        Fixtures.plan(
            "lab-official-image",
            "        image: postgres:15-alpine\n",
            "        image: postgres:15-alpine\n" + fields));
  }

  @Test
  void theDefaultsOfKubernetesAndOfOurChartPass() {
    assertEquals(
        "[postgres: 30 s]",
        String.valueOf(passed(judge(Fixtures.plan("lab-official-image"))).get("gracePeriods")));
    passed(judge(Fixtures.plan("our-statefulset")));
  }

  @Test
  void aShortGracePeriodIsAWarning() {
    var finding = onlyFinding(lab("      terminationGracePeriodSeconds: 0\n"));

    assertEquals(Severity.WARNING, finding.severity());
    assertTrue(finding.message().contains("is killed 0 s after the stop signal"), finding::message);
    passed(lab("      terminationGracePeriodSeconds: 10\n"));
  }

  @Test
  void whatPreStopSleepsIsTakenAway() {
    var sleeping =
        """
                lifecycle:
                  preStop:
                    exec:
                      command: [sh, -c, sleep 25]
        """;

    assertTrue(
        onlyFinding(labContainer(sleeping)).message().contains("of which preStop sleeps 25"));
  }

  @Test
  void aStopSignalThatWaitsForClientsIsAWarning() {
    var sigterm =
        """
                lifecycle:
                  stopSignal: SIGTERM
        """;

    assertTrue(onlyFinding(labContainer(sigterm)).message().contains("waits for every client"));
    passed(labContainer(sigterm.replace("SIGTERM", "SIGINT")));
  }
}
