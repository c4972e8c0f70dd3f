package io.tlengine.pgcheck.report;

import io.tlengine.pgcheck.report.Report.FoundFault;
import io.tlengine.pgcheck.report.Report.Result;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** A list for people: the failures first, each with its remedy below. */
final class TableReporter implements Reporter {

  private static final String SUMMARY = "summary";
  private static final int WIDTH = 110;
  private static final String INDENT = " ".repeat(43);

  private final boolean colours;

  TableReporter(boolean colours) {
    this.colours = colours;
  }

  /** The signs, gravest first: this is also the order of the list. */
  private enum Sign {
    ERROR("FAIL", "31;1"),
    UNKNOWN("????", "35"),
    WARNING("warn", "33"),
    INFO("info", "36"),
    PASSED("pass", "32"),
    SKIPPED("skip", "2");

    private final String word;
    private final String colour;

    Sign(String word, String colour) {
      this.word = word;
      this.colour = colour;
    }
  }

  @Override
  public void write(Report report, Writer to) throws IOException {
    var release = report.release();
    line(
        to,
        "helm pgcheck "
            + report.command()
            + "  "
            + bold(release.name())
            + " in "
            + release.namespace()
            + ", database "
            + release.mode());
    line(to, "");
    var results = new ArrayList<>(report.results());
    results.sort(Comparator.comparing(TableReporter::sign).thenComparing(Result::code));
    for (var result : results) {
      result(to, result);
    }
    line(to, "");
    var s = report.summary();
    line(
        to,
        bold(report.verdict().name())
            + ": "
            + s.passed()
            + " passed, "
            + s.failed()
            + " failed, "
            + s.warnings()
            + (s.warnings() == 1 ? " warning, " : " warnings, ")
            + s.skipped()
            + " skipped, "
            + s.unknown()
            + " unknown in "
            + String.format(Locale.ROOT, "%.1f s", report.durationMillis() / 1_000.0));
    results.stream()
        .filter(r -> !r.findings().isEmpty())
        .findFirst()
        .ifPresent(r -> quietly(to, "more about a code: helm pgcheck checks " + r.code()));
  }

  private void result(Writer to, Result result) throws IOException {
    var sign = sign(result);
    var head =
        "  "
            + coloured(sign.word, sign.colour)
            + "  "
            + result.code()
            + "  "
            + String.format(Locale.ROOT, "%-24s  ", result.slug());
    if (result.findings().isEmpty()) {
      var text = result.reason() == null ? shown(result.evidence()) : result.reason();
      wrap(to, head, text, sign == Sign.UNKNOWN ? "" : "2");
      if (result.remedy() != null) {
        remedy(to, Objects.requireNonNull(result.remedy()));
      }
      return;
    }
    for (FoundFault finding : result.findings()) {
      wrap(to, head, finding.message(), "");
      if (!finding.detail().isEmpty()) {
        wrap(to, INDENT, finding.detail(), "2");
      }
      remedy(to, finding.remedy());
      head = INDENT;
    }
    if (result.evidence().containsKey(SUMMARY)) {
      wrap(to, INDENT, shown(result.evidence()), "2");
    }
  }

  private static Sign sign(Result result) {
    return switch (result.status()) {
      case "passed" -> Sign.PASSED;
      case "skipped" -> Sign.SKIPPED;
      case "unknown" -> Sign.UNKNOWN;
      default ->
          switch (result.severity()) {
            case "error" -> Sign.ERROR;
            case "warning" -> Sign.WARNING;
            default -> Sign.INFO;
          };
    };
  }

  /** The check's own summary where it has one; JSON and HTML hold the rest. */
  private static String shown(Map<String, Object> evidence) {
    var summary = evidence.get(SUMMARY);
    return summary == null ? evidence(evidence) : summary.toString();
  }

  /** Name and value of each, maps in brackets; the reader knows the check from its slug. */
  private static String evidence(Map<?, ?> evidence) {
    var parts = new ArrayList<String>();
    evidence.forEach(
        (name, value) ->
            parts.add(
                words(String.valueOf(name))
                    + " "
                    + (value instanceof Map<?, ?> inner
                        ? "(" + evidence(inner) + ")"
                        : value instanceof List<?> list
                            ? String.join(", ", list.stream().map(String::valueOf).toList())
                            : String.valueOf(value))));
    return String.join("; ", parts);
  }

  /** camelCase to words, as JSON names are read aloud. */
  private static String words(String name) {
    return name.replaceAll("([a-z])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
  }

  /** On one line, however long: what is meant to be pasted must not be cut. */
  private void remedy(Writer to, String text) throws IOException {
    line(to, INDENT + coloured("-> " + text, "36"));
  }

  private void wrap(Writer to, String head, String text, String colour) throws IOException {
    var prefix = head;
    var line = new StringBuilder();
    for (var word : text.split("\\s+")) {
      if (line.length() > 0 && INDENT.length() + line.length() + 1 + word.length() > WIDTH) {
        line(to, prefix + coloured(line.toString(), colour));
        prefix = INDENT;
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    line(to, prefix + coloured(line.toString(), colour));
  }

  private String bold(String text) {
    return coloured(text, "1");
  }

  private String coloured(String text, String colour) {
    return colours && !colour.isEmpty() && !text.isEmpty()
        ? "\u001b[" + colour + "m" + text + "\u001b[0m"
        : text;
  }

  private static void line(Writer to, String text) throws IOException {
    to.write(text.stripTrailing());
    to.write('\n');
  }

  private static void quietly(Writer to, String text) {
    try {
      line(to, text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
