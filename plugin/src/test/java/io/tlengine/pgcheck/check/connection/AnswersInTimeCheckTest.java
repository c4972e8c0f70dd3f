package io.tlengine.pgcheck.check.connection;

import static io.tlengine.pgcheck.check.Databases.database;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Situations.connection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.ConnectionFacts.LoginAttempt;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.PlanReader;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswersInTimeCheckTest {

  private static Outcome judge(Situations.Connection connection, String probe) {
    var check = new AnswersInTimeCheck();
    return check.evaluate(
        Situations.facts(FactKey.CONNECTION, connection.facts())
            .with(FactKey.DATABASE_FACTS, Fact.known(database().facts()))
            .with(FactKey.PLAN, Fact.known(plan(probe)))
            .view(check.needs()));
  }

  private static Plan plan(String probe) {
    return PlanReader.read(
        List.of(
            Serialization.unmarshal(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: engine}
                spec:
                  selector: {matchLabels: {app: engine}}
                  template:
                    metadata: {labels: {app: engine}}
                    spec:
                      containers:
                        - name: engine
                          image: engine
                          %s
                          env:
                            - name: DATABASE_URL
                              valueFrom:
                                secretKeyRef: {name: postgresql-secret, key: DATABASE_URL}
                """
                    .formatted(probe),
                Deployment.class)));
  }

  /** The other stages of the situation take 17 ms together. */
  private static Situations.Connection after(long loginMillis) {
    return connection().login(new LoginAttempt.LoggedIn("17.6", loginMillis));
  }

  @Test
  void withoutALimitTimesAreEvidence() {
    assertEquals(8_017L, passed(judge(after(8_000), "")).get("firstConnectionMillis"));
  }

  @Test
  void aConnectionThatTakesLongerThanTheUrlAllowsIsAWarning() {
    var finding = onlyFinding(judge(after(3_200).connectTimeout(Duration.ofSeconds(3)), ""));

    assertEquals(Severity.WARNING, finding.severity());
    assertTrue(finding.message().contains("took 3217 ms"), finding.message());
    assertTrue(finding.remedy().contains("connect_timeout=8"), finding.remedy());
    passed(judge(after(2_000).connectTimeout(Duration.ofSeconds(3)), ""));
  }

  @Test
  void aConnectionThatTakesLongerThanTheStartUpProbeAllowsIsAWarning() {
    var probe = "startupProbe: {periodSeconds: 1, failureThreshold: 3}";

    assertEquals(
        "Deployment/engine container engine", onlyFinding(judge(after(3_200), probe)).subject());
    passed(judge(after(2_000), probe));
  }

  @Test
  void aProbeThatDoesNotSayHasThirtySeconds() {
    passed(judge(after(20_000), "startupProbe: {}"));
    onlyFinding(judge(after(31_000), "startupProbe: {}"));
  }

  @Test
  void aLongWayFromThePodsIsAWarning() {
    for (long millis : List.of(20L, 21L)) {
      var check = new AnswersInTimeCheck();
      var outcome =
          check.evaluate(
              Situations.facts(FactKey.CONNECTION, connection().seenFromCluster().facts())
                  .with(
                      FactKey.DATABASE_FACTS,
                      Fact.known(database().roundTripMillis(millis).facts()))
                  .with(FactKey.PLAN, Fact.known(PlanReader.read(List.of())))
                  .view(check.needs()));

      if (millis == 20) {
        assertEquals(20L, passed(outcome).get("roundTripMillis"));
      } else {
        assertTrue(onlyFinding(outcome).message().contains("takes 21 ms; wanted: at most 20 ms"));
      }
    }
  }
}
