package io.tlengine.pgcheck.gather.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.catalog.CheckCatalog;
import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckResult;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The checks that a plan and its databases are enough for, and what they say is wrong. */
final class DatabaseChecks {

  static final Set<FactKey<?>> SEEN =
      Set.of(
          FactKey.PLAN,
          FactKey.URL,
          FactKey.CONNECTION,
          FactKey.DATABASE_FACTS,
          FactKey.OTHER_DATABASES,
          FactKey.CREATE_PROOF,
          FactKey.ROUTES);

  private DatabaseChecks() {}

  static List<Check> all() {
    return CheckCatalog.preflight().stream().filter(c -> SEEN.containsAll(c.needs())).toList();
  }

  /** What did not pass and was not skipped: {@code PGC-106 error}, {@code PGC-102 unknown}. */
  static List<String> faults(List<CheckResult> answers) {
    return answers.stream().flatMap(a -> fault(a).stream()).toList();
  }

  /**
   * Nothing but this one is wrong, and its first finding can be acted on.
   *
   * @param words each in the finding's message or detail: the value that was seen
   */
  static void assertAlone(String fault, List<CheckResult> answers, String... words) {
    assertEquals(List.of(fault), faults(answers), answers::toString);
    var finding = findings(answers, fault.substring(0, fault.indexOf(' '))).getFirst();
    for (var word : words) {
      assertTrue(
          (finding.message() + " " + finding.detail()).contains(word),
          () -> word + " is not in " + finding);
    }
    assertFalse(finding.remedy().isBlank(), finding::toString);
  }

  static List<Finding> findings(List<CheckResult> answers, String code) {
    return outcome(answers, code) instanceof Outcome.Failed failed ? failed.findings() : List.of();
  }

  static Outcome outcome(List<CheckResult> answers, String code) {
    return answers.stream()
        .filter(a -> a.info().code().equals(code))
        .findFirst()
        .orElseThrow()
        .outcome();
  }

  /** What only informs is no fault. */
  private static Optional<String> fault(CheckResult answer) {
    var code = answer.info().code() + " ";
    return switch (answer.outcome()) {
      case Outcome.Failed failed ->
          Stream.of(Severity.ERROR, Severity.WARNING)
              .filter(s -> failed.findings().stream().anyMatch(f -> f.severity() == s))
              .map(s -> code + s.text())
              .findFirst();
      case Outcome.Unknown unknown -> Optional.of(code + "unknown");
      case Outcome.Passed passed -> Optional.empty();
      case Outcome.Skipped skipped -> Optional.empty();
    };
  }
}
