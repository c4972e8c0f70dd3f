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
 * Autovacuum freezes in time (PostgreSQL, "Preventing Transaction ID Wraparound Failures"): it
 * begins at autovacuum_freeze_max_age, so an age half as much again means that something holds it
 * back.
 */
public final class WraparoundFarCheck implements Check {

  private static final String IDS = "autovacuum_freeze_max_age";
  private static final String MULTIXACTS = "autovacuum_multixact_freeze_max_age";

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-407",
        "wraparound-far",
        Severity.WARNING,
        "transaction ids age beyond what autovacuum should allow");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.DATABASE_FACTS);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var database = facts.get(FactKey.DATABASE_FACTS);
    boolean managed = database.server().provider().isPresent();
    long transactions = begins(database, IDS, 200_000_000);
    long multixacts = begins(database, MULTIXACTS, 400_000_000);
    var findings = new ArrayList<Finding>();
    for (var age : database.databases()) {
      // A managed service has databases of its own, which nobody else can vacuum.
      boolean own = !managed || age.database().equals(database.session().database());
      if (own
          && (age.transactions() > limit(transactions) || age.multixacts() > limit(multixacts))) {
        findings.add(finding(database, age, transactions, multixacts));
      }
    }
    var oldest = database.databases().stream().mapToLong(DatabaseFacts.Age::transactions).max();
    return Outcome.of(findings, evidence("oldestTransactionAge", oldest.orElse(0)));
  }

  private static Finding finding(
      DatabaseFacts database, DatabaseFacts.Age age, long transactions, long multixacts) {
    boolean ids = age.transactions() > limit(transactions);
    long begins = ids ? transactions : multixacts;
    return Finding.warning(
        "database " + age.database(),
        "the oldest "
            + (ids ? "transaction id" : "multixact")
            + " of the database "
            + age.database()
            + " is "
            + (ids ? age.transactions() : age.multixacts())
            + " back; autovacuum begins to freeze at "
            + begins
            + " ("
            + (ids ? IDS : MULTIXACTS)
            + ") and would have ended long ago, so something holds it back; wanted: at most "
            + limit(begins)
            + ", half as much again",
        "at 2 billion the server refuses writes; a long transaction, a prepared one or a"
            + " replication slot holds vacuum back"
            + (database.on("autovacuum") ? "" : "; autovacuum is off"),
        // Every session's own xmin is as old as what holds it, so the oldest transaction comes
        // first.
        "find what holds it:\nSELECT pid, xact_start, state, query FROM pg_stat_activity WHERE"
            + " (backend_xid IS NOT NULL OR backend_xmin IS NOT NULL) AND pid <> pg_backend_pid()"
            + " ORDER BY xact_start;\nSELECT gid, prepared FROM pg_prepared_xacts;\nSELECT slot_name,"
            + " xmin, catalog_xmin FROM pg_replication_slots;\nend it"
            + " (pg_terminate_backend, ROLLBACK PREPARED, pg_drop_replication_slot), then\n"
            + vacuum(age.database()));
  }

  /** Nobody can log in to template0, until that is allowed. */
  private static String vacuum(String database) {
    var vacuum = "as a superuser in " + database + ":\nVACUUM (FREEZE);";
    return database.equals("template0")
        ? "ALTER DATABASE template0 ALLOW_CONNECTIONS true;\n"
            + vacuum
            + "\nback in another one:\nALTER DATABASE template0 ALLOW_CONNECTIONS false;"
        : vacuum;
  }

  /** The age at which autovacuum begins. */
  private static long begins(DatabaseFacts database, String setting, long otherwise) {
    return database
        .value(setting)
        .filter(v -> v.matches("\\d+"))
        .map(Long::parseLong)
        .orElse(otherwise);
  }

  private static long limit(long begins) {
    return begins + begins / 2;
  }
}
