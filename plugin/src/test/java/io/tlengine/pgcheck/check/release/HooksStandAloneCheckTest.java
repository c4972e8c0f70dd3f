package io.tlengine.pgcheck.check.release;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.ReleaseFacts;
import io.tlengine.pgcheck.plan.Fixtures;
import java.util.List;
import org.junit.jupiter.api.Test;

class HooksStandAloneCheckTest {

  private static final String HOOK =
      """
      ---
      apiVersion: batch/v1
      kind: Job
      metadata:
        name: migrate
        annotations:
          helm.sh/hook: pre-install,pre-upgrade
      spec:
        template:
          spec:
            containers:
              - name: migrate
                image: migrate:1
                env:
                  - name: DATABASE_URL
                    valueFrom:
                      secretKeyRef:
                        name: postgres-secret
                        key: POSTGRES_PASSWORD
      ---
      apiVersion: v1
      kind: Secret
      """;

  private static Outcome judge(String hook, boolean installed) {
    var plan = Fixtures.plan("lab-empty-dir", "apiVersion: v1\nkind: Secret\n", hook);
    var facts =
        Situations.facts(FactKey.PLAN, plan)
            .with(
                FactKey.RELEASE,
                Fact.known(
                    new ReleaseFacts(
                        installed, installed ? "deployed" : "", installed ? 1 : 0, 0, List.of())));
    var check = new HooksStandAloneCheck();
    return check.evaluate(facts.view(check.needs()));
  }

  @Test
  void aHookThatNeedsAnOrdinarySecretOfItsReleaseIsFound() {
    var finding = onlyFinding(judge(HOOK, false));

    assertEquals("Job/migrate", finding.subject());
    assertTrue(finding.message().contains("needs Secret/postgres-secret"), finding::message);
  }

  @Test
  void anObjectThatIsAnEarlierHookItselfIsThere() {
    var earlier =
        HOOK
            + """
            metadata:
              name: postgres-secret
              annotations:
                helm.sh/hook: pre-install
                helm.sh/hook-weight: "-5"
            ---
            apiVersion: v1
            kind: ConfigMap
            """;

    passed(judge(earlier, false));
    onlyFinding(judge(earlier.replace("-5", "5"), false));
  }

  @Test
  void whatTheReleaseDoesNotMakeMustExistAnyway() {
    passed(judge(HOOK.replace("name: postgres-secret", "name: given"), false));
    passed(
        judge(
            HOOK.replace(
                "key: POSTGRES_PASSWORD",
                "key: POSTGRES_PASSWORD\n                  optional: true"),
            false));
  }

  @Test
  void anUpgradeFindsItThere() {
    assertSkipped(
        "an upgrade: what its hooks refer to exists since the install", judge(HOOK, true));
  }

  @Test
  void withoutSuchAHookThereIsNothingToJudge() {
    assertSkipped(
        "the release has no pre-install hook that runs a pod",
        judge(HOOK.replace("pre-install,pre-upgrade", "post-install"), false));
  }
}
