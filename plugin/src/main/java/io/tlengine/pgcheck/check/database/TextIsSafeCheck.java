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
import java.util.Set;

/**
 * Text is stored as UTF8, and sorted by the same library as when its indexes were built
 * (PostgreSQL, "Character Set Support" and ALTER DATABASE ... REFRESH COLLATION VERSION). Alpine's
 * libc has no collation version, so a database made there has none.
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
              "dump, then restore into: CREATE DATABASE "
                  + Sql.name(name + "_utf8")
                  + " ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;"));
    }
    if (text.actualCollationVersion().isPresent()
        && !text.actualCollationVersion().equals(text.collationVersion())) {
      findings.add(
          Finding.warning(
              database.source(),
              "the collation version of the database "
                  + name
                  + " was "
                  + text.collationVersion().orElse("none")
                  + " when it was made and is "
                  + text.actualCollationVersion().get()
                  + " now",
              "the image or the operating system has changed its libraries; indexes on text may"
                  + " miss rows, and unique ones admit duplicates",
              "REINDEX DATABASE "
                  + Sql.name(name)
                  + "; ALTER DATABASE "
                  + Sql.name(name)
                  + " REFRESH COLLATION VERSION;"));
    }
    return Outcome.of(
        findings,
        evidence(
            "encoding", text.encoding(),
            "collate", text.collate(),
            "collationVersion", text.collationVersion().orElse("none")));
  }
}
