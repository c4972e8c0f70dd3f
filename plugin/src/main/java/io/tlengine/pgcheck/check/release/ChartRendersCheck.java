package io.tlengine.pgcheck.check.release;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.InstallCommand;
import io.tlengine.pgcheck.fact.Rendering;
import java.util.List;
import java.util.Set;

/** Helm renders the chart with the user's own arguments. */
public final class ChartRendersCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-801", "chart-renders", Severity.ERROR, "helm refuses the values or the templates");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.RENDERING, FactKey.INSTALL_COMMAND);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    return switch (facts.get(FactKey.RENDERING)) {
      case Rendering.Rendered rendered ->
          new Outcome.Passed(evidence("objects", rendered.objects()));
      case Rendering.Refused refused ->
          new Outcome.Failed(
              List.of(
                  Finding.error(
                      "chart",
                      "helm does not render this chart with these values",
                      refused.cause(),
                      remedy(refused, facts.get(FactKey.INSTALL_COMMAND)))),
              evidence());
    };
  }

  private static String remedy(Rendering.Refused refused, InstallCommand install) {
    var texts = refused.wantedTexts();
    return texts.isEmpty()
        ? "correct the values that the message names, then look at the result: "
            + install.rest()
            + install.template()
        : "give a text as one: "
            + String.join(" ", texts.stream().map(key -> "--set-string " + key + "=VALUE").toList())
            + " in place of --set, or in quotes in the values file";
  }
}
