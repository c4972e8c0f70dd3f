package io.tlengine.pgcheck.report;

import io.tlengine.pgcheck.check.CheckResult;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.report.Report.FoundFault;
import io.tlengine.pgcheck.report.Report.Release;
import io.tlengine.pgcheck.report.Report.Result;
import io.tlengine.pgcheck.report.Report.Summary;
import io.tlengine.pgcheck.report.Report.Tool;
import io.tlengine.pgcheck.report.Report.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Makes the report of a run from its checks' answers. */
public final class ReportBuilder {

  private ReportBuilder() {}

  /**
   * @param failOn the mildest severity that makes the verdict "failed"
   */
  public static Report build(
      String version,
      String command,
      Release release,
      Instant started,
      Instant ended,
      Severity failOn,
      List<CheckResult> answers) {
    var results =
        answers.stream()
            .map(ReportBuilder::result)
            .sorted(Comparator.comparing(Result::code))
            .toList();
    return new Report(
        Report.FORMAT_VERSION,
        new Tool("pgcheck", version),
        command,
        release,
        started.truncatedTo(ChronoUnit.SECONDS).toString(),
        Duration.between(started, ended).toMillis(),
        failOn.text(),
        verdict(answers, failOn),
        summary(results),
        results,
        null);
  }

  private static Verdict verdict(List<CheckResult> answers, Severity failOn) {
    boolean failed =
        answers.stream()
            .anyMatch(
                a ->
                    a.outcome() instanceof Outcome.Failed f
                        && worst(f.findings()).compareTo(failOn) >= 0);
    if (failed) {
      return Verdict.failed;
    }
    boolean unknown = answers.stream().anyMatch(a -> a.outcome() instanceof Outcome.Unknown);
    return unknown || nothingShown(answers) ? Verdict.incomplete : Verdict.passed;
  }

  /** A green pipeline in which nothing was looked at proves nothing, whoever wanted it so. */
  private static boolean nothingShown(List<CheckResult> answers) {
    return !answers.isEmpty()
        && answers.stream().map(CheckResult::outcome).allMatch(Outcome.Skipped.class::isInstance);
  }

  private static Summary summary(List<Result> results) {
    int failed = count(results, "failed", Severity.ERROR.text());
    int warnings = count(results, "failed", Severity.WARNING.text());
    return new Summary(
        (int) results.stream().filter(r -> r.status().equals("passed")).count()
            + count(results, "failed", Severity.INFO.text()),
        failed,
        warnings,
        (int) results.stream().filter(r -> r.status().equals("skipped")).count(),
        (int) results.stream().filter(r -> r.status().equals("unknown")).count());
  }

  private static int count(List<Result> results, String status, String severity) {
    return (int)
        results.stream()
            .filter(r -> r.status().equals(status) && r.severity().equals(severity))
            .count();
  }

  private static Result result(CheckResult answer) {
    var info = answer.info();
    var own = info.severity().text();
    return switch (answer.outcome()) {
      case Outcome.Passed passed ->
          new Result(
              info.code(),
              info.slug(),
              own,
              "passed",
              null,
              null,
              List.of(),
              passed.evidence(),
              answer.durationMillis());
      case Outcome.Failed failed ->
          new Result(
              info.code(),
              info.slug(),
              worst(failed.findings()).text(),
              "failed",
              null,
              null,
              failed.findings().stream()
                  .sorted(Comparator.comparing(Finding::subject))
                  .map(f -> fault(f, info.code()))
                  .toList(),
              failed.evidence(),
              answer.durationMillis());
      case Outcome.Skipped skipped ->
          new Result(
              info.code(),
              info.slug(),
              own,
              "skipped",
              skipped.why(),
              null,
              List.of(),
              Map.of(),
              answer.durationMillis());
      case Outcome.Unknown unknown ->
          new Result(
              info.code(),
              info.slug(),
              own,
              "unknown",
              unknown.why(),
              unknown.remedy(),
              List.of(),
              Map.of(),
              answer.durationMillis());
    };
  }

  private static FoundFault fault(Finding finding, String code) {
    return new FoundFault(
        finding.severity().text(),
        finding.subject(),
        finding.message(),
        finding.detail(),
        finding.remedy(),
        code);
  }

  private static Severity worst(List<Finding> findings) {
    return findings.stream()
        .map(Finding::severity)
        .max(Comparator.naturalOrder())
        .orElse(Severity.INFO);
  }
}
