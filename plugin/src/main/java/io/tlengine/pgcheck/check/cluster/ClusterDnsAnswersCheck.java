package io.tlengine.pgcheck.check.cluster;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.ClusterDns;
import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.ConnectionFacts.NameLookup;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A pod of the namespace gets answers from the DNS that its dnsPolicy names (Kubernetes, "DNS for
 * Services and Pods"). An error when the database's own name fails by that, else a warning.
 */
public final class ClusterDnsAnswersCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-307",
        "cluster-dns-answers",
        Severity.WARNING,
        "names do not resolve from a pod of the namespace (--from-cluster)");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.CLUSTER_DNS);
  }

  @Override
  public Set<FactKey<?>> uses() {
    return Set.of(FactKey.CONNECTION);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var dns = facts.get(FactKey.CLUSTER_DNS);
    var database = facts.find(FactKey.CONNECTION).filter(ConnectionFacts::seenFromCluster);
    return switch (dns.lookup()) {
      case NameLookup.Resolved resolved ->
          new Outcome.Passed(
              evidence(
                  "name",
                  dns.name(),
                  "dnsPolicy",
                  dns.dnsPolicy(),
                  "lookupMillis",
                  resolved.millis()));
      case NameLookup.NoSuchName none when !dns.knowsServices() ->
          new Outcome.Passed(
              evidence("dnsPolicy", dns.dnsPolicy(), "note", "knows no names of Services"));
      case NameLookup.NoSuchName none -> failed(dns, none.message(), unresolved(database));
      case NameLookup.NoAnswer none -> failed(dns, none.message(), unresolved(database));
    };
  }

  private static Optional<ConnectionFacts> unresolved(Optional<ConnectionFacts> database) {
    return database.filter(c -> !(c.name() instanceof NameLookup.Resolved));
  }

  private static Outcome failed(ClusterDns dns, String said, Optional<ConnectionFacts> database) {
    var message =
        "a pod of the namespace gets no address for "
            + dns.name()
            + ", which every cluster has"
            + database.map(c -> ", nor for the database's host " + c.target().host()).orElse("");
    return Outcome.of(
        List.of(
            new Finding(
                database.isPresent() ? Severity.ERROR : Severity.WARNING,
                "dnsPolicy " + dns.dnsPolicy(),
                message,
                said,
                "see that the cluster's DNS runs (kubectl get pods -n kube-system -l"
                    + " k8s-app=kube-dns), that no NetworkPolicy keeps port 53 from the pods, and"
                    + " that dnsPolicy and dnsConfig of the pods name it")),
        evidence("name", dns.name(), "dnsPolicy", dns.dnsPolicy()));
  }
}
