package io.tlengine.pgcheck.check.connection;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.check.Sql;
import io.tlengine.pgcheck.fact.DatabaseFacts;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.plan.UrlRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The URLs that are meant for writing meet a server that takes writes (PostgreSQL, "Hot Standby",
 * and default_transaction_read_only). {@code SELECT 1} passes on one that does not.
 */
public final class ServerWritableCheck implements Check {

  private static final String READ_ONLY = "default_transaction_read_only";

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-106",
        "server-writable",
        Severity.ERROR,
        "a URL that is meant for writing meets a server in recovery, or a read-only one");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.DATABASE_FACTS, FactKey.OTHER_DATABASES);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var own = facts.get(FactKey.DATABASE_FACTS);
    var others = facts.get(FactKey.OTHER_DATABASES);
    var findings = new ArrayList<Finding>();
    findings.addAll(judge(own));
    others
        .of(UrlRole.DIRECT)
        .flatMap(o -> o.database())
        .map(ServerWritableCheck::judge)
        .ifPresent(findings::addAll);
    var evidence =
        evidence("inRecovery", own.server().inRecovery(), "readOnly", own.server().readOnly());
    others
        .of(UrlRole.READ)
        .flatMap(o -> o.database())
        .ifPresent(d -> evidence.put("readUrlInRecovery", d.server().inRecovery()));
    return Outcome.of(findings, evidence);
  }

  private static List<Finding> judge(DatabaseFacts facts) {
    return recovery(facts).or(() -> readOnly(facts)).stream().toList();
  }

  private static Optional<Finding> recovery(DatabaseFacts facts) {
    return facts.server().inRecovery()
        ? Optional.of(
            Finding.error(
                facts.source(),
                "the URL of "
                    + facts.source()
                    + " meets a server in recovery (a standby); wanted: one that takes writes",
                "pg_is_in_recovery() is true; each write fails with SQLSTATE 25006",
                "put the primary's address into "
                    + facts.source()
                    + "; with several hosts in the URL add target_session_attrs=read-write; to"
                    + " promote this server:\nSELECT pg_promote();"))
        : Optional.empty();
  }

  private static Optional<Finding> readOnly(DatabaseFacts facts) {
    return facts.server().readOnly()
        ? Optional.of(
            Finding.error(
                facts.source(),
                "transactions of the role "
                    + facts.role().name()
                    + " are read-only by the URL of "
                    + facts.source()
                    + "; wanted: "
                    + READ_ONLY
                    + " = off",
                READ_ONLY + " is " + Sql.origin(facts, READ_ONLY) + "; writes fail with 25006",
                // Else the session that is to mend it may be read-only itself.
                Sql.reset(facts, READ_ONLY)
                    .replaceFirst("^ALTER", "SET " + READ_ONLY + " = off;\nALTER")))
        : Optional.empty();
  }
}
