package io.tlengine.pgcheck.check.connection;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.UrlFacts;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The database URL can be read (PostgreSQL, "Connection URIs"). Nothing of the URL is ever shown:
 * where it is malformed, any part of it may be the password.
 */
public final class UrlWellFormedCheck implements Check {

  private static final String LEAVE_OUT_JDBC =
      "leave out jdbc: (a Java application puts it before the URL by itself, or has a variable of"
          + " its own for it); ";

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-110",
        "url-well-formed",
        Severity.ERROR,
        "the database URL cannot be read, or has parameters that libpq refuses");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.URL, FactKey.OTHER_DATABASES);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var findings = new ArrayList<Finding>();
    var own = facts.get(FactKey.URL);
    judge(own, findings);
    facts.get(FactKey.OTHER_DATABASES).all().forEach(o -> judge(o.url(), findings));
    return Outcome.of(findings, evidence("source", own.source()));
  }

  private static void judge(UrlFacts url, List<Finding> findings) {
    url.problem()
        .ifPresent(
            problem ->
                findings.add(
                    Finding.error(
                        url.source(),
                        url.source() + " holds no usable URL: " + problem,
                        "",
                        (problem.contains(DatabaseUrl.JDBC) ? LEAVE_OUT_JDBC : "")
                            + "write it as postgresql://USER:PASSWORD@HOST:5432/DATABASE?sslmode=require,"
                            + " each part percent-encoded (@ is %40, : is %3A, / is %2F, ? is"
                            + " %3F, # is %23, % is %25)")));
    if (url.bareHash()) {
      findings.add(
          Finding.warning(
              url.source(),
              "the URL holds a # that is not percent-encoded; wanted: %23",
              "libpq (psql, pg_dump) takes it as it is; what reads URLs by their standard, as most"
                  + " libraries of Go, JavaScript, Python and Java do, takes the URL to end there",
              "write the # as %23, in the user, the password and wherever else it stands; libpq reads"
                  + " that, too"));
    }
    if (!url.unknownParameters().isEmpty()) {
      findings.add(
          Finding.warning(
              url.source(),
              "the URL has parameters that libpq refuses: "
                  + String.join(", ", url.unknownParameters()),
              "psql, pg_dump and everything else built on libpq fails with this URL; some client"
                  + " libraries (Prisma, pgx, SQLAlchemy) have parameters of their own",
              "keep them only where the application's library needs them, and give migrations and"
                  + " dumps a URL without them"));
    }
  }
}
