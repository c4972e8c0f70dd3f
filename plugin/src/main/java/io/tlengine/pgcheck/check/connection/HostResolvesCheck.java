package io.tlengine.pgcheck.check.connection;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.ConnectionFacts.NameLookup;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import java.util.List;
import java.util.Set;

/** The database's host has an address (getaddrinfo, as libpq asks). */
public final class HostResolvesCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-101", "host-resolves", Severity.ERROR, "the database's host name has no address");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return EachUrl.NEEDS;
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    return EachUrl.judge(facts, HostResolvesCheck::judge);
  }

  private static Outcome judge(ConnectionFacts connection) {
    var target = connection.target();
    return switch (connection.name()) {
      case NameLookup.Resolved r when r.literal() ->
          new Outcome.Passed(evidence("host", target.host(), "note", "an address, not a name"));
      case NameLookup.Resolved r ->
          new Outcome.Passed(
              evidence(
                  "host", target.host(), "addresses", r.addresses(), "lookupMillis", r.millis()));
      case NameLookup.NoSuchName none when Stages.clusterName(target.host()) ->
          new Outcome.Unknown(
              target.host() + " does not resolve from here, and may resolve inside the cluster",
              Stages.lookFromInside(target));
      case NameLookup.NoSuchName none ->
          Outcome.of(
              List.of(
                  Finding.error(
                      target.host(),
                      "the host name "
                          + target.host()
                          + " does not exist; wanted: a name with an A or AAAA record",
                      none.message(),
                      "compare the host in "
                          + target.source()
                          + " with your provider's connection string, then look it up: getent"
                          + " ahosts "
                          + target.host())),
              evidence("host", target.host(), "lookupMillis", none.millis()));
      case NameLookup.NoAnswer none ->
          new Outcome.Unknown(
              "the resolver did not answer for " + target.host() + ": " + none.message(),
              "check this machine's DNS: getent ahosts " + target.host());
    };
  }
}
