package io.tlengine.pgcheck.check.connection;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Outcome.Skipped;
import io.tlengine.pgcheck.check.Outcome.Unknown;
import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.ConnectionFacts.NameLookup;
import io.tlengine.pgcheck.fact.ConnectionFacts.PortAttempt;
import io.tlengine.pgcheck.fact.ConnectionFacts.PortResult;
import io.tlengine.pgcheck.fact.ConnectionFacts.TlsAttempt;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The order of the connection stages. After a failed stage the later ones are skipped, behind one
 * that could not be judged they are unknown.
 */
public final class Stages {

  private Stages() {}

  /** Said wherever only a look from inside the cluster decides. */
  static String lookFromInside() {
    return "let a pod of the namespace look: the same command with --from-cluster --image"
        + " REGISTRY/pgcheck:TAG";
  }

  /** Said where a stage was not reached within the time. */
  static String moreTime() {
    return "give it more time: --timeout 60s";
  }

  /** Why the port stage was not reached; empty when it was. */
  static Optional<Outcome> beforePort(ConnectionFacts c) {
    return switch (c.name()) {
      case NameLookup.Resolved resolved -> Optional.empty();
      case NameLookup.NoSuchName none ->
          Optional.of(onlyInside(c) ? behind("PGC-101") : after("PGC-101"));
      case NameLookup.NoAnswer none -> Optional.of(behind("PGC-101"));
    };
  }

  /** Why the TLS stage was not reached. */
  static Optional<Outcome> beforeTls(ConnectionFacts c) {
    var earlier = beforePort(c);
    if (earlier.isPresent()) {
      return earlier;
    }
    var attempts = c.port().orElse(List.of());
    if (attempts.stream().anyMatch(a -> a.result() == PortResult.ACCEPTED)) {
      return Optional.empty();
    }
    return Optional.of(undecidable(c) ? behind("PGC-102") : after("PGC-102"));
  }

  /** Why the certificate could not be looked at. */
  static Optional<Outcome> beforeCertificate(ConnectionFacts c) {
    var earlier = beforeTls(c);
    if (earlier.isPresent()) {
      return earlier;
    }
    return switch (c.tls().orElse(new TlsAttempt.NotAsked())) {
      case TlsAttempt.Encrypted encrypted -> Optional.empty();
      case TlsAttempt.NotAsked none -> Optional.of(new Skipped("the URL says sslmode=disable"));
      case TlsAttempt.Declined declined ->
          Optional.of(
              c.target().sslMode().encryptionRequired()
                  ? after("PGC-103")
                  : new Skipped("the connection is not encrypted"));
      case TlsAttempt.NotPostgres other -> Optional.of(after("PGC-103"));
      case TlsAttempt.Broken broken -> Optional.of(after("PGC-103"));
    };
  }

  /** Why the login was not tried. */
  static Optional<Outcome> beforeLogin(ConnectionFacts c, Instant now) {
    var earlier = beforeTls(c);
    if (earlier.isPresent()) {
      return earlier;
    }
    return switch (c.tls().orElse(new TlsAttempt.NotAsked())) {
      case TlsAttempt.NotAsked none -> Optional.empty();
      case TlsAttempt.Declined declined ->
          c.target().sslMode().encryptionRequired()
              ? Optional.of(after("PGC-103"))
              : Optional.empty();
      case TlsAttempt.NotPostgres other -> Optional.of(after("PGC-103"));
      case TlsAttempt.Broken broken -> Optional.of(after("PGC-103"));
      case TlsAttempt.Encrypted e
          when !CertificateRules.faults(c, e.certificate(), now).isEmpty() ->
          Optional.of(after("PGC-104"));
      case TlsAttempt.Encrypted e -> CertificateRules.undecidable(c, e.certificate());
    };
  }

  /** Why there is nothing to judge behind the login. */
  public static Outcome behindLogin(ConnectionFacts c, Instant now) {
    return beforeLogin(c, now)
        .orElseGet(
            () ->
                c.login().isPresent()
                    ? after("PGC-105")
                    : new Unknown("behind PGC-105, which is unknown", moreTime()));
  }

  /** A name that only the cluster's own DNS knows, or that a private network may. */
  static boolean clusterName(String host) {
    return host.endsWith(".svc")
        || host.endsWith(".cluster.local")
        || host.contains(".svc.")
        || host.endsWith(".internal")
        || host.indexOf('.') < 0;
  }

  /** That the name does not exist here says nothing: a pod may know it. */
  static boolean onlyInside(ConnectionFacts c) {
    return !c.seenFromCluster() && clusterName(c.target().host());
  }

  /**
   * From this machine nothing can be said: it has no network, or no address refused and at least
   * one is private, where a network between may be closed to us and open to the pods. What a pod
   * meets is decided.
   */
  static boolean undecidable(ConnectionFacts c) {
    var attempts = c.port().orElse(List.of());
    if (c.seenFromCluster()) {
      return false;
    }
    if (attempts.stream().allMatch(a -> a.result() == PortResult.NO_ROUTE)) {
      return true;
    }
    return attempts.stream().noneMatch(a -> a.result() == PortResult.REFUSED)
        && attempts.stream().anyMatch(PortAttempt::privateAddress);
  }

  private static Outcome after(String code) {
    return new Skipped("after " + code);
  }

  private static Outcome behind(String code) {
    return new Unknown("behind " + code + ", which is unknown", lookFromInside());
  }
}
