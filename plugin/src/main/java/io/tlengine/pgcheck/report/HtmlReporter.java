package io.tlengine.pgcheck.report;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import io.tlengine.pgcheck.report.Report.Result;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The HTML report, from templates/report.html.j2; layout only, no judgement. */
final class HtmlReporter implements Reporter {

  private static final int MAX_OUTPUT_BYTES = 20_000_000;
  private static final int MAX_RENDER_DEPTH = 20;

  @Override
  public void write(Report report, Writer to) throws IOException {
    var config =
        JinjavaConfig.newBuilder()
            .withFailOnUnknownTokens(true)
            .withTrimBlocks(true)
            .withLstripBlocks(true)
            // Evidence nests, and so does the macro that shows it; the depth is limited below.
            .withEnableRecursiveMacroCalls(true)
            .withMaxMacroRecursionDepth(MAX_RENDER_DEPTH)
            // What the texts hold is text: a message of Helm's may quote a template.
            .withNestedInterpretationEnabled(false)
            .withMaxOutputSize(MAX_OUTPUT_BYTES)
            .withMaxRenderDepth(MAX_RENDER_DEPTH)
            .build();
    var json = new ObjectMapper();
    Map<String, Object> fields = json.convertValue(report, new TypeReference<>() {});
    var groups = new ArrayList<Map<String, Object>>();
    Sign.groups(report)
        .forEach(
            (sign, results) ->
                groups.add(
                    Map.of(
                        "title",
                        sign.title(),
                        "results",
                        json.convertValue(
                            results.stream().map(HtmlReporter::inWords).toList(),
                            new TypeReference<List<Object>>() {}))));
    fields.put("groups", groups);
    var timeline = report.timeline();
    if (timeline != null) {
      fields.put("picture", TimelinePicture.of(timeline, report.results()));
    }
    var rendered = new Jinjava(config).renderForResult(template(), fields);
    if (!rendered.getErrors().isEmpty()) {
      throw new IllegalStateException(
          "report.html.j2: " + rendered.getErrors().getFirst().getMessage());
    }
    to.write(rendered.getOutput());
  }

  /** With the names of its evidence as people read them. */
  private static Result inWords(Result result) {
    return new Result(
        result.code(),
        result.slug(),
        result.severity(),
        result.status(),
        result.reason(),
        result.remedy(),
        result.findings(),
        Evidence.inWords(result.evidence()),
        result.durationMillis());
  }

  private static String template() throws IOException {
    try (var in = HtmlReporter.class.getResourceAsStream("/templates/report.html.j2")) {
      if (in == null) {
        throw new IOException("the template report.html.j2 is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
