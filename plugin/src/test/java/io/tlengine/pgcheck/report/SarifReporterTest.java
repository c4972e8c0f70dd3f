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
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SarifReporterTest {

  private static JsonSchema schema() {
    try (var in = SarifReporterTest.class.getResourceAsStream("/schema/sarif.json")) {
      return JsonSchemaFactory.getInstance(VersionFlag.V202012)
          .getSchema(new ObjectMapper().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode sarif(Report report) {
    try {
      return new ObjectMapper().readTree(Reports.write(report, new SarifReporter()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode result(JsonNode sarif, String code) {
    return StreamSupport.stream(sarif.at("/runs/0/results").spliterator(), false)
        .filter(r -> r.get("ruleId").asText().equals(code))
        .findFirst()
        .orElseThrow();
  }

  static Stream<Report> reports() {
    return Stream.of(
        Reports.mixed(),
        Reports.report(),
        Reports.report(
            Reports.failed("PGC-101", Reports.error("a"), Reports.warning("b"), Reports.info("c"))),
        EscapingTest.withEverywhere("<x>"));
  }

  @ParameterizedTest
  @MethodSource("reports")
  void itHasWhatTheSpecificationRequires(Report report) {
    assertEquals(
        List.of(),
        schema().validate(sarif(report)).stream().map(ValidationMessage::getMessage).toList());
  }

  static Stream<Arguments> damages() {
    return Stream.<Arguments>of(
        damage("another version", s -> s.put("version", "2.0.0")),
        damage("no runs", s -> s.remove("runs")),
        damage(
            "a tool without a name",
            s -> ((ObjectNode) s.at("/runs/0/tool/driver")).remove("name")),
        damage(
            "a rule without an id",
            s -> ((ObjectNode) s.at("/runs/0/tool/driver/rules/0")).remove("id")),
        damage(
            "a result without a message",
            s -> ((ObjectNode) s.at("/runs/0/results/0")).remove("message")),
        damage(
            "an open result with a level",
            s -> ((ObjectNode) s.at("/runs/0/results/0")).put("level", "error")),
        damage(
            "a name nobody knows", s -> ((ObjectNode) s.at("/runs/0/results/0")).put("rule", "x")));
  }

  private static Arguments damage(String name, Consumer<ObjectNode> damage) {
    return Arguments.of(name, damage);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damages")
  void whatTheSpecificationForbidsIsFound(String name, Consumer<ObjectNode> damage) {
    var sarif = (ObjectNode) sarif(Reports.mixed());
    damage.accept(sarif);

    assertFalse(schema().validate(sarif).isEmpty(), name);
  }

  @Test
  void aCodeIsARuleAndEachResultPointsAtItsOwn() {
    var sarif = sarif(Reports.mixed());
    var rules = sarif.at("/runs/0/tool/driver/rules");

    for (var result : sarif.at("/runs/0/results")) {
      assertEquals(
          result.get("ruleId").asText(),
          rules.get(result.get("ruleIndex").asInt()).get("id").asText());
    }
    assertTrue(rules.get(0).at("/help/markdown").asText().contains("## Remedy"), rules::toString);
    assertEquals("error", rules.get(0).at("/defaultConfiguration/level").asText());
  }

  @Test
  void eachStatusHasTheKindThatTheSpecificationNames() {
    var sarif = sarif(Reports.mixed());

    assertEquals("open", result(sarif, "PGC-102").get("kind").asText());
    assertEquals("notApplicable", result(sarif, "PGC-104").get("kind").asText());
    assertEquals("pass", result(sarif, "PGC-201").get("kind").asText());
    assertEquals("fail", result(sarif, "PGC-105").get("kind").asText());
    assertEquals("error", result(sarif, "PGC-105").get("level").asText());
    assertEquals("warning", result(sarif, "PGC-103").get("level").asText());
    assertEquals(
        "note",
        result(sarif(Reports.report(Reports.failed("PGC-101", Reports.info("c")))), "PGC-101")
            .get("level")
            .asText());
  }

  @ParameterizedTest
  @CsvSource({
    "charts/tl-engine,charts/tl-engine",
    "oci://registry.example.com/charts/x,oci://registry.example.com/charts/x",
    "my charts/ä#1,my%20charts/%C3%A4%231"
  })
  void theChartIsAUriReference(String chart, String uri) {
    var report =
        ReportBuilder.build(
            "0.1.0",
            "preflight",
            new Release("tl", "shop", "tl-engine-0.1.0", chart, "external"),
            Instant.EPOCH,
            Instant.EPOCH,
            Severity.ERROR,
            List.of(Reports.failed("PGC-105", Reports.error("db"))));

    assertEquals(
        uri,
        sarif(report)
            .at("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri")
            .asText());
    assertEquals(List.of(), List.copyOf(schema().validate(sarif(report))));
  }
}
