package io.tlengine.pgcheck.report;

import static io.tlengine.pgcheck.report.Reports.error;
import static io.tlengine.pgcheck.report.Reports.failed;
import static io.tlengine.pgcheck.report.Reports.ignored;
import static io.tlengine.pgcheck.report.Reports.info;
import static io.tlengine.pgcheck.report.Reports.passed;
import static io.tlengine.pgcheck.report.Reports.report;
import static io.tlengine.pgcheck.report.Reports.skipped;
import static io.tlengine.pgcheck.report.Reports.unknown;
import static io.tlengine.pgcheck.report.Reports.warning;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tlengine.pgcheck.check.CheckResult;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.report.Report.FoundFault;
import io.tlengine.pgcheck.report.Report.Result;
import io.tlengine.pgcheck.report.Report.Summary;
import io.tlengine.pgcheck.report.Report.Verdict;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReportBuilderTest {

  static Stream<Arguments> verdicts() {
    return Stream.of(
        Arguments.of("all passed", Severity.ERROR, List.of(passed("PGC-101")), Verdict.passed),
        Arguments.of("nothing at all", Severity.ERROR, List.of(), Verdict.passed),
        Arguments.of(
            "skipped counts as passed beside what was shown",
            Severity.ERROR,
            List.of(passed("PGC-102"), skipped("PGC-101")),
            Verdict.passed),
        Arguments.of(
            "a warning shows something, too",
            Severity.ERROR,
            List.of(failed("PGC-102", warning("a")), skipped("PGC-101")),
            Verdict.passed),
        Arguments.of(
            "skipped alone shows nothing",
            Severity.ERROR,
            List.of(skipped("PGC-101"), skipped("PGC-102")),
            Verdict.incomplete),
        Arguments.of(
            "ignored alone shows nothing",
            Severity.ERROR,
            List.of(ignored("PGC-101"), ignored("PGC-102")),
            Verdict.incomplete),
        Arguments.of(
            "ignored shows nothing of the rest",
            Severity.ERROR,
            List.of(ignored("PGC-101"), skipped("PGC-102")),
            Verdict.incomplete),
        Arguments.of(
            "an error fails",
            Severity.ERROR,
            List.of(failed("PGC-101", error("a"))),
            Verdict.failed),
        Arguments.of(
            "a warning is let through",
            Severity.ERROR,
            List.of(failed("PGC-101", warning("a"))),
            Verdict.passed),
        Arguments.of(
            "a warning fails when told",
            Severity.WARNING,
            List.of(failed("PGC-101", warning("a"))),
            Verdict.failed),
        Arguments.of(
            "an error fails then, too",
            Severity.WARNING,
            List.of(failed("PGC-101", error("a"))),
            Verdict.failed),
        Arguments.of(
            "information is let through",
            Severity.WARNING,
            List.of(failed("PGC-101", info("a"))),
            Verdict.passed),
        Arguments.of(
            "information fails when told",
            Severity.INFO,
            List.of(failed("PGC-101", info("a"))),
            Verdict.failed),
        Arguments.of(
            "the worst finding counts",
            Severity.ERROR,
            List.of(failed("PGC-101", info("a"), error("b"), warning("c"))),
            Verdict.failed),
        Arguments.of(
            "unknown is incomplete",
            Severity.ERROR,
            List.of(passed("PGC-101"), unknown("PGC-102")),
            Verdict.incomplete),
        Arguments.of(
            "a warning does not hide the unknown",
            Severity.ERROR,
            List.of(failed("PGC-101", warning("a")), unknown("PGC-102")),
            Verdict.incomplete),
        Arguments.of(
            "failed wins over incomplete",
            Severity.ERROR,
            List.of(unknown("PGC-102"), failed("PGC-101", error("a"))),
            Verdict.failed));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("verdicts")
  void theVerdictFollowsFromFailOnAndFromWhatIsUnknown(
      String name, Severity failOn, List<CheckResult> answers, Verdict verdict) {
    assertEquals(verdict, report(failOn, answers.toArray(CheckResult[]::new)).verdict(), name);
  }

  @Test
  void eachResultIsCountedOnceAndInformationAsPassed() {
    assertEquals(
        new Summary(2, 1, 1, 1, 1),
        report(
                passed("PGC-101"),
                failed("PGC-102", error("a"), warning("b")),
                failed("PGC-103", warning("a"), warning("b")),
                failed("PGC-104", info("a")),
                skipped("PGC-105"),
                unknown("PGC-201"))
            .summary());
  }

  @Test
  void resultsAreInOrderOfTheirCodesAndFindingsOfTheirSubjects() {
    var results =
        report(passed("PGC-201"), failed("PGC-105", error("b"), error("a")), skipped("PGC-104"))
            .results();

    assertEquals(
        List.of("PGC-104", "PGC-105", "PGC-201"), results.stream().map(Result::code).toList());
    assertEquals(
        List.of("a", "b"), results.get(1).findings().stream().map(FoundFault::subject).toList());
  }

  @Test
  void aResultHasTheSeverityOfItsWorstFindingElseItsOwn() {
    var results = report(failed("PGC-101", info("a"), warning("b")), passed("PGC-102")).results();

    assertEquals("warning", results.getFirst().severity());
    assertEquals("error", results.getLast().severity());
  }

  @Test
  void reasonAndRemedyStandWhereTheyBelong() {
    var results = report(skipped("PGC-101"), unknown("PGC-102"), passed("PGC-103")).results();

    assertEquals("after PGC-103", results.getFirst().reason());
    assertNull(results.getFirst().remedy());
    assertEquals("no right", results.get(1).reason());
    assertEquals("grant it", results.get(1).remedy());
    assertNull(results.getLast().reason());
  }

  @Test
  void timesAreWholeSecondsInUtcAndWholeMilliseconds() {
    var report = report();

    assertEquals("2026-11-22T10:00:00Z", report.startedAt());
    assertEquals(1_234, report.durationMillis());
  }
}
