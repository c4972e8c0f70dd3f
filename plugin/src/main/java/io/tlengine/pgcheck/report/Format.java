package io.tlengine.pgcheck.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The formats of a report. */
public enum Format {
  /** For people at a terminal. */
  TABLE,
  /** For machines; report.schema.json describes it. */
  JSON,
  /** For CI servers, a code as a test case. */
  JUNIT,
  /** For viewers of code, a code as a rule (SARIF 2.1.0). */
  SARIF,
  /** For tickets and job summaries. */
  MARKDOWN,
  /** For people, one file without outside references. */
  HTML;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Format> parse(String text) {
    return Arrays.stream(values()).filter(f -> f.text().equals(text)).findFirst();
  }

  public static List<String> names() {
    return Arrays.stream(values()).map(Format::text).toList();
  }

  /** The reporter of this format. */
  public Reporter reporter(boolean colours) {
    return switch (this) {
      case TABLE -> new TableReporter(colours);
      case JSON -> new JsonReporter();
      case JUNIT -> new JunitReporter();
      case SARIF -> new SarifReporter();
      case MARKDOWN -> new MarkdownReporter();
      case HTML -> new HtmlReporter();
    };
  }
}
