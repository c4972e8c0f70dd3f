package io.tlengine.pgcheck.report;

import io.tlengine.pgcheck.report.Report.FoundFault;
import io.tlengine.pgcheck.report.Report.Result;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** A list for people: the failures first, each with its remedy below. */
final class TableReporter implements Reporter {

  private static final int WIDTH = 110;

  /** Sign, code and the blanks around them. */
  private static final int BEFORE_SLUG = 17;

  private static final int NARROWEST_SLUG = 24;

  /** So many unknown or skipped results with one reason are one entry. */
  private static final int MANY = 4;

  private final boolean colours;

  TableReporter(boolean colours) {
    this.colours = colours;
  }

  @Override
  public void write(Report report, Writer to) throws IOException {
    int widest =
        report.results().stream().mapToInt(r -> r.slug().length()).max().orElse(NARROWEST_SLUG);
    new Page(to, colours, Math.max(widest, NARROWEST_SLUG)).write(report);
  }

  /**
   * One list being written.
   *
   * @param slugWidth of the column before the texts
   */
  private record Page(Writer to, boolean colours, int slugWidth) {

    void write(Report report) throws IOException {
      var release = report.release();
      line(
          "helm pgcheck "
              + report.command()
              + "  "
              + bold(release.name())
              + " in "
              + release.namespace()
              + ", database "
              + release.mode());
      line("");
      var groups = Sign.groups(report);
      boolean open = false;
      for (var group : groups.entrySet()) {
        // What needs somebody stands apart from what does not.
        if (open && !group.getKey().open()) {
          line("");
        }
        open = group.getKey().open();
        for (var alike : alike(group.getKey(), group.getValue())) {
          if (alike.size() < MANY) {
            for (var result : alike) {
              result(group.getKey(), result);
            }
          } else {
            together(group.getKey(), alike);
          }
        }
      }
      line("");
      summary(report);
      var explained =
          groups.values().stream()
              .flatMap(List::stream)
              .filter(r -> !r.findings().isEmpty())
              .findFirst();
      if (explained.isPresent()) {
        line("more about a code: helm pgcheck checks " + explained.get().code());
      }
    }

    private void summary(Report report) throws IOException {
      var s = report.summary();
      line(
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
    }

    /** What is unknown or skipped for one reason, side by side; of all else each for itself. */
    private static List<List<Result>> alike(Sign sign, List<Result> results) {
      if (sign != Sign.UNKNOWN && sign != Sign.SKIPPED) {
        return results.stream().map(List::of).toList();
      }
      var byReason = new LinkedHashMap<String, List<Result>>();
      for (var result : results) {
        byReason
            .computeIfAbsent(result.reason() + "\n" + result.remedy(), _ -> new ArrayList<>())
            .add(result);
      }
      return List.copyOf(byReason.values());
    }

    private void together(Sign sign, List<Result> results) throws IOException {
      var first = results.getFirst();
      var word = coloured(sign.word(), colour(sign));
      var count = results.size() + " checks";
      var reason = Objects.requireNonNullElse(first.reason(), "");
      wrap(
          "  " + word + "  " + count + " ".repeat(indent().length() - 8 - count.length()),
          reason,
          sign == Sign.UNKNOWN ? "" : "2");
      if (first.remedy() != null) {
        remedy(first.remedy());
      }
      wrap(indent(), String.join(", ", ranges(results)), "2");
    }

    /** The codes in their order; those in a row by the first and the last. */
    private static List<String> ranges(List<Result> results) {
      var ranges = new ArrayList<String>();
      int begin = 0;
      for (int i = 1; i <= results.size(); i++) {
        if (i == results.size() || number(results.get(i)) != number(results.get(i - 1)) + 1) {
          var first = results.get(begin).code();
          var last = results.get(i - 1).code();
          ranges.add(first.equals(last) ? first : first + " to " + number(results.get(i - 1)));
          begin = i;
        }
      }
      return ranges;
    }

    private static int number(Result result) {
      return Integer.parseInt(result.code().substring(result.code().indexOf('-') + 1));
    }

    private void result(Sign sign, Result result) throws IOException {
      var head =
          "  "
              + coloured(sign.word(), colour(sign))
              + "  "
              + result.code()
              + "  "
              + result.slug()
              + " ".repeat(slugWidth + 2 - result.slug().length());
      if (result.findings().isEmpty()) {
        var reason = result.reason();
        var remedy = result.remedy();
        wrap(
            head,
            reason == null ? Evidence.text(result.evidence()) : reason,
            sign == Sign.UNKNOWN ? "" : "2");
        if (remedy != null) {
          remedy(remedy);
        }
        return;
      }
      for (FoundFault finding : result.findings()) {
        wrap(head, finding.message(), "");
        if (!finding.detail().isEmpty()) {
          wrap(indent(), finding.detail(), "2");
        }
        remedy(finding.remedy());
        head = indent();
      }
      if (result.evidence().containsKey(Evidence.SUMMARY)) {
        wrap(indent(), Evidence.text(result.evidence()), "2");
      }
    }

    /** No line of it is cut, however long: it is meant to be pasted. */
    private void remedy(String text) throws IOException {
      var begin = "-> ";
      for (var part : text.lines().toList()) {
        line(indent() + coloured(begin + part, "36"));
        begin = "   ";
      }
    }

    private void wrap(String head, String text, String colour) throws IOException {
      var prefix = head;
      var line = new StringBuilder();
      for (var word : text.split("\\s+")) {
        if (line.length() > 0 && indent().length() + line.length() + 1 + word.length() > WIDTH) {
          line(prefix + coloured(line.toString(), colour));
          prefix = indent();
          line.setLength(0);
        }
        line.append(line.isEmpty() ? "" : " ").append(word);
      }
      line(prefix + coloured(line.toString(), colour));
    }

    private String indent() {
      return " ".repeat(BEFORE_SLUG + slugWidth + 2);
    }

    private static String colour(Sign sign) {
      return switch (sign) {
        case ERROR -> "31;1";
        case UNKNOWN -> "35";
        case WARNING -> "33";
        case INFO -> "36";
        case PASSED -> "32";
        case SKIPPED -> "2";
      };
    }

    private String bold(String text) {
      return coloured(text, "1");
    }

    private String coloured(String text, String colour) {
      return colours && !colour.isEmpty() && !text.isEmpty()
          ? "\u001b[" + colour + "m" + text + "\u001b[0m"
          : text;
    }

    private void line(String text) throws IOException {
      to.write(text.stripTrailing());
      to.write('\n');
    }
  }
}
