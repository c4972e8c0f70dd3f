package io.tlengine.pgcheck.check;

import io.tlengine.pgcheck.check.Outcome.Skipped;
import io.tlengine.pgcheck.check.Outcome.Unknown;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks each check, in order. A missing fact makes it unknown, what follows from another's fault is
 * skipped, a bug in a check is reported apart.
 */
public final class CheckRunner {

  private CheckRunner() {}

  /**
   * @param ignored reasons by code, of findings that the user accepts: shown as skipped
   */
  public static List<CheckResult> run(
      List<Check> checks, Facts facts, Map<String, String> ignored) {
    return Precedence.apply(checks.stream().map(check -> run(check, facts, ignored)).toList());
  }

  private static CheckResult run(Check check, Facts facts, Map<String, String> ignored) {
    var started = System.nanoTime();
    Outcome outcome;
    Optional<Throwable> bug = Optional.empty();
    var reason = ignored.get(check.info().code());
    if (reason != null) {
      outcome = Skipped.ignored(reason);
    } else {
      try {
        var missing = missing(check, facts);
        outcome = missing.isPresent() ? missing.get() : check.evaluate(facts.view(check.facts()));
      } catch (RuntimeException e) {
        bug = Optional.of(e);
        outcome =
            new Unknown(
                "internal error in this check: " + e,
                "report it with the command line and the version of pgcheck");
      }
    }
    return new CheckResult(check.info(), outcome, bug, (System.nanoTime() - started) / 1_000_000);
  }

  private static Optional<Outcome> missing(Check check, Facts facts) {
    // By name: the order of a Set changes from run to run, and so would the reason.
    var gaps =
        check.needs().stream()
            .sorted(Comparator.comparing(FactKey::name))
            .flatMap(key -> Outcome.without(facts.fact(key)).stream())
            .toList();
    // "Does not apply" says more than "could not look", so it wins.
    return gaps.stream().filter(Skipped.class::isInstance).findFirst().or(gaps.stream()::findFirst);
  }
}
