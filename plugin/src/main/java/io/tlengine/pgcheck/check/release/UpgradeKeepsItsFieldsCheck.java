package io.tlengine.pgcheck.check.release;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.FieldConflicts.FieldConflict;
import io.tlengine.pgcheck.fact.InstallCommand;
import java.util.Set;

/**
 * With server-side apply (Helm 4) an upgrade stops at a field that another manager owns and the
 * chart wants different, for example replicas after kubectl scale (kubernetes.io, Server-Side
 * Apply, conflicts).
 */
public final class UpgradeKeepsItsFieldsCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-810",
        "upgrade-keeps-its-fields",
        Severity.ERROR,
        "with server-side apply: somebody else owns a field that the upgrade would change");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.FIELD_CONFLICTS, FactKey.INSTALL_COMMAND);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var conflicts = facts.get(FactKey.FIELD_CONFLICTS);
    return Outcome.of(
        conflicts.items().stream()
            .map(c -> finding(c, facts.get(FactKey.INSTALL_COMMAND)))
            .toList(),
        evidence("objects", conflicts.objects()));
  }

  private static Finding finding(FieldConflict conflict, InstallCommand install) {
    boolean plain = !conflict.live().startsWith("(") && !conflict.wanted().startsWith("(");
    return Finding.error(
        conflict.object(),
        "the field "
            + conflict.field()
            + " belongs to "
            + conflict.manager()
            + (plain ? ", is " + conflict.live() + ", wanted " + conflict.wanted() : "")
            + ": Helm's server-side apply stops there",
        "",
        "to set it to the chart's value, upgrade with --force-conflicts; to keep it, give the chart"
            + " the value that it has; to see who set what: kubectl get "
            + conflict.object()
            + install.inNamespace()
            + " -o yaml --show-managed-fields");
  }
}
