package io.tlengine.pgcheck.check;

import io.tlengine.pgcheck.check.Outcome.Failed;
import io.tlengine.pgcheck.check.Outcome.Skipped;
import io.tlengine.pgcheck.check.Outcome.Unknown;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One fault, one code: when a cause fails, what follows from it is skipped. The list is that of
 * checks.md, rule 4; causes stand before what follows from them, so that one pass is enough.
 */
final class Precedence {

  /**
   * @param when what the follower must have said; a finding with another cause stays
   */
  private record Rule(String cause, String follower, Predicate<Outcome> when) {
    Rule onlyWhen(Predicate<Outcome> narrower) {
      return new Rule(cause, follower, when.and(narrower));
    }
  }

  private static final List<Rule> RULES =
      Stream.of(
              // What a pod could not reach because the plan's own policies keep it in.
              always("PGC-310", "PGC-307"),
              said("PGC-310", "PGC-101", "resolver did not answer|for a pod"),
              said("PGC-310", "PGC-102", "from a pod"),
              after("PGC-307", 101, 105),
              always("PGC-506", "PGC-105"),
              always("PGC-505", "PGC-105"),
              said("PGC-501", "PGC-105", "53300|no more connections|[Mm]ax client connections"),
              afterConnection(106, 109),
              afterConnection(401, 407),
              afterConnection(501, 504),
              // What another URL's server refused to write, or its provider, stays.
              afterConnection(505, 507).map(r -> r.onlyWhen(Unknown.class::isInstance)),
              Stream.of(new Rule("PGC-107", "PGC-106", o -> !says(o, "25006"))),
              said("PGC-507", "PGC-107", "53100"),
              always("PGC-301", "PGC-801"),
              said("PGC-303", "PGC-306", "exceeded quota"),
              said("PGC-303", "PGC-308", "exceeded quota"),
              said("PGC-304", "PGC-306", "(?i)minimum|maximum|limit"),
              said("PGC-304", "PGC-308", "(?i)minimum|maximum|limit"),
              said("PGC-302", "PGC-306", "(?i)forbidden"),
              said("PGC-302", "PGC-308", "(?i)forbidden"),
              always("PGC-208", "PGC-308"),
              // An object of the same name that is somebody else's has other immutable fields.
              said("PGC-809", "PGC-308", "may not change|immutable|already exists"),
              always("PGC-201", "PGC-205"),
              always("PGC-805", "PGC-802"),
              always("PGC-802", "PGC-803"),
              // A placeholder in a URL leads nowhere; the list in checks.md leaves it open.
              after("PGC-803", 101, 105),
              always("PGC-803", "PGC-110"),
              always("PGC-503", "PGC-502"),
              always("PGC-306", "PGC-308"))
          .flatMap(rules -> rules)
          .toList();

  private Precedence() {}

  /** The answers in their order, those that follow from another's fault skipped. */
  static List<CheckResult> apply(List<CheckResult> answers) {
    Map<String, CheckResult> byCode = new HashMap<>();
    // What follows from a fault explains, in its place, what follows from itself.
    Map<String, String> roots = new HashMap<>();
    answers.forEach(
        a -> {
          byCode.put(a.info().code(), a);
          if (failed(a.outcome())) {
            roots.put(a.info().code(), a.info().code());
          }
        });
    for (var rule : RULES) {
      var root = roots.get(rule.cause());
      var follower = byCode.get(rule.follower());
      if (root != null
          && follower != null
          && !root.equals(rule.follower())
          && undone(follower.outcome())
          && rule.when().test(follower.outcome())) {
        byCode.put(rule.follower(), skipped(follower, root));
        roots.put(rule.follower(), root);
      }
    }
    return answers.stream().map(a -> byCode.getOrDefault(a.info().code(), a)).toList();
  }

  private static CheckResult skipped(CheckResult answer, String cause) {
    return new CheckResult(
        answer.info(), new Skipped("follows from " + cause), answer.bug(), answer.durationMillis());
  }

  /** A warning explains nothing that fails. */
  private static boolean failed(Outcome outcome) {
    return outcome instanceof Failed f
        && f.findings().stream().anyMatch(x -> x.severity() == Severity.ERROR);
  }

  private static boolean undone(Outcome outcome) {
    return outcome instanceof Failed || outcome instanceof Unknown;
  }

  private static Stream<Rule> always(String cause, String follower) {
    return Stream.of(new Rule(cause, follower, o -> true));
  }

  private static Stream<Rule> said(String cause, String follower, String text) {
    return Stream.of(new Rule(cause, follower, o -> says(o, text)));
  }

  /** What is known only behind a login. */
  private static Stream<Rule> afterConnection(int first, int last) {
    return IntStream.rangeClosed(101, 105)
        .boxed()
        .flatMap(cause -> after("PGC-" + cause, first, last));
  }

  private static Stream<Rule> after(String cause, int first, int last) {
    return IntStream.rangeClosed(first, last)
        .mapToObj(code -> new Rule(cause, "PGC-" + code, o -> true));
  }

  private static boolean says(Outcome outcome, String text) {
    var pattern = Pattern.compile(text);
    return switch (outcome) {
      case Failed f ->
          f.findings().stream()
              .allMatch(x -> pattern.matcher(x.message() + " " + x.detail()).find());
      case Unknown u -> pattern.matcher(u.why()).find();
      default -> false;
    };
  }
}
