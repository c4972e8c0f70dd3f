package io.tlengine.pgcheck.check.release;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import java.util.List;
import java.util.Set;

/**
 * Two renderings with the same arguments give the same manifests. Random values and dates change at
 * each upgrade, and at each refresh of Argo CD, which then never is in sync.
 */
public final class RenderIsStableCheck implements Check {

  private static final int SHOWN = 5;

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-804",
        "render-is-stable",
        Severity.WARNING,
        "two renderings with the same arguments differ");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.RENDER_CHANGES, FactKey.INSTALL_COMMAND);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var paths = facts.get(FactKey.RENDER_CHANGES).paths();
    var evidence = evidence("renderings", 2);
    if (paths.isEmpty()) {
      return new Outcome.Passed(evidence);
    }
    var install = facts.get(FactKey.INSTALL_COMMAND);
    var render = install.template();
    var shown = String.join(", ", paths.subList(0, Math.min(SHOWN, paths.size())));
    return new Outcome.Failed(
        List.of(
            Finding.warning(
                paths.getFirst().split(" ", 2)[0],
                "the chart renders differently each time: "
                    + shown
                    + (paths.size() > SHOWN ? " and " + (paths.size() - SHOWN) + " more" : ""),
                "",
                "take the value from an existing Secret, or a fixed one, in place of a random one or a"
                    + " date; where it differs: "
                    + install.rest()
                    + "diff <("
                    + render
                    + ") <("
                    + render
                    + ")")),
        evidence);
  }
}
