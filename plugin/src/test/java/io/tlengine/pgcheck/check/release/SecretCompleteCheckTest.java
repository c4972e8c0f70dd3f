package io.tlengine.pgcheck.check.release;

import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.SecretFacts;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SecretCompleteCheckTest {

  private static Outcome judge(boolean exists, Set<String> keys, boolean rendered) {
    return Situations.judge(
        new SecretCompleteCheck(),
        FactKey.SECRET,
        new SecretFacts("shop", "pg", exists, keys, Set.of("username", "password"), rendered));
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
  void aMissingSecretFailsWithACommandThatKeepsValuesOutOfTheHistory() {
    assertEquals(
        Finding.error(
            "Secret/pg",
            "the Secret pg does not exist in the namespace shop; wanted: the keys password,"
                + " username",
            "",
            "write each value into a file, then: kubectl create secret generic pg -n shop"
                + " --from-file=password=./password.txt --from-file=username=./username.txt (no"
                + " line break at a file's end: printf %s, not echo)"),
        onlyFinding(judge(false, Set.of(), false)));
  }

  @Test
  void aMissingKeyFailsWithThatKeyAlone() {
    assertEquals(
        Finding.error(
            "Secret/pg",
            "the Secret pg lacks the key password",
            "",
            "add it: kubectl patch secret pg -n shop --type merge --patch-file patch.yaml, with"
                + " stringData: password: ..."),
        onlyFinding(judge(true, Set.of("username"), false)));
  }
}
