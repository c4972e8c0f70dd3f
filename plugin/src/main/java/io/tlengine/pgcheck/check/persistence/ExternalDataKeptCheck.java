package io.tlengine.pgcheck.check.persistence;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.ColdStart;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import java.util.ArrayList;
import java.util.Set;

/**
 * Rows in an external database are there through a new connection and after the application's pods
 * were replaced. The database itself is not ours to stop, so nothing is said about its crashes.
 */
public final class ExternalDataKeptCheck implements Check {

  private static final String REMEDY =
      "ask the provider; compare the branch, endpoint or replica that the URL leads to";

  private static final String CANNOT_SHOW = "the provider's crashes, backups and failover";

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-708",
        "external-data-kept",
        Severity.ERROR,
        "rows in the external database are not the same through a new connection");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.EXTERNAL_ROWS);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var seen = facts.get(FactKey.EXTERNAL_ROWS);
    if (seen.trouble().isPresent()) {
      return new Outcome.Unknown(
          "the rows could not be read again: " + seen.trouble().get(),
          "kubectl rollout status "
              + seen.workload().toLowerCase(java.util.Locale.ROOT)
              + " -n "
              + seen.namespace());
    }
    boolean restarted = !seen.serverStartBefore().equals(seen.serverStartAfter());
    var level =
        restarted
            ? "server restarted"
            : seen.restartedPods() > 0 ? "new connection, new application pods" : "new connection";
    var findings = new ArrayList<Finding>();
    findings.addAll(Rows.findings(seen.rows(), seen.host(), REMEDY));
    var cold = seen.coldStart().orElse(null);
    if (cold != null) {
      findings.addAll(Rows.findings(cold.rows(), seen.host() + ", after the wait", REMEDY));
      if (findings.isEmpty() && !cold.proven()) {
        return unproven(cold);
      }
      level = cold.proven() ? "cold start" : level;
    }
    var evidence =
        evidence(
            "summary",
                Rows.summary(seen.rows())
                    + " at "
                    + seen.host()
                    + ", through a new connection"
                    + (seen.restartedPods() > 0
                        ? " and behind "
                            + seen.restartedPods()
                            + (seen.restartedPods() == 1
                                ? " new application pod"
                                : " new application pods")
                        : "")
                    + (cold != null
                        ? ", after a cold start of " + cold.connectMillis() + " ms"
                        : "")
                    + ". Level: "
                    + level
                    + "; not shown: "
                    + CANNOT_SHOW,
            "level", level,
            "cannotShow", CANNOT_SHOW,
            "host", seen.host(),
            "workload", seen.workload(),
            "replacedPods", seen.restartedPods(),
            "backendBefore", seen.backendBefore(),
            "backendAfter", seen.backendAfter(),
            "rows", Rows.evidence(seen.rows()));
    if (cold != null) {
      evidence.put(
          "coldStart",
          evidence(
              "proven", cold.proven(),
              "waitedMillis", cold.waitedMillis(),
              "warmConnectMillis", cold.warmMillis(),
              "connectMillis", cold.connectMillis(),
              "serverAgeMillis", cold.serverAgeMillis(),
              "rows", Rows.evidence(cold.rows())));
    }
    return Outcome.of(findings, evidence);
  }

  /** A slow connection alone is no cold start: the rows may never have left the memory. */
  private static Outcome unproven(ColdStart cold) {
    return new Outcome.Unknown(
        "no cold start is proven after "
            + cold.waitedMillis() / 1_000
            + " s: "
            + (cold.serverChanged()
                ? "the server was started meanwhile, but not by this connection"
                : "the server is the one from before the wait")
            + " (connected in "
            + cold.connectMillis()
            + " ms, before the wait in "
            + cold.warmMillis()
            + " ms)",
        "wait longer than the provider's suspend time, with nothing else connected (probes: PGC-504):"
            + " --wait-suspend 10m");
  }
}
