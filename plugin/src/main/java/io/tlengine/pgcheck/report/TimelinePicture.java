package io.tlengine.pgcheck.report;

import io.tlengine.pgcheck.report.Report.Result;
import io.tlengine.pgcheck.report.Timeline.Gap;
import io.tlengine.pgcheck.report.Timeline.Load;
import io.tlengine.pgcheck.report.Timeline.Phase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Where the parts of a timeline lie in its picture: a band of acknowledged writes with the gaps in
 * it, one row below for each scenario, a block for each phase. The template draws them.
 */
final class TimelinePicture {

  static final int WIDTH = 960;
  static final int LOAD_HEIGHT = 64;
  private static final int LEFT = 190;
  private static final int RIGHT = 24;
  private static final int TOP = 12;
  private static final int ROW = 38;
  private static final int NARROWEST_LABELLED = 40;
  private static final int MOST_TICKS = 8;
  private static final double MILLIS_PER_SECOND = 1_000;
  private static final long[] TICKS = {
    1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000
  };

  private final Timeline timeline;
  private final List<Result> results;
  private final long end;
  private final int rowsTop;

  private TimelinePicture(Timeline timeline, List<Result> results) {
    this.timeline = timeline;
    this.results = results;
    this.end =
        LongStream.concat(
                timeline.phases().stream().mapToLong(p -> p.startMillis() + p.durationMillis()),
                timeline.loads().stream().mapToLong(l -> l.startMillis() + l.durationMillis()))
            .max()
            .orElse(0);
    this.rowsTop = timeline.loads().isEmpty() ? TOP : TOP + LOAD_HEIGHT + TOP;
  }

  /**
   * The template's fields.
   *
   * @param results of the same report, for the names behind the codes
   */
  static Map<String, Object> of(Timeline timeline, List<Result> results) {
    return new TimelinePicture(timeline, results).fields();
  }

  private Map<String, Object> fields() {
    var rows = rows();
    int bottom = rowsTop + rows.size() * ROW;
    var fields = new LinkedHashMap<String, Object>();
    fields.put("width", WIDTH);
    fields.put("height", bottom + 28);
    fields.put("top", TOP);
    fields.put("loadHeight", LOAD_HEIGHT);
    fields.put("bottom", bottom);
    fields.put("description", description());
    fields.put("most", mostPerSecond());
    fields.put("bars", bars());
    fields.put(
        "gaps", timeline.loads().stream().flatMap(l -> l.gaps().stream().map(this::gap)).toList());
    fields.put("rows", rows);
    fields.put("ticks", ticks());
    fields.put("phases", timeline.phases().stream().map(TimelinePicture::line).toList());
    fields.put("loads", timeline.loads().stream().map(TimelinePicture::line).toList());
    fields.put("tunnel", timeline.loads().stream().anyMatch(Load::tunnelIncluded));
    return fields;
  }

  private String description() {
    var text = timeline.phases().size() + " phases in " + seconds(end);
    return timeline.loads().isEmpty()
        ? text
        : text
            + "; "
            + timeline.loads().stream().mapToInt(Load::acknowledged).sum()
            + " writes acknowledged; the longest time without one: "
            + timeline.loads().stream().mapToLong(TimelinePicture::longestGap).max().orElse(0)
            + " ms";
  }

  private List<Map<String, Object>> rows() {
    var byScenario = new LinkedHashMap<List<String>, List<Phase>>();
    for (var phase : timeline.phases()) {
      byScenario.computeIfAbsent(phase.codes(), c -> new ArrayList<>()).add(phase);
    }
    var rows = new ArrayList<Map<String, Object>>();
    byScenario.forEach(
        (codes, phases) -> {
          int y = rowsTop + rows.size() * ROW;
          rows.add(
              Map.of(
                  "name", codes(codes),
                  "slug", slug(codes),
                  "y", y,
                  "blocks", phases.stream().map(this::block).toList()));
        });
    return rows;
  }

  private Map<String, Object> block(Phase phase) {
    int from = x(phase.startMillis());
    return Map.of(
        "x", from,
        "width", Math.max(2, x(phase.startMillis() + phase.durationMillis()) - from - 1),
        "title",
            String.join(
                "  ",
                seconds(phase.startMillis()),
                phase.text(),
                "(" + phase.durationMillis() + " ms)"));
  }

  private List<Map<String, Object>> bars() {
    long most = mostPerSecond();
    var bars = new ArrayList<Map<String, Object>>();
    for (var load : timeline.loads()) {
      for (int i = 0; i < load.slices().size(); i++) {
        long perSecond = perSecond(load, i);
        if (perSecond > 0) {
          int height = (int) Math.max(1, perSecond * LOAD_HEIGHT / most);
          int from = x(load.startMillis() + i * load.sliceMillis());
          bars.add(
              Map.of(
                  "x",
                  from,
                  "y",
                  TOP + LOAD_HEIGHT - height,
                  "width",
                  Math.max(1, x(load.startMillis() + (i + 1) * load.sliceMillis()) - from),
                  "height",
                  height));
        }
      }
    }
    return bars;
  }

  private static long perSecond(Load load, int slice) {
    return Math.round(load.slices().get(slice) * MILLIS_PER_SECOND / load.sliceMillis());
  }

  private long mostPerSecond() {
    long most = 1;
    for (var load : timeline.loads()) {
      for (int i = 0; i < load.slices().size(); i++) {
        most = Math.max(most, perSecond(load, i));
      }
    }
    return most;
  }

  private Map<String, Object> gap(Gap gap) {
    int from = x(gap.startMillis());
    int width = Math.max(2, x(gap.startMillis() + gap.durationMillis()) - from);
    return Map.of(
        "x",
        from,
        "width",
        width,
        "middle",
        from + width / 2,
        "label",
        width < NARROWEST_LABELLED ? "" : seconds(gap.durationMillis()),
        "title",
        seconds(gap.startMillis()) + "  no acknowledged write for " + gap.durationMillis() + " ms");
  }

  private List<Map<String, Object>> ticks() {
    long step = TICKS[TICKS.length - 1];
    for (int i = TICKS.length - 1; i >= 0; i--) {
      if (end / TICKS[i] <= MOST_TICKS) {
        step = TICKS[i];
      }
    }
    var ticks = new ArrayList<Map<String, Object>>();
    for (long at = 0; at <= end; at += step) {
      ticks.add(Map.of("x", x(at), "text", at / 1_000 + " s"));
    }
    return ticks;
  }

  private int x(long millis) {
    return LEFT + (int) (millis * (WIDTH - LEFT - RIGHT) / Math.max(1, end));
  }

  private static Map<String, Object> line(Phase phase) {
    return Map.of(
        "start", seconds(phase.startMillis()),
        "duration", phase.durationMillis(),
        "name", codes(phase.codes()),
        "pod", phase.pod(),
        "text", phase.text());
  }

  private static Map<String, Object> line(Load load) {
    return Map.of(
        "start", seconds(load.startMillis()),
        "pod", load.pod(),
        "acknowledged", load.acknowledged(),
        "perSecond", load.writesPerSecond(),
        "recovery", load.recoveryMillis(),
        "longestGap", longestGap(load));
  }

  private static long longestGap(Load load) {
    return load.gaps().stream().mapToLong(Gap::durationMillis).max().orElse(0);
  }

  private String slug(List<String> codes) {
    return results.stream()
        .filter(r -> !codes.isEmpty() && r.code().equals(codes.getFirst()))
        .map(Result::slug)
        .findFirst()
        .orElse("");
  }

  /** As in "PGC-702, 703, 705". */
  private static String codes(List<String> codes) {
    return codes.isEmpty() ? "putting back" : String.join(", ", codes).replace(", PGC-", ", ");
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.1f s", millis / MILLIS_PER_SECOND);
  }
}
