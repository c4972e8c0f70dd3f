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
import java.util.List;
import java.util.Set;

/**
 * No setting for rescuing data is left on (PostgreSQL, "Developer Options" and "Error Handling"):
 * with them damage is overwritten or forgotten instead of reported.
 */
public final class DamageNotHiddenCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-403",
        "damage-not-hidden",
        Severity.ERROR,
        "a setting lets the server read over damaged pages or failed writes");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.DATABASE_FACTS);
  }

  private static final List<String> HIDING =
      List.of("zero_damaged_pages", "ignore_checksum_failure", "data_sync_retry");

  @Override
  public Outcome evaluate(Facts.View facts) {
    var database = facts.get(FactKey.DATABASE_FACTS);
    boolean managed = database.server().provider().isPresent();
    var on = HIDING.stream().filter(database::on).toList();
    var findings = new ArrayList<Finding>();
    for (var name : on) {
      // What a managed service has set for all its servers is not the user's to change.
      if (!managed || Sql.ownOverride(database, name)) {
        findings.add(
            Finding.error(
                database.source(),
                name + " is on; wanted: off",
                "it is " + Sql.origin(database, name) + "; " + harm(name),
                name.equals("data_sync_retry")
                    ? Sql.reset(database, name) + "\nit is read at the server's start: restart it"
                    : Sql.reset(database, name)));
      }
    }
    return Outcome.of(findings, evidence("settingsThatHideDamage", on));
  }

  private static String harm(String name) {
    return switch (name) {
      case "zero_damaged_pages" -> "a damaged page is read as empty, and its rows are gone";
      case "ignore_checksum_failure" -> "pages with a wrong checksum are used all the same";
      default -> "a write that the kernel has dropped is tried again and taken for done";
    };
  }
}
