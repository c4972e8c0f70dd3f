package io.tlengine.pgcheck.check.database;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What the configuration says is what the server does (pg_settings.pending_restart,
 * pg_file_settings.error). A managed service restarts on its own schedule.
 */
public final class SettingsInForceCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-405",
        "settings-in-force",
        Severity.WARNING,
        "settings wait for a restart, or the configuration has errors");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.DATABASE_FACTS);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var database = facts.get(FactKey.DATABASE_FACTS);
    boolean managed = database.server().provider().isPresent();
    var findings = new ArrayList<Finding>();
    var pending = database.pendingRestart();
    if (!managed && !pending.isEmpty()) {
      findings.add(
          Finding.warning(
              database.source(),
              "settings wait for a restart of the server: " + String.join(", ", pending),
              "the server still runs with their old values",
              "restart the server: pg_ctl restart -D DATA_DIRECTORY -m fast, or in Kubernetes:"
                  + " kubectl rollout restart statefulset/NAME"));
    }
    var errors = database.configurationErrors().orElse(List.of());
    if (!managed && !errors.isEmpty()) {
      findings.add(
          Finding.warning(
              database.source(),
              errors.size() + " lines of the server's configuration files have errors",
              String.join("; ", errors),
              "correct these lines, then:\nSELECT pg_reload_conf();"));
    }
    return Outcome.of(
        findings,
        evidence(
            "settingsThatWaitForARestart",
            pending,
            "configurationFiles",
            database
                .configurationErrors()
                .map(e -> e.isEmpty() ? "without errors" : "with " + e.size() + " errors")
                .orElse("not looked at, only superusers may")));
  }
}
