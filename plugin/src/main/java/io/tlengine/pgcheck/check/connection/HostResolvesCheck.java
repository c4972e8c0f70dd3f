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
  public Set<FactKey<?>> uses() {
    return EachUrl.USES;
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
      case NameLookup.NoSuchName none when Stages.onlyInside(connection) ->
          new Outcome.Unknown(
              target.host() + " does not resolve from here, and may resolve inside the cluster",
              Stages.lookFromInside());
      case NameLookup.NoSuchName none ->
          Outcome.of(
              List.of(
                  Finding.error(
                      target.host(),
                      "the host name "
                          + target.host()
                          + " does not exist"
                          + (connection.seenFromCluster() ? " for a pod of the namespace" : "")
                          + "; wanted: a name with an A or AAAA record",
                      none.message(),
                      remedy(connection))),
              evidence("host", target.host(), "lookupMillis", none.millis()));
      case NameLookup.NoAnswer none ->
          new Outcome.Unknown(
              "the resolver did not answer for " + target.host() + ": " + none.message(),
              connection.seenFromCluster()
                  ? "see PGC-307: the pods' resolver is at fault, not this name"
                  : "check this machine's DNS: getent ahosts " + target.host());
    };
  }

  private static String remedy(ConnectionFacts connection) {
    var target = connection.target();
    if (!connection.seenFromCluster()) {
      return "compare the host in "
          + target.source()
          + " with your provider's connection string, then look it up: getent ahosts "
          + target.host();
    }
    return Stages.clusterName(target.host())
        ? "compare the host in "
            + target.source()
            + " with the Services (kubectl get services -A); of another namespace it is"
            + " NAME.NAMESPACE.svc"
        : "compare the host in "
            + target.source()
            + " with your provider's connection string; a private zone must be known to the"
            + " cluster's DNS as well (a forward in the ConfigMap coredns of kube-system, or"
            + " dnsConfig of the pods)";
  }
}
