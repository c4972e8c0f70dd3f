package io.tlengine.pgcheck.check.release;

import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.SecretFacts;
import io.tlengine.pgcheck.plan.Fixtures;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SecretCompleteCheckTest {

  private static Outcome judge(
      String manifests, boolean exists, Set<String> keys, Set<String> needed, boolean rendered) {
    var check = new SecretCompleteCheck();
    return check.evaluate(
        Situations.facts(
                FactKey.SECRET,
                new SecretFacts("shop", "postgresql-secret", exists, keys, needed, rendered))
            .with(FactKey.PLAN, Fact.known(Fixtures.plan(manifests)))
            .with(FactKey.INSTALL_COMMAND, Fact.known(Situations.INSTALL))
            .view(check.needs()));
  }

  private static Outcome judge(boolean exists, Set<String> keys, boolean rendered) {
    return judge("our-statefulset", exists, keys, Set.of("username", "password"), rendered);
  }

  @Test
  void aSecretWithAllItsKeysPasses() {
    passed(judge(true, Set.of("username", "password", "more"), false));
  }

  @Test
  void aSecretThatTheChartMakesNeedNotExist() {
    assertEquals("the chart makes it", passed(judge(false, Set.of(), true)).get("note"));
  }

  @Test
  void aMissingSecretFailsWithTheCommandThatMakesIt() {
    assertEquals(
        Finding.error(
            "Secret/postgresql-secret",
            "the Secret postgresql-secret does not exist in the namespace shop; wanted: the keys"
                + " password, username",
            "",
            "helm pgcheck secret tl charts/tl-engine -n shop -f 'my values.yaml'"),
        onlyFinding(judge(false, Set.of(), false)));
  }

  @Test
  void aMissingKeyFailsWithThatKeyAlone() {
    assertEquals(
        Finding.error(
            "Secret/postgresql-secret",
            "the Secret postgresql-secret lacks the key password",
            "",
            "helm pgcheck secret tl charts/tl-engine -n shop -f 'my values.yaml'"),
        onlyFinding(judge(true, Set.of("username"), false)));
  }

  @Test
  void aUrlThatOnlyTheUserKnowsComesFromAFile() {
    var key = Set.of("DATABASE_URL");
    assertEquals(
        "write the value of DATABASE_URL into DATABASE_URL.txt, then: helm pgcheck secret tl"
            + " charts/tl-engine -n shop -f 'my values.yaml' --from-file DATABASE_URL=./DATABASE_URL.txt",
        onlyFinding(judge("our-external", false, Set.of(), key, false)).remedy());
  }
}
