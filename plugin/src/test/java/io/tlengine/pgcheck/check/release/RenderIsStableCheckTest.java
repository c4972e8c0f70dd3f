package io.tlengine.pgcheck.check.release;

import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.RenderChanges;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RenderIsStableCheckTest {

  private static Outcome judge(List<String> paths) {
    return Situations.judge(
        new RenderIsStableCheck(), FactKey.RENDER_CHANGES, new RenderChanges(paths));
  }

  @Test
  void equalRenderingsPass() {
    passed(judge(List.of()));
  }

  @Test
  void whatDiffersIsNamedWithoutItsValue() {
    var finding = onlyFinding(judge(List.of("Secret/db data.password")));

    assertEquals(Severity.WARNING, finding.severity());
    assertEquals("Secret/db", finding.subject());
    assertEquals(
        "the chart renders differently each time: Secret/db data.password", finding.message());
    assertTrue(
        finding
            .remedy()
            .endsWith(
                "diff <(helm template tl charts/tl-engine -n shop -f 'my values.yaml') <(helm"
                    + " template tl charts/tl-engine -n shop -f 'my values.yaml')"),
        finding.remedy());
  }

  @Test
  void ofManyOnlySomeAreNamed() {
    var paths = IntStream.range(0, 12).mapToObj(i -> "ConfigMap/c" + i + " data.x").toList();

    assertTrue(onlyFinding(judge(paths)).message().endsWith("data.x and 7 more"));
  }
}
