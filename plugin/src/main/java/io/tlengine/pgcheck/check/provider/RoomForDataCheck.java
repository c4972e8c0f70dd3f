package io.tlengine.pgcheck.check.provider;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.CreateProof;
import io.tlengine.pgcheck.fact.DatabaseFacts;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The database may still grow. Neon's neon.max_cluster_size (MB) is the plan's limit, beyond which
 * writes fail with 53100 (github.com/neondatabase/neon, pgxn/neon). Other servers do not tell an
 * ordinary role how large their volume is; there only a refused write shows it.
 */
public final class RoomForDataCheck implements Check {

  private static final String DISK_FULL = "53100";
  private static final String LIMIT = "neon.max_cluster_size";
  private static final long MEGABYTE = 1024L * 1024;
  private static final int WARN_PERCENT = 80;

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-507",
        "room-for-data",
        Severity.ERROR,
        "the data is close to the provider's limit, or writes are refused for want of room");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.DATABASE_FACTS);
  }

  @Override
  public Set<FactKey<?>> uses() {
    return Set.of(FactKey.CREATE_PROOF);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var database = facts.get(FactKey.DATABASE_FACTS);
    var limit = limit(database);
    var refused =
        facts
            .find(FactKey.CREATE_PROOF)
            .flatMap(CreateProof::refusal)
            .filter(r -> r.sqlState().equals(DISK_FULL));
    if (refused.isPresent()) {
      return new Outcome.Failed(
          List.of(
              Finding.error(
                  database.source(),
                  "the server refuses to write for want of room, with "
                      + megabytes(database.databaseBytes())
                      + " in this database"
                      + limit.map(l -> " and a limit of " + megabytes(l)).orElse(""),
                  refused.get().message() + " (SQLSTATE " + DISK_FULL + ")",
                  remedy(limit))),
          evidence("bytes", database.databaseBytes()));
    }
    if (limit.isEmpty()) {
      return new Outcome.Skipped("the server tells no limit for its data");
    }
    long bytes = database.databaseBytes();
    var evidence = evidence("bytes", bytes, "limitBytes", limit.get());
    if (bytes * 100 < limit.get() * WARN_PERCENT) {
      return new Outcome.Passed(evidence);
    }
    return new Outcome.Failed(
        List.of(
            Finding.warning(
                database.source(),
                "this database holds "
                    + megabytes(bytes)
                    + " of the "
                    + megabytes(limit.get())
                    + " that all databases of the project may hold together; wanted: less than "
                    + WARN_PERCENT
                    + " %",
                "beyond the limit each write fails with SQLSTATE " + DISK_FULL,
                remedy(limit))),
        evidence);
  }

  /** Absent, 0 and -1 mean none. */
  private static Optional<Long> limit(DatabaseFacts database) {
    return database
        .value(LIMIT)
        .filter(v -> v.matches("\\d{1,12}"))
        .map(v -> Long.parseLong(v) * MEGABYTE)
        .filter(l -> l > 0);
  }

  private static String remedy(Optional<Long> limit) {
    var largest =
        "what is largest:\nSELECT relname, pg_size_pretty(pg_total_relation_size(oid)) FROM pg_class"
            + " WHERE relkind = 'r' ORDER BY pg_total_relation_size(oid) DESC LIMIT 10;";
    return (limit.isPresent()
            ? "raise the plan at Neon (Billing), or delete data; "
            : "give the" + " server a larger volume, or free its disk; ")
        + largest;
  }

  private static String megabytes(long bytes) {
    return Math.ceilDiv(bytes, MEGABYTE) + " MB";
  }
}
