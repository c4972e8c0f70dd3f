package io.tlengine.pgcheck.report;

import io.tlengine.pgcheck.report.Report.Result;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How a result is shown to people, gravest first: this is also the order of the groups. */
enum Sign {
  ERROR("FAIL", "Failed"),
  UNKNOWN("????", "Unknown"),
  WARNING("warn", "Warnings"),
  INFO("info", "Information"),
  PASSED("pass", "Passed"),
  SKIPPED("skip", "Skipped");

  private final String word;
  private final String title;

  Sign(String word, String title) {
    this.word = word;
    this.title = title;
  }

  String word() {
    return word;
  }

  /** The heading of its group. */
  String title() {
    return title;
  }

  /** Somebody has to act on it, or may want to. */
  boolean open() {
    return compareTo(PASSED) < 0;
  }

  static Sign of(Result result) {
    return switch (result.status()) {
      case "passed" -> PASSED;
      case "skipped" -> SKIPPED;
      case "unknown" -> UNKNOWN;
      default ->
          switch (result.severity()) {
            case "error" -> ERROR;
            case "warning" -> WARNING;
            default -> INFO;
          };
    };
  }

  /** The report's results by sign, in a group by code; no empty group. */
  static Map<Sign, List<Result>> groups(Report report) {
    var groups = new EnumMap<Sign, List<Result>>(Sign.class);
    for (var sign : values()) {
      var members =
          report.results().stream()
              .filter(r -> of(r) == sign)
              .sorted(Comparator.comparing(Result::code))
              .toList();
      if (!members.isEmpty()) {
        groups.put(sign, members);
      }
    }
    return groups;
  }
}
