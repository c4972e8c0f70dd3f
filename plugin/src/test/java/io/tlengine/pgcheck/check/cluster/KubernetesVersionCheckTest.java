package io.tlengine.pgcheck.check.cluster;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.KubernetesServer;
import io.tlengine.pgcheck.fact.Rendering;
import org.junit.jupiter.api.Test;

class KubernetesVersionCheckTest {

  private static Outcome judge(Rendering rendering) {
    var check = new KubernetesVersionCheck();
    return check.evaluate(
        Situations.facts(FactKey.RENDERING, rendering)
            .with(FactKey.KUBERNETES, Fact.known(new KubernetesServer("v1.28.4")))
            .view(check.needs()));
  }

  @Test
  void aChartThatRendersTakesTheVersion() {
    assertEquals("v1.28.4", passed(judge(new Rendering.Rendered(3))).get("kubernetes"));
  }

  @Test
  void helmsRefusalNamesTheRange() {
    var finding =
        onlyFinding(
            judge(
                new Rendering.Refused(
                    "chart requires kubeVersion: >=1.29.0-0 which is incompatible with Kubernetes"
                        + " v1.28.4")));

    assertEquals(
        "the chart wants Kubernetes >=1.29.0-0, and the API server is v1.28.4", finding.message());
  }

  @Test
  void anotherRefusalSaysNothingAboutTheVersion() {
    assertSkipped("follows from PGC-801", judge(new Rendering.Refused("bad values")));
  }
}
