package io.tlengine.pgcheck.check.cluster;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.fact.DryRuns.Answer;
import io.tlengine.pgcheck.fact.DryRuns.DryRun;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** What dry runs amount to: one refusal fails, one that was not decided leaves it unknown. */
final class DryRunAnswers {

  private DryRunAnswers() {}

  static Outcome judge(List<DryRun> tried, BiFunction<DryRun, Answer.Rejected, String> remedy) {
    if (tried.isEmpty()) {
      return new Outcome.Skipped("the release has nothing of the kind");
    }
    var findings = tried.stream().flatMap(t -> finding(t, remedy)).toList();
    if (!findings.isEmpty()) {
      return new Outcome.Failed(findings, evidence("tried", tried.size()));
    }
    var open = new LinkedHashSet<String>();
    var remedies = new LinkedHashSet<String>();
    for (var one : tried) {
      if (one.answer() instanceof Answer.Undecided undecided) {
        open.add(undecided.why() + " (" + one.subject() + ")");
        remedies.add(undecided.remedy());
      }
    }
    return open.isEmpty()
        ? new Outcome.Passed(evidence("tried", tried.size()))
        : new Outcome.Unknown(String.join("; ", open), String.join("; ", remedies));
  }

  private static Stream<Finding> finding(
      DryRun tried, BiFunction<DryRun, Answer.Rejected, String> remedy) {
    return switch (tried.answer()) {
      case Answer.Rejected rejected ->
          Stream.of(
              Finding.error(
                  tried.subject(),
                  tried.part()
                      + " is refused by the API server ("
                      + rejected.code()
                      + "): "
                      + rejected.message(),
                  "",
                  remedy.apply(tried, rejected)));
      case Answer.NoNamespace none -> Stream.of(noNamespace(tried));
      case Answer.Accepted accepted -> Stream.empty();
      case Answer.Undecided undecided -> Stream.empty();
    };
  }

  private static Finding noNamespace(DryRun tried) {
    var namespace = tried.subject().substring(tried.subject().indexOf('/') + 1);
    return Finding.error(
        tried.subject(),
        "the namespace " + namespace + " does not exist and --create-namespace is not given",
        "",
        "kubectl create namespace " + namespace + "; or add --create-namespace");
  }
}
