package io.tlengine.pgcheck.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.report.Report.Release;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What JSON says, and that report.schema.json describes exactly that. */
class JsonReporterTest {

  private static JsonSchema schema() {
    try (var in = JsonReporterTest.class.getResourceAsStream("/report.schema.json")) {
      return JsonSchemaFactory.getInstance(VersionFlag.V202012)
          .getSchema(new ObjectMapper().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode json(Report report) throws IOException {
    return new ObjectMapper().readTree(Reports.write(report, new JsonReporter()));
  }

  static Stream<Arguments> situations() {
    return Stream.of(
        Arguments.of("nothing asked", Reports.report()),
        Arguments.of("one of each", Reports.mixed()),
        Arguments.of("with a timeline", Reports.mixed().with(Reports.timeline())),
        Arguments.of(
            "of a Redis",
            ReportBuilder.build(
                "0.1.0",
                "persistence",
                new Release("redis", "shop", "", "", "redis"),
                Instant.EPOCH,
                Instant.EPOCH,
                Severity.ERROR,
                List.of())),
        Arguments.of("all unknown", Reports.report(Reports.unknown("PGC-101"))),
        Arguments.of(
            "several findings",
            Reports.report(
                Reports.failed(
                    "PGC-101", Reports.error("a"), Reports.warning("b"), Reports.info("c")))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("situations")
  void theReportFitsItsSchema(String name, Report report) throws IOException {
    assertEquals(
        List.of(),
        schema().validate(json(report)).stream().map(ValidationMessage::getMessage).toList(),
        name);
  }

  private static ObjectNode result(ObjectNode report, int index) {
    return (ObjectNode) report.get("results").get(index);
  }

  /** Results of the mixed report: 0 unknown, 1 warning, 2 skipped, 3 failed, 4 and 5 passed. */
  static Stream<Arguments> damages() {
    return Stream.<Arguments>of(
        damage("a field nobody knows", r -> r.put("extra", 1)),
        damage("a field nobody knows in a result", r -> result(r, 4).put("extra", 1)),
        damage("no verdict", r -> r.remove("verdict")),
        damage("another verdict", r -> r.put("verdict", "fine")),
        damage("another format", r -> r.put("formatVersion", 2)),
        damage("a timeline of another form", r -> r.putObject("timeline").put("extra", 1)),
        damage("a local time", r -> r.put("startedAt", "2026-11-22 10:00")),
        damage("a negative time", r -> r.put("durationMillis", -1)),
        damage("a fraction of a millisecond", r -> r.put("durationMillis", 1.5)),
        damage("a code of another form", r -> result(r, 4).put("code", "PGC-1")),
        damage("a status nobody knows", r -> result(r, 4).put("status", "ok")),
        damage("failed without a finding", r -> result(r, 3).putArray("findings")),
        damage("passed with findings", r -> result(r, 3).put("status", "passed")),
        damage("skipped without a reason", r -> result(r, 2).remove("reason")),
        damage("unknown without a remedy", r -> result(r, 0).remove("remedy")),
        damage("passed with a reason", r -> result(r, 4).put("reason", "because")),
        damage(
            "a finding without a remedy",
            r -> ((ObjectNode) result(r, 3).get("findings").get(0)).put("remedy", "")),
        damage(
            "a finding of another severity",
            r -> ((ObjectNode) result(r, 3).get("findings").get(0)).put("severity", "fatal")));
  }

  private static Arguments damage(String name, Consumer<ObjectNode> damage) {
    return Arguments.of(name, damage);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damages")
  void aReportThatIsBrokenDoesNot(String name, Consumer<ObjectNode> damage) throws IOException {
    var report = (ObjectNode) json(Reports.mixed());
    damage.accept(report);

    assertFalse(schema().validate(report).isEmpty(), name);
  }

  static Stream<Arguments> damagesOfTimelines() {
    return Stream.<Arguments>of(
        damage("no phase", r -> ((ObjectNode) r.get("timeline")).putArray("phases")),
        damage("a phase without a text", r -> part(r, "phases").put("text", "")),
        damage("a phase for no code", r -> part(r, "phases").putArray("codes").add("701")),
        damage("a phase in seconds", r -> part(r, "phases").put("durationMillis", 0.5)),
        damage("a load without its label", r -> part(r, "loads").remove("tunnelIncluded")),
        damage("a load without its rate", r -> part(r, "loads").remove("writesPerSecond")),
        damage("a gap without a length", r -> part(r, "loads").putArray("gaps").addObject()));
  }

  private static ObjectNode part(ObjectNode report, String list) {
    return (ObjectNode) report.get("timeline").get(list).get(0);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damagesOfTimelines")
  void aTimelineThatIsBrokenDoesNot(String name, Consumer<ObjectNode> damage) throws IOException {
    var report = (ObjectNode) json(Reports.mixed().with(Reports.timeline()));
    damage.accept(report);

    assertFalse(schema().validate(report).isEmpty(), name);
  }

  @Test
  void itIsOneDocumentWithTheReportsOwnNames() throws IOException {
    var text = Reports.write(Reports.mixed(), new JsonReporter());
    var report = new ObjectMapper().readTree(text);

    assertTrue(text.endsWith("}\n"));
    assertEquals("failed", report.get("verdict").asText());
    assertEquals("PGC-102", report.get("results").get(0).get("code").asText());
    assertEquals("PGC-105", report.at("/results/3/findings/0/docs").asText());
    assertEquals("fast.io", report.at("/results/4/evidence/classes/fast").asText());
    // What does not apply is absent, not null.
    assertFalse(report.get("results").get(3).has("reason"));
    assertFalse(report.has("timeline"));
  }
}
