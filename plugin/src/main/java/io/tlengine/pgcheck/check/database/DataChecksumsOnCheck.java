package io.tlengine.pgcheck.check.database;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.DatabaseFacts;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import java.util.ArrayList;
import java.util.Set;

/**
 * Pages carry checksums (PostgreSQL, "Data Checksums"; the default of initdb from 18 on). How a
 * managed service guards its pages is its own matter.
 */
public final class DataChecksumsOnCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-402",
        "data-checksums-on",
        Severity.WARNING,
        "damaged pages would not be noticed: data checksums are off");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.DATABASE_FACTS);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var database = facts.get(FactKey.DATABASE_FACTS);
    var managed = database.server().provider();
    var findings = new ArrayList<Finding>();
    if (managed.isEmpty() && !database.on("data_checksums")) {
      findings.add(
          Finding.warning(
              database.source(),
              "data_checksums is off; wanted: on",
              "a page that the disk has damaged is read as if it were sound",
              "stop the server, then: pg_checksums --enable --pgdata DATA_DIRECTORY; a new one:"
                  + " initdb --data-checksums"));
    }
    return Outcome.of(
        findings,
        evidence(
            "dataChecksums", database.value("data_checksums").orElse(""),
            "provider", managed.map(DatabaseFacts.ManagedService::text).orElse("none known")));
  }
}
