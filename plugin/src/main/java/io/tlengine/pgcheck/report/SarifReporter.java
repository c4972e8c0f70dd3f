package io.tlengine.pgcheck.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.tlengine.pgcheck.catalog.CheckCatalog;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.report.Report.FoundFault;
import io.tlengine.pgcheck.report.Report.Result;
import java.io.IOException;
import java.io.Writer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * SARIF 2.1.0 (OASIS), a code as a rule with its page as help, a finding as a result. What passed,
 * was skipped or is unknown is a result of the kinds pass, notApplicable and open, whose level is
 * always none (3.27.9 and 3.27.10).
 */
final class SarifReporter implements Reporter {

  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

  @Override
  public void write(Report report, Writer to) throws IOException {
    var started = Instant.parse(report.startedAt());
    var run =
        Outcome.evidence(
            "tool",
            Map.of("driver", driver(report)),
            "invocations",
            List.of(
                Outcome.evidence(
                    // An unknown is a result, not a failure of the tool.
                    "executionSuccessful",
                    true,
                    "startTimeUtc",
                    report.startedAt(),
                    "endTimeUtc",
                    started.plusMillis(report.durationMillis()).toString())),
            "properties",
            Outcome.evidence(
                "command",
                report.command(),
                "release",
                report.release(),
                "verdict",
                report.verdict(),
                "durationMillis",
                report.durationMillis()),
            "results",
            results(report));
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
        .writeValue(
            to, Outcome.evidence("$schema", SCHEMA, "version", "2.1.0", "runs", List.of(run)));
    to.write('\n');
  }

  private static Map<String, Object> driver(Report report) {
    return Outcome.evidence(
        "name",
        report.tool().name(),
        "version",
        report.tool().version(),
        "rules",
        report.results().stream().map(SarifReporter::rule).toList());
  }

  private static Map<String, Object> rule(Result result) {
    var rule = Outcome.evidence("id", result.code(), "name", result.slug());
    CheckCatalog.byCode(result.code())
        .ifPresent(
            check -> {
              var page = CheckCatalog.page(check);
              rule.put("shortDescription", Map.of("text", check.info().summary()));
              rule.put("help", Outcome.evidence("text", page, "markdown", page));
              rule.put(
                  "defaultConfiguration", Map.of("level", level(check.info().severity().text())));
            });
    return rule;
  }

  private static List<Map<String, Object>> results(Report report) {
    var all = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < report.results().size(); i++) {
      var result = report.results().get(i);
      if (result.findings().isEmpty()) {
        all.add(withoutFinding(result, i));
      }
      for (var finding : result.findings()) {
        all.add(finding(report, result, finding, i));
      }
    }
    return all;
  }

  private static Map<String, Object> withoutFinding(Result result, int rule) {
    var text =
        switch (Sign.of(result)) {
          case SKIPPED -> "skipped: " + result.reason();
          case UNKNOWN ->
              "unknown: " + result.reason() + "\nWhat would decide it: " + result.remedy();
          default ->
              result.evidence().isEmpty()
                  ? "passed"
                  : "passed: " + Evidence.text(result.evidence());
        };
    var kind =
        switch (Sign.of(result)) {
          case SKIPPED -> "notApplicable";
          case UNKNOWN -> "open";
          default -> "pass";
        };
    return result(result, rule, kind, "none", text);
  }

  private static Map<String, Object> finding(
      Report report, Result result, FoundFault finding, int rule) {
    var text =
        finding.message()
            + (finding.detail().isEmpty() ? "" : "\n" + finding.detail())
            + "\nRemedy: "
            + finding.remedy();
    var found = result(result, rule, "fail", level(finding.severity()), text);
    found.put("locations", List.of(location(report, finding)));
    // The same fault in the next run is the same alert, whatever the words around it.
    found.put(
        "partialFingerprints",
        Map.of("codeAndSubject/v1", finding.docs() + " " + finding.subject()));
    found.put("properties", Map.of("remedy", finding.remedy()));
    return found;
  }

  private static Map<String, Object> result(
      Result result, int rule, String kind, String level, String text) {
    return Outcome.evidence(
        "ruleId",
        result.code(),
        "ruleIndex",
        rule,
        "kind",
        kind,
        "level",
        level,
        "message",
        Map.of("text", text));
  }

  private static Map<String, Object> location(Report report, FoundFault finding) {
    var location =
        Outcome.evidence(
            "logicalLocations",
            List.of(Outcome.evidence("fullyQualifiedName", finding.subject(), "kind", "resource")));
    var chart = report.release().chartReference();
    if (!chart.isEmpty()) {
      // Viewers of code show only what lies in a file.
      location.put(
          "physicalLocation",
          Outcome.evidence(
              "artifactLocation", Map.of("uri", uri(chart)), "region", Map.of("startLine", 1)));
    }
    return location;
  }

  /** A chart is a path or has a scheme already; everything else in it is escaped (RFC 3986). */
  private static String uri(String chart) {
    return URLEncoder.encode(chart, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("%2F", "/")
        .replaceFirst("^(oci|https?)%3A//", "$1://");
  }

  private static String level(String severity) {
    return severity.equals(Severity.INFO.text()) ? "note" : severity;
  }
}
