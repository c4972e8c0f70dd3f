package io.tlengine.pgcheck.gather.release;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tlengine.pgcheck.fact.SetChanges.FieldChange;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpecDifferenceTest {

  private static List<FieldChange> between(String before, String after)
      throws JsonProcessingException {
    var json = new ObjectMapper();
    return SpecDifference.between(json.readTree(before), json.readTree(after), Set.of("replicas"));
  }

  @Test
  void equalSpecsDifferInNothingAndWhatMayChangeIsLeftOut() throws JsonProcessingException {
    assertEquals(
        List.of(),
        between(
            "{\"replicas\": 1, \"serviceName\": \"a\"}",
            "{\"replicas\": 2, \"serviceName\": \"a\"}"));
  }

  @Test
  void aFieldThatComesOrGoesIsNamedByItsPath() throws JsonProcessingException {
    assertEquals(
        List.of(
            new FieldChange("selector.matchLabels.app", "a", "(none)"),
            new FieldChange("selector.matchLabels.name", "(none)", "b"),
            new FieldChange("serviceName", "x", "y")),
        between(
            "{\"selector\": {\"matchLabels\": {\"app\": \"a\"}}, \"serviceName\": \"x\"}",
            "{\"selector\": {\"matchLabels\": {\"name\": \"b\"}}, \"serviceName\": \"y\"}"));
  }

  @Test
  void claimTemplatesAreComparedByName() throws JsonProcessingException {
    var data = "{\"metadata\": {\"name\": \"data\"}, \"spec\": {\"size\": \"1Gi\"}}";
    var larger = data.replace("1Gi", "2Gi");
    var wal = "{\"metadata\": {\"name\": \"wal\"}}";

    assertEquals(
        List.of(new FieldChange("volumeClaimTemplates[data].spec.size", "1Gi", "2Gi")),
        between(templates(wal, data), templates(larger, wal)));
    assertEquals(
        List.of(new FieldChange("volumeClaimTemplates[wal]", "(none)", "a new claim template")),
        between(templates(data), templates(data, wal)));
    assertEquals(
        List.of(new FieldChange("volumeClaimTemplates[wal]", "a claim template", "(none)")),
        between(templates(data, wal), templates(data)));
  }

  private static String templates(String... templates) {
    return "{\"volumeClaimTemplates\": [" + String.join(", ", templates) + "]}";
  }
}
