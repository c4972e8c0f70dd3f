package io.tlengine.pgcheck.check.cluster;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.cluster.Room.deployment;
import static io.tlengine.pgcheck.check.cluster.Room.plan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.DisruptionBudgets;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrainsCanProceedCheckTest {

  private static Outcome judge(int pods, PodDisruptionBudget... budgets) {
    var check = new DrainsCanProceedCheck();
    return check.evaluate(
        Room.facts(plan(deployment(pods)))
            .with(
                FactKey.DISRUPTION_BUDGETS,
                Fact.known(new DisruptionBudgets(Arrays.asList(budgets))))
            .view(check.needs()));
  }

  private static PodDisruptionBudgetBuilder budget(String app) {
    return new PodDisruptionBudgetBuilder()
        .withNewMetadata()
        .withName("budget")
        .endMetadata()
        .withNewSpec()
        .withNewSelector()
        .withMatchLabels(Map.of("app", app))
        .endSelector()
        .endSpec();
  }

  private static PodDisruptionBudget minAvailable(IntOrString number) {
    return budget("app").editSpec().withMinAvailable(number).endSpec().build();
  }

  private static PodDisruptionBudget maxUnavailable(IntOrString number) {
    return budget("app").editSpec().withMaxUnavailable(number).endSpec().build();
  }

  private static IntOrString number(String text) {
    return text.endsWith("%") ? new IntOrString(text) : new IntOrString(Integer.parseInt(text));
  }

  @ParameterizedTest
  @CsvSource({"3,3,false", "2,3,true", "1,1,false", "50%,2,true", "100%,5,false", "90%,5,false"})
  void minAvailableMustBeLessThanThePods(String least, int pods, boolean passes) {
    var outcome = judge(pods, minAvailable(number(least)));

    assertEquals(passes, outcome instanceof Outcome.Passed, outcome::toString);
  }

  @ParameterizedTest
  @CsvSource({"0,3,false", "0%,3,false", "1,1,true", "1%,3,true"})
  void maxUnavailableMustAllowOne(String most, int pods, boolean passes) {
    var outcome = judge(pods, maxUnavailable(number(most)));

    assertEquals(passes, outcome instanceof Outcome.Passed, outcome::toString);
  }

  @Test
  void theFindingIsAWarningWithBudgetAndPods() {
    var finding = onlyFinding(judge(1, minAvailable(new IntOrString(1))));

    assertEquals(Severity.WARNING, finding.severity());
    assertTrue(
        finding.message().contains("says minAvailable 1, and Deployment/app has 1 pod:"),
        finding.message());
  }

  @Test
  void aBudgetOfOtherPodsIsNoneOfOurs() {
    passed(judge(1, budget("other").editSpec().withMinAvailable(number("1")).endSpec().build()));
  }

  @Test
  void twoBudgetsForOnePodAllowNoEviction() {
    var one = maxUnavailable(number("1"));

    assertTrue(onlyFinding(judge(2, one, one)).message().contains("under 2 disruption budgets"));
  }

  @Test
  void withoutABudgetThereIsNothingToLookAt() {
    assertSkipped("the release makes no disruption budget", judge(1));
  }
}
