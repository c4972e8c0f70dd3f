package io.tlengine.pgcheck.gather.connection;

import io.tlengine.pgcheck.check.CheckResult;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.report.Format;
import io.tlengine.pgcheck.report.Report.Release;
import io.tlengine.pgcheck.report.ReportBuilder;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The same answers as people and programs get them, to be searched for what must not be there. */
public final class EveryFormat {

  private EveryFormat() {}

  public static Map<Format, String> of(List<CheckResult> answers) {
    var report =
        ReportBuilder.build(
            "0.1.0",
            "preflight",
            new Release("tl", "shop", "chart-1.0.0", "chart", "external"),
            Instant.EPOCH,
            Instant.EPOCH,
            Severity.ERROR,
            answers);
    var texts = new EnumMap<Format, String>(Format.class);
    for (var format : Format.values()) {
      var text = new StringWriter();
      try {
        format.reporter(true).write(report, text);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      texts.put(format, text.toString());
    }
    return texts;
  }
}
