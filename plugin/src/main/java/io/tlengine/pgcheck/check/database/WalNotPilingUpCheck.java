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
import java.util.Optional;
import java.util.Set;

/**
 * Nothing keeps old WAL until the disk is full: no forgotten replication slot, no archive command
 * that fails (pg_replication_slots, pg_stat_archiver).
 */
public final class WalNotPilingUpCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-406",
        "wal-not-piling-up",
        Severity.WARNING,
        "an inactive replication slot holds WAL, or archiving fails");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.DATABASE_FACTS);
  }

  /** Below it, a subscriber that restarts would be a finding. */
  private static final long MANY_BYTES = 64L * 1024 * 1024;

  @Override
  public Outcome evaluate(Facts.View facts) {
    var database = facts.get(FactKey.DATABASE_FACTS);
    if (database.wal().isEmpty()) {
      return new Outcome.Skipped("the service keeps its WAL by itself");
    }
    var wal = database.wal().get();
    boolean managed = database.server().provider().isPresent();
    var findings = new ArrayList<Finding>();
    // A service's physical slots are those of its own copies.
    wal.slots().stream()
        .filter(s -> !s.active() && !s.temporary())
        .filter(s -> !managed || s.type().equals("logical"))
        .forEach(s -> slot(database, s).ifPresent(findings::add));
    if (!managed && archivingFails(database, wal.archiver())) {
      findings.add(
          Finding.warning(
              database.source(),
              "archiving of WAL fails: "
                  + wal.archiver().failed()
                  + " times, last on "
                  + wal.archiver().lastFailedAt().map(Object::toString).orElse("an unknown day"),
              "pg_wal grows until the disk is full; it waits for "
                  + wal.archiver().lastFailedWal().orElse("a segment"),
              "look at the server's log for archive_command, mend it, then:\n"
                  + "SELECT pg_reload_conf();"));
    }
    return Outcome.of(
        findings,
        evidence(
            "replicationSlots", wal.slots().stream().map(DatabaseFacts.Slot::name).toList(),
            "archiveMode", database.value("archive_mode").orElse("off"),
            "archiveFailures", wal.archiver().failed()));
  }

  private static Optional<Finding> slot(DatabaseFacts database, DatabaseFacts.Slot slot) {
    boolean lost = slot.status().filter("lost"::equals).isPresent();
    if (!lost && slot.retainedBytes() < MANY_BYTES) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.warning(
            database.source(),
            lost
                ? "the inactive replication slot " + slot.name() + " has lost its WAL"
                : "the inactive replication slot "
                    + slot.name()
                    + " holds "
                    + slot.retainedBytes() / (1024 * 1024)
                    + " MiB of WAL; wanted: less than "
                    + MANY_BYTES / (1024 * 1024),
            lost ? "its standby or subscriber cannot follow any more" : "and more with each write",
            "start what reads from it, or:\nSELECT pg_drop_replication_slot('"
                + slot.name()
                + "');\nmax_slot_wal_keep_size bounds what a slot may hold"));
  }

  /** A failure that a later success has healed is history. */
  private static boolean archivingFails(DatabaseFacts database, DatabaseFacts.Archiver archiver) {
    boolean on = !database.value("archive_mode").orElse("off").equals("off");
    return on
        && archiver
            .lastFailedAt()
            .filter(f -> archiver.lastArchivedAt().filter(a -> a.isAfter(f)).isEmpty())
            .isPresent();
  }
}
