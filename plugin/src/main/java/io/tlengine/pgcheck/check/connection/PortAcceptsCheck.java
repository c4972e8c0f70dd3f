package io.tlengine.pgcheck.check.connection;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.ConnectionFacts.PortAttempt;
import io.tlengine.pgcheck.fact.ConnectionFacts.PortResult;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** At least one address of the host accepts TCP; refused, timed out and no route are told apart. */
public final class PortAcceptsCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-102",
        "port-accepts",
        Severity.ERROR,
        "no address of the database's host accepts TCP on its port");
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
    return EachUrl.judge(facts, c -> Stages.beforePort(c).orElseGet(() -> judge(c)));
  }

  private static Outcome judge(ConnectionFacts connection) {
    var target = connection.target();
    var attempts = connection.port().orElse(List.of());
    var evidence =
        evidence("addresses", attempts.stream().map(PortAcceptsCheck::describe).toList());
    boolean accepted = attempts.stream().anyMatch(a -> a.result() == PortResult.ACCEPTED);
    if (!accepted && Stages.undecidable(connection)) {
      return new Outcome.Unknown(
          target.address() + " does not answer from here; a private address may answer the pods",
          Stages.lookFromInside());
    }
    var findings = new ArrayList<Finding>();
    if (!accepted) {
      findings.add(
          Finding.error(
              target.address(),
              "nothing accepts a connection "
                  + (connection.seenFromCluster() ? "from a pod " : "")
                  + "at "
                  + target.address()
                  + "; wanted: a PostgreSQL server",
              attempts.stream().map(PortAcceptsCheck::describe).collect(Collectors.joining("; ")),
              remedy(connection, attempts)));
    } else {
      // A missing route is this host's matter (an AAAA record without local IPv6), not the
      // server's.
      var dead =
          attempts.stream()
              .filter(a -> a.result() == PortResult.REFUSED || a.result() == PortResult.TIMED_OUT)
              .toList();
      if (!dead.isEmpty()) {
        findings.add(
            Finding.warning(
                target.address(),
                dead.size()
                    + " of "
                    + attempts.size()
                    + " addresses of "
                    + target.host()
                    + " do not accept connections, so some attempts will be slow or fail",
                dead.stream().map(PortAcceptsCheck::describe).collect(Collectors.joining("; ")),
                "ask the provider about these addresses, or remove their DNS records"));
      }
    }
    return Outcome.of(findings, evidence);
  }

  private static String remedy(ConnectionFacts connection, List<PortAttempt> attempts) {
    var target = connection.target();
    boolean refused = attempts.stream().anyMatch(a -> a.result() == PortResult.REFUSED);
    return refused
        ? "the host is there, but not a server on port "
            + target.port()
            + ": compare the port in "
            + target.source()
            + " with your provider's (PostgreSQL: 5432), or start the server"
        : connection.seenFromCluster()
            ? "allow the addresses that the nodes go out by at the provider and in every firewall"
                + " between, and port "
                + target.port()
                + " in the NetworkPolicies of the namespace: kubectl get networkpolicies -A"
            : "a firewall or an address allow-list drops the connection: allow this machine's and"
                + " the nodes' addresses at the provider, then try: nc -vz "
                + target.host()
                + " "
                + target.port();
  }

  private static String describe(PortAttempt attempt) {
    var result =
        switch (attempt.result()) {
          case ACCEPTED -> "accepted";
          case REFUSED -> "refused";
          case TIMED_OUT -> "timed out";
          case NO_ROUTE -> "no route (" + attempt.detail() + ")";
        };
    return attempt.address() + " " + result + " after " + attempt.millis() + " ms";
  }
}
