package io.tlengine.pgcheck.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run's report; its components are the fields of the JSON format, documented by
 * report.schema.json. Times are RFC 3339 in UTC, durations whole milliseconds. No text in it holds
 * a control character, whatever a server said.
 *
 * @param failOn the mildest severity that makes the verdict "failed"
 * @param timeline of a run that changed something; absent in others
 */
public record Report(
    int formatVersion,
    Tool tool,
    String command,
    Release release,
    String startedAt,
    long durationMillis,
    String failOn,
    Verdict verdict,
    Summary summary,
    List<Result> results,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Timeline timeline) {

  /** The same report, and what the run did when. */
  public Report with(Timeline what) {
    return new Report(
        formatVersion,
        tool,
        command,
        release,
        startedAt,
        durationMillis,
        failOn,
        verdict,
        summary,
        results,
        what);
  }

  public static final int FORMAT_VERSION = 1;

  public record Tool(String name, String version) {}

  /**
   * @param chart its name and version, as the user named it where they are not known, and empty
   *     where the command takes none
   * @param chartReference the chart as the user named it, for formats that point at a file
   * @param mode external, statefulset, redis, none, or unknown when the chart did not render
   */
  public record Release(
      String name, String namespace, String chart, @JsonIgnore String chartReference, String mode) {
    public Release {
      name = Texts.visible(name);
      namespace = Texts.visible(namespace);
      chart = Texts.visible(chart);
      chartReference = Texts.visible(chartReference);
    }
  }

  public enum Verdict {
    passed,
    failed,
    incomplete
  }

  /** How many results are of each kind; failed counts those with an error, warnings the rest. */
  public record Summary(int passed, int failed, int warnings, int skipped, int unknown) {}

  /**
   * One check's answer.
   *
   * @param severity of its worst finding, else the check's own
   * @param status passed, failed, skipped or unknown
   * @param reason why it was skipped or is unknown
   * @param remedy what would decide an unknown one
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Result(
      String code,
      String slug,
      String severity,
      String status,
      @Nullable String reason,
      @Nullable String remedy,
      List<FoundFault> findings,
      Map<String, Object> evidence,
      long durationMillis) {
    public Result {
      reason = Texts.visibleOrNull(reason);
      remedy = Texts.visibleOrNull(remedy);
      evidence = Texts.visible(evidence);
    }
  }

  /** A finding, with the code whose page explains it. */
  public record FoundFault(
      String severity, String subject, String message, String detail, String remedy, String docs) {
    public FoundFault {
      subject = Texts.visible(subject);
      message = Texts.visible(message);
      detail = Texts.visible(detail);
      remedy = Texts.visible(remedy);
    }
  }
}
