package io.tlengine.pgcheck.report;

import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.CheckResult;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.report.Report.Release;
import io.tlengine.pgcheck.report.Timeline.Gap;
import io.tlengine.pgcheck.report.Timeline.Load;
import io.tlengine.pgcheck.report.Timeline.Phase;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers and reports for the tests of this package. */
final class Reports {

  private static final Instant STARTED = Instant.parse("2026-11-22T10:00:00.789Z");
  private static final Duration TOOK = Duration.ofMillis(1_234);

  private Reports() {}

  static CheckResult answer(String code, String slug, Outcome outcome) {
    return new CheckResult(
        new CheckInfo(code, slug, Severity.ERROR, "a summary"), outcome, Optional.empty(), 3);
  }

  static CheckResult passed(String code) {
    return answer(
        code,
        "storage-class-resolves",
        new Outcome.Passed(
            Outcome.evidence(
                "claims",
                2,
                "classes",
                Map.of("fast", "fast.io"),
                "daysLeft",
                60L,
                "channelBindingRequired",
                true,
                "names",
                List.of("a", "b"))));
  }

  static CheckResult failed(String code, Finding... findings) {
    return answer(
        code,
        "login-succeeds",
        new Outcome.Failed(Arrays.asList(findings), Outcome.evidence("user", "app")));
  }

  static CheckResult skipped(String code) {
    return answer(code, "certificate-valid", new Outcome.Skipped("after PGC-103"));
  }

  static CheckResult ignored(String code) {
    return answer(code, "certificate-valid", Outcome.Skipped.ignored("renewed on Monday"));
  }

  static CheckResult unknown(String code) {
    return answer(code, "port-accepts", new Outcome.Unknown("no right", "grant it"));
  }

  static Finding error(String subject) {
    return Finding.error(subject, "wrong password for the role app", "FATAL: no", "set it again");
  }

  static Finding warning(String subject) {
    return Finding.warning(subject, "expires in 5 days", "", "renew it");
  }

  static Finding info(String subject) {
    return new Finding(Severity.INFO, subject, "could be larger", "", "enlarge it");
  }

  static Report report(Severity failOn, CheckResult... answers) {
    return ReportBuilder.build(
        "0.1.0",
        "preflight",
        new Release("tl", "shop", "tl-engine-0.1.0", "charts/tl-engine", "external"),
        STARTED,
        STARTED.plus(TOOK),
        failOn,
        Arrays.asList(answers));
  }

  static Report report(CheckResult... answers) {
    return report(Severity.ERROR, answers);
  }

  /** One of each, in no order. */
  static Report mixed() {
    return report(
        skipped("PGC-104"),
        failed("PGC-105", error("db:5432/engine")),
        passed("PGC-201"),
        unknown("PGC-102"),
        answer("PGC-103", "tls-offered", new Outcome.Failed(List.of(warning("db:5432")), Map.of())),
        answer(
            "PGC-701",
            "survives-pod-deletion",
            new Outcome.Passed(
                Outcome.evidence("summary", "3 of 3 usuarios kept", "pod", "postgres-0"))));
  }

  /** A pod deleted, writers with a kill among them, and the end. */
  static Timeline timeline() {
    return new Timeline(
        List.of(
            new Phase(List.of("PGC-701"), "postgres-0", "deleted the pod postgres-0", 500, 300),
            new Phase(List.of("PGC-701"), "postgres-0", "it is back", 800, 2_400),
            new Phase(List.of("PGC-702", "PGC-705"), "", "ended <the checkpointer>", 6_000, 1_900),
            new Phase(List.of(), "", "dropped the schema", 8_000, 400)),
        List.of(
            new Load(
                "postgres-0",
                true,
                6_000,
                1_500,
                120,
                600,
                1_250,
                List.of(new Gap(6_200, 1_300)),
                100,
                List.of(40, 80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))));
  }

  static String write(Report report, Reporter reporter) {
    var to = new StringWriter();
    try {
      reporter.write(report, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return to.toString();
  }
}
