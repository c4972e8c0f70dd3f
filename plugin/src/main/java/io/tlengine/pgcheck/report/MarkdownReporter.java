package io.tlengine.pgcheck.report;

import io.tlengine.pgcheck.report.Report.FoundFault;
import io.tlengine.pgcheck.report.Report.Result;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * GitHub's Markdown, for tickets and job summaries: the failures first, each with its remedy in a
 * block of its own that can be copied.
 */
final class MarkdownReporter implements Reporter {

  /** What CommonMark, or GitHub's tables, strike-through and formulas, could read as markup. */
  private static final Pattern MARKUP = Pattern.compile("[\\\\`*_\\[\\]|~#$]");

  private static final Pattern BACKTICKS = Pattern.compile("`+");
  private static final int SHORTEST_FENCE = 3;

  @Override
  public void write(Report report, Writer to) throws IOException {
    var release = report.release();
    var s = report.summary();
    to.write("# pgcheck " + report.command() + ": " + escaped(release.name()) + " ");
    to.write(report.verdict().name() + "\n\n");
    to.write("Namespace " + escaped(release.namespace()) + ", database " + release.mode());
    to.write(release.chart().isEmpty() ? "" : ", chart " + escaped(release.chart()));
    to.write(", " + report.startedAt() + ", " + report.durationMillis() + " ms\n\n");
    to.write("| failed | warnings | unknown | passed | skipped |\n");
    to.write("|---:|---:|---:|---:|---:|\n");
    to.write(
        List.of(s.failed(), s.warnings(), s.unknown(), s.passed(), s.skipped()).stream()
            .map(String::valueOf)
            .collect(Collectors.joining(" | ", "| ", " |\n")));
    for (var group : Sign.groups(report).entrySet()) {
      to.write("\n## " + group.getKey().title() + "\n");
      if (group.getKey().open()) {
        for (var result : group.getValue()) {
          open(to, result);
        }
      } else {
        to.write("\n| code | | |\n|---|---|---|\n");
        for (var result : group.getValue()) {
          to.write("| " + result.code() + " | " + result.slug() + " | ");
          to.write(escaped(closed(result)) + " |\n");
        }
      }
    }
    to.write("\n" + escaped(report.tool().name() + " " + report.tool().version()));
    to.write(", report format " + report.formatVersion());
    to.write(". A page for each code: `helm pgcheck checks CODE`\n");
  }

  private static void open(Writer to, Result result) throws IOException {
    to.write("\n### " + result.code() + " " + result.slug() + "\n");
    if (result.reason() != null) {
      to.write("\n" + paragraph(result.reason()) + "\n");
      fenced(to, String.valueOf(result.remedy()));
    }
    for (FoundFault finding : result.findings()) {
      to.write("\n**" + escaped(finding.subject()) + "**: " + paragraph(finding.message()) + "\n");
      if (!finding.detail().isEmpty()) {
        to.write("\n> " + paragraph(finding.detail()) + "\n");
      }
      fenced(to, finding.remedy());
    }
  }

  private static String closed(Result result) {
    return result.reason() == null ? Evidence.text(result.evidence()) : result.reason();
  }

  /** In a fence that is longer than any run of backticks inside. */
  private static void fenced(Writer to, String text) throws IOException {
    int longest =
        BACKTICKS.matcher(text).results().mapToInt(m -> m.end() - m.start()).max().orElse(0);
    var fence = "`".repeat(Math.max(SHORTEST_FENCE, longest + 1));
    to.write("\n" + fence + "text\n" + text + "\n" + fence + "\n");
  }

  /** A text that begins a line may begin like a list or a heading, too. */
  private static String paragraph(String text) {
    return escaped(text)
        .replaceFirst("^([-+=])", "\\\\$1")
        .replaceFirst("^(\\d+)([.)])", "$1\\\\$2");
  }

  private static String escaped(String text) {
    return MARKUP
        .matcher(
            Texts.oneLine(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
        .replaceAll("\\\\$0");
  }
}
