package io.tlengine.pgcheck.check.connection;

import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.ConnectionFacts.NameLookup;
import io.tlengine.pgcheck.fact.ConnectionFacts.PortAttempt;
import io.tlengine.pgcheck.fact.ConnectionFacts.PortResult;
import io.tlengine.pgcheck.fact.ConnectionFacts.TlsAttempt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One stage, seen from a pod and from this machine. The pod's view is the answer; where the other
 * differs, it says so and names the likely cause. What is alike needs no word.
 */
final class TwoViews {

  private TwoViews() {}

  static Outcome compare(
      Outcome inside,
      ConnectionFacts pods,
      Optional<ConnectionFacts> here,
      Function<ConnectionFacts, Outcome> stage) {
    if (here.isEmpty()) {
      return inside;
    }
    var outside = stage.apply(here.get());
    return switch (inside) {
      case Outcome.Failed failed when errors(failed) && !errors(outside) ->
          new Outcome.Failed(
              failed.findings().stream().map(f -> onlyHere(f, pods, here.get())).toList(),
              failed.evidence());
      case Outcome.Failed failed when errors(failed) ->
          new Outcome.Failed(
              failed.findings().stream()
                  .map(f -> detailed(f, "it fails from this machine, too"))
                  .toList(),
              failed.evidence());
      case Outcome.Passed passed when outside instanceof Outcome.Failed f && errors(f) ->
          new Outcome.Failed(List.of(onlyThere(f.findings().getFirst())), passed.evidence());
      case Outcome.Passed passed when outside instanceof Outcome.Unknown unknown ->
          new Outcome.Passed(and(passed.evidence(), unknown.why()));
      default -> inside;
    };
  }

  private static boolean errors(Outcome outcome) {
    return outcome instanceof Outcome.Failed f
        && f.findings().stream().anyMatch(x -> x.severity() == Severity.ERROR);
  }

  private static Map<String, Object> and(Map<String, Object> evidence, String fromHere) {
    var all = new LinkedHashMap<>(evidence);
    all.put("fromThisMachine", fromHere);
    return all;
  }

  private static Finding onlyHere(Finding finding, ConnectionFacts pods, ConnectionFacts here) {
    return detailed(finding, "works from this machine, not from the cluster: " + cause(pods, here));
  }

  /** The release needs nothing of this machine, so it is told and not counted. */
  private static Finding onlyThere(Finding here) {
    return new Finding(
        Severity.INFO,
        here.subject(),
        "works from the cluster, not from this machine: " + here.message(),
        here.detail(),
        "nothing has to be done for the release; to reach it from this machine as well: "
            + here.remedy());
  }

  private static Finding detailed(Finding finding, String words) {
    return new Finding(
        finding.severity(),
        finding.subject(),
        finding.message(),
        finding.detail().isEmpty() ? words : finding.detail() + "; " + words,
        finding.remedy());
  }

  /** By the first stage at which the pod came no further. */
  private static String cause(ConnectionFacts pods, ConnectionFacts here) {
    if (!(pods.name() instanceof NameLookup.Resolved there)) {
      return "only this machine's resolver knows the name"
          + (here.name() instanceof NameLookup.Resolved r
              ? " (" + String.join(", ", r.addresses()) + ")"
              : "")
          + ": its hosts file, a VPN or a private zone; or dnsPolicy and dnsConfig of the pods lead"
          + " to another resolver";
    }
    var attempts = pods.port().orElse(List.of());
    if (attempts.stream().noneMatch(a -> a.result() == PortResult.ACCEPTED)) {
      return ofPort(there, attempts, here);
    }
    if (pods.login().isEmpty()) {
      return ofTls(pods, here);
    }
    return "the server or its provider treats the pods' address otherwise: pg_hba.conf, or a list"
        + " of allowed addresses";
  }

  private static String ofPort(
      NameLookup.Resolved there, List<PortAttempt> attempts, ConnectionFacts here) {
    var accepted =
        here.port().orElse(List.of()).stream()
            .filter(a -> a.result() == PortResult.ACCEPTED)
            .map(PortAttempt::address)
            .toList();
    if (accepted.stream().noneMatch(there.addresses()::contains)) {
      return "the name leads the pods elsewhere: to "
          + String.join(", ", there.addresses())
          + ", and this machine to "
          + String.join(", ", accepted)
          + " (split DNS, or hostAliases)";
    }
    if (attempts.stream().allMatch(a -> a.result() == PortResult.NO_ROUTE)) {
      return accepted.stream().allMatch(a -> a.contains(":"))
          ? "the server has IPv6 addresses alone, and the pods have no IPv6"
          : "the pods' network has no way out to that address";
    }
    if (attempts.stream().allMatch(a -> loopback(a.address()))) {
      return "the address is a loopback one, so it means the pod itself there";
    }
    return attempts.stream().anyMatch(a -> a.result() == PortResult.TIMED_OUT)
        ? "something drops the pods' packets: a NetworkPolicy or firewall on their way out, or a"
            + " list of allowed addresses that has this machine's and not the nodes'"
        : "something refuses the pods: a NetworkPolicy that rejects, an egress proxy, or another"
            + " host of that address in their network";
  }

  private static boolean loopback(String address) {
    return address.startsWith("127.") || address.equals("0:0:0:0:0:0:0:1") || address.equals("::1");
  }

  private static String ofTls(ConnectionFacts pods, ConnectionFacts here) {
    if (pods.tls().orElse(null) instanceof TlsAttempt.Encrypted inside
        && here.tls().orElse(null) instanceof TlsAttempt.Encrypted outside) {
      return inside.certificate().subject().equals(outside.certificate().subject())
              && inside.certificate().issuer().equals(outside.certificate().issuer())
          ? "the certificate is the same, and the pod's image trusts other roots than this machine"
          : "the pods are shown another certificate (of "
              + inside.certificate().issuer()
              + "): a proxy on their way ends TLS";
    }
    return "something else than the database answers the pods: an egress proxy or a service mesh";
  }
}
