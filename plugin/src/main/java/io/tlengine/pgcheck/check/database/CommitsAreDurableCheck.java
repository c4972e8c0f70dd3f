package io.tlengine.pgcheck.check.database;

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
import java.util.ArrayList;
import java.util.Set;

/**
 * What was committed survives a crash (PostgreSQL, "Reliability and the Write-Ahead Log"). A
 * managed service sets fsync and full_page_writes for its own storage (Neon shows fsync off), so
 * there they say nothing; synchronous_commit of a role or database is the user's own anywhere.
 */
public final class CommitsAreDurableCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-401",
        "commits-are-durable",
        Severity.ERROR,
        "an acknowledged commit can be lost in a crash");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.DATABASE_FACTS);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var database = facts.get(FactKey.DATABASE_FACTS);
    var findings = new ArrayList<Finding>();
    var managed = database.server().provider();
    if (managed.isEmpty() && off(database, "fsync")) {
      findings.add(
          Finding.error(
              database.source(),
              "fsync is off; wanted: on",
              "it is "
                  + Sql.origin(database, "fsync")
                  + "; a crash of the operating system or a power cut can destroy the database",
              Sql.reset(database, "fsync")));
    }
    if (managed.isEmpty() && off(database, "full_page_writes")) {
      findings.add(
          Finding.warning(
              database.source(),
              "full_page_writes is off; wanted: on",
              "it is "
                  + Sql.origin(database, "full_page_writes")
                  + "; a page that was half written in a crash stays torn, unless the file system"
                  + " (ZFS) writes whole pages",
              Sql.reset(database, "full_page_writes")));
    }
    if (off(database, "synchronous_commit")
        && (managed.isEmpty() || Sql.ownOverride(database, "synchronous_commit"))) {
      findings.add(
          Finding.warning(
              database.source(),
              "synchronous_commit is off; wanted: on",
              "it is "
                  + Sql.origin(database, "synchronous_commit")
                  + "; the last commits before a crash are lost, though they were acknowledged",
              Sql.reset(database, "synchronous_commit")));
    }
    return Outcome.of(
        findings,
        evidence(
            "fsync", database.value("fsync").orElse(""),
            "fullPageWrites", database.value("full_page_writes").orElse(""),
            "synchronousCommit", database.value("synchronous_commit").orElse(""),
            "provider", managed.map(DatabaseFacts.ManagedService::text).orElse("none known")));
  }

  private static boolean off(DatabaseFacts database, String setting) {
    return database.value(setting).filter("off"::equals).isPresent();
  }
}
