package io.tlengine.pgcheck.check.persistence;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.FactKey;
import java.util.List;
import java.util.regex.Pattern;

/** Judges what was seen in the namespace shop, and holds every remedy to naming it. */
final class Namespaced {

  private static final Pattern COMMAND =
      Pattern.compile("(kubectl|helm (?!pgcheck))(?:[^;{(]|\\{[^}]*\\}|\\{)*");

  private Namespaced() {}

  static <T> Outcome judge(Check check, FactKey<T> key, T value) {
    var outcome = Situations.judge(check, key, value);
    var remedies =
        switch (outcome) {
          case Outcome.Failed failed -> failed.findings().stream().map(Finding::remedy).toList();
          case Outcome.Unknown unknown -> List.of(unknown.remedy());
          default -> List.<String>of();
        };
    for (var remedy : remedies) {
      COMMAND
          .matcher(remedy)
          .results()
          .forEach(c -> assertTrue((c.group() + " ").contains(" -n shop "), remedy));
    }
    return outcome;
  }
}
