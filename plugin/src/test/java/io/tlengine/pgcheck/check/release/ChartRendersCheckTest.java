package io.tlengine.pgcheck.check.release;

import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Rendering;
import org.junit.jupiter.api.Test;

class ChartRendersCheckTest {

  @Test
  void aChartThatRendersPassesWithTheNumberOfItsObjects() {
    var outcome =
        Situations.judge(new ChartRendersCheck(), FactKey.RENDERING, new Rendering.Rendered(7));

    assertEquals(7, passed(outcome).get("objects"));
  }

  @Test
  void aNumberWhereATextIsWantedIsGivenWithSetString() {
    var outcome =
        Situations.judge(
            new ChartRendersCheck(),
            FactKey.RENDERING,
            new Rendering.Refused(
                "values don't meet the specifications of the schema(s) in the following chart(s):"
                    + " tl-engine: - at '/engine/image/tag': got number, want string - at"
                    + " '/engine/podAnnotations/a.b~1c': got boolean, want string - at '/x': got"
                    + " string, want number"));

    assertEquals(
        "give a text as one: --set-string engine.image.tag=VALUE --set-string"
            + " engine.podAnnotations.a\\.b/c=VALUE in place of --set, or in quotes in the values"
            + " file",
        onlyFinding(outcome).remedy());
  }

  @Test
  void aRefusalFailsWithHelmsOwnWords() {
    var outcome =
        Situations.judge(
            new ChartRendersCheck(),
            FactKey.RENDERING,
            new Rendering.Refused("database.mode is required"));

    assertEquals(
        Finding.error(
            "chart",
            "helm does not render this chart with these values",
            "database.mode is required",
            "correct the values that the message names, then look at the result: helm template tl"
                + " charts/tl-engine -n shop -f 'my values.yaml'"),
        onlyFinding(outcome));
  }
}
