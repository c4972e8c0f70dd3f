package io.tlengine.pgcheck.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.report.Timeline.Phase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimelinePictureTest {

  private static Map<String, Object> picture() {
    return TimelinePicture.of(Reports.timeline(), Reports.mixed().results());
  }

  @SuppressWarnings("unchecked") // the template's fields are lists of maps
  private static List<Map<String, Object>> list(Map<String, Object> picture, String name) {
    return (List<Map<String, Object>>) picture.getOrDefault(name, List.of());
  }

  private static int number(Map<String, Object> map, String name) {
    return (Integer) map.getOrDefault(name, -1);
  }

  @Test
  void aRowForEachScenarioAndABlockForEachPhase() {
    var rows = list(picture(), "rows");

    assertEquals(
        List.of("PGC-701", "PGC-702, 705", "putting back"),
        rows.stream().map(r -> r.get("name")).toList());
    assertEquals("survives-pod-deletion", rows.getFirst().get("slug"));
    var blocks = list(rows.getFirst(), "blocks");
    assertEquals(2, blocks.size());
    // The second one took eight times as long, and begins where the first one ends.
    assertTrue(number(blocks.getLast(), "width") > 7 * number(blocks.getFirst(), "width"));
    assertTrue(number(blocks.getLast(), "x") > number(blocks.getFirst(), "x"));
    assertEquals("0.8 s  it is back  (2400 ms)", blocks.getLast().get("title"));
  }

  @Test
  void theGapBeginsBehindTheLastBarAndIsLabelled() {
    var bars = list(picture(), "bars");
    var gap = list(picture(), "gaps").getFirst();

    assertEquals(2, bars.size());
    assertEquals(TimelinePicture.LOAD_HEIGHT, number(bars.getLast(), "height"));
    assertEquals(TimelinePicture.LOAD_HEIGHT / 2, number(bars.getFirst(), "height"));
    assertEquals(number(bars.getLast(), "x") + number(bars.getLast(), "width"), number(gap, "x"));
    assertEquals("1.3 s", gap.get("label"));
    assertEquals(800L, picture().get("most"));
  }

  @Test
  void allOfItLiesInside() {
    for (var name : List.of("bars", "gaps")) {
      for (var part : list(picture(), name)) {
        assertTrue(number(part, "x") + number(part, "width") <= TimelinePicture.WIDTH);
      }
    }
    for (var row : list(picture(), "rows")) {
      for (var block : list(row, "blocks")) {
        assertTrue(number(block, "x") + number(block, "width") <= TimelinePicture.WIDTH);
        assertTrue(number(row, "y") < number(picture(), "bottom"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 900, 12_000, 1_000_000, 50_000_000})
  void aRunOfAnyLengthHasSomeTicks(long millis) {
    var timeline = new Timeline(List.of(new Phase(List.of(), "", "end", 0, millis)), List.of());
    var ticks = list(TimelinePicture.of(timeline, List.of()), "ticks");

    assertEquals("0 s", ticks.getFirst().get("text"));
    assertTrue(ticks.size() <= 15, ticks::toString);
    assertEquals(millis >= 1_000, ticks.size() > 1, ticks::toString);
  }

  @Test
  void theReportShowsItEscapedAndReadableWithoutSight() {
    var html = Reports.write(Reports.mixed().with(Reports.timeline()), new HtmlReporter());

    assertTrue(html.contains("<svg viewBox"));
    assertTrue(html.contains("aria-labelledby=\"timeline-title timeline-text\""));
    assertTrue(html.contains("<title id=\"timeline-title\">"));
    assertTrue(
        html.contains(
            "4 phases in 8.4 s; 120 writes acknowledged; the longest time without one: 1300 ms"));
    assertTrue(html.contains("ended &lt;the checkpointer&gt;"));
    assertTrue(html.contains("tunnel (port-forward)"));
  }

  @Test
  void withoutATimelineThereIsNoPicture() {
    assertFalse(Reports.write(Reports.mixed(), new HtmlReporter()).contains("<svg"));
  }
}
