package io.tlengine.pgcheck.check.database;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.check.Sql;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;

/**
 * Text is stored as UTF8, and sorted by the same library as when its indexes were built
 * (PostgreSQL, "Character Set Support" and ALTER DATABASE ... REFRESH COLLATION VERSION). Alpine's
 * libc has no collation version, so a database made there has none, while its indexes are sorted as
 * no other libc does it. For the locale C there is no version anywhere.
 */
public final class TextIsSafeCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-404",
        "text-is-safe",
        Severity.WARNING,
        "the encoding is not UTF8, or indexes were built with another collation version");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.DATABASE_FACTS);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var database = facts.get(FactKey.DATABASE_FACTS);
    var text = database.text();
    var name = database.session().database();
    var findings = new ArrayList<Finding>();
    if (!text.encoding().equals("UTF8")) {
      findings.add(
          Finding.warning(
              database.source(),
              "the encoding of the database " + name + " is " + text.encoding() + "; wanted: UTF8",
              text.encoding().equals("SQL_ASCII")
                  ? "any bytes are stored as they come, and nothing can convert them later"
                  : "characters outside of it are refused",
              "dump, then restore into:\nCREATE DATABASE "
                  + Sql.name(name + "_utf8")
                  + " ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;"));
    }
    if (text.collationVersion().isPresent() && text.actualCollationVersion().isEmpty()) {
      findings.add(
          noVersionNow(database.source(), name, text.collationVersion().get(), text.collate()));
    }
    text.actualCollationVersion()
        .filter(now -> !text.collationVersion().equals(Optional.of(now)))
        .map(now -> otherVersion(database.source(), name, text.collationVersion(), now))
        .ifPresent(findings::add);
    return Outcome.of(
        findings,
        evidence(
            "encoding", text.encoding(),
            "collate", text.collate(),
            "collationVersion", text.collationVersion().orElse("none")));
  }

  private static Finding otherVersion(
      String source, String database, Optional<String> recorded, String now) {
    return Finding.warning(
        source,
        recorded
            .map(
                made ->
                    "the collation version of the database "
                        + database
                        + " was "
                        + made
                        + " when it was made and is "
                        + now
                        + " now")
            .orElse(
                "no collation version is recorded for the database "
                    + database
                    + ", and the server's libraries have "
                    + now
                    + " now; wanted: the same as when its indexes were built"),
        (recorded.isPresent()
                ? "the image or the operating system has changed its libraries"
                : "libraries without versions made it, such as an Alpine image's; PostgreSQL"
                    + " itself does not warn of it")
            + "; indexes on text may miss rows, and unique ones admit duplicates",
        "REINDEX DATABASE "
            + Sql.name(database)
            + ";\n"
            + (recorded.isPresent()
                ? "ALTER DATABASE " + Sql.name(database) + " REFRESH COLLATION VERSION;"
                : record(database)));
  }

  /** No version is recorded for C and POSIX, so there was a library that had one. */
  private static Finding noVersionNow(
      String source, String database, String recorded, String locale) {
    return Finding.warning(
        source,
        "the collation version of the database "
            + database
            + " was "
            + recorded
            + " when it was made, and the server's libraries have none for the locale "
            + locale
            + " now; wanted: the same as when its indexes were built",
        "other libraries serve it than made it: those of an Alpine image (musl) have no versions,"
            + " and sort by bytes; indexes on text may miss rows, and unique ones admit duplicates",
        "go back to an image with the libraries that made it (Debian's: the tag without -alpine);"
            + " to stay with this one:\nREINDEX DATABASE "
            + Sql.name(database)
            + ";\nthen, as a superuser (REFRESH COLLATION VERSION refuses it):\nUPDATE pg_database SET"
            + " datcollversion = NULL WHERE datname = "
            + Sql.text(database)
            + ";");
  }

  /** REFRESH COLLATION VERSION refuses this ("invalid collation version change"). */
  private static String record(String database) {
    return "that mends the indexes; to record the version, as a superuser:\nUPDATE pg_database SET"
        + " datcollversion = pg_database_collation_actual_version(oid) WHERE datname = "
        + Sql.text(database)
        + ";\nwithout a superuser, dump it and restore it into a new database, which has one";
  }
}
