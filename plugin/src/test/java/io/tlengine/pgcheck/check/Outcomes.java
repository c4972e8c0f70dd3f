package io.tlengine.pgcheck.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import java.util.Map;

/** Takes outcomes apart; a wrong kind fails the test with the whole outcome in its message. */
public final class Outcomes {

  private Outcomes() {}

  public static Map<String, Object> passed(Outcome outcome) {
    return assertInstanceOf(Outcome.Passed.class, outcome).evidence();
  }

  public static List<Finding> findings(Outcome outcome) {
    return assertInstanceOf(Outcome.Failed.class, outcome).findings();
  }

  public static Finding onlyFinding(Outcome outcome) {
    var findings = findings(outcome);
    assertEquals(1, findings.size(), findings::toString);
    return findings.getFirst();
  }

  public static void assertSkipped(String why, Outcome outcome) {
    assertEquals(new Outcome.Skipped(why), outcome);
  }

  public static Outcome.Unknown unknown(Outcome outcome) {
    return assertInstanceOf(Outcome.Unknown.class, outcome);
  }
}
