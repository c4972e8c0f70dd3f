package io.tlengine.pgcheck.check.connection;

import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.ConnectionFacts.Certificate;
import io.tlengine.pgcheck.fact.ConnectionFacts.Target;
import io.tlengine.pgcheck.fact.ConnectionFacts.Trust;
import io.tlengine.pgcheck.plan.SslMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What sslmode verifies of a certificate (PostgreSQL, "SSL Support", table of modes): verify-ca the
 * chain and its dates, verify-full also the name.
 */
final class CertificateRules {

  private CertificateRules() {}

  /** Why a verifying client cannot be imitated from here; empty when it can. */
  static Optional<Outcome> undecidable(ConnectionFacts connection, Certificate certificate) {
    if (connection.target().sslMode().verifiesChain()
        && certificate.trust() instanceof Trust.CannotTell cannotTell) {
      return Optional.of(
          new Outcome.Unknown(
              "the certificate cannot be verified from here: " + cannotTell.why(),
              "copy the file to this machine under the same path, or run where it is"));
    }
    return Optional.empty();
  }

  /** The faults that make a client with this URL refuse the server. */
  static List<Finding> faults(ConnectionFacts connection, Certificate certificate, Instant now) {
    var target = connection.target();
    var findings = new ArrayList<Finding>();
    if (target.sslMode().verifiesChain()
        && certificate.trust() instanceof Trust.NotTrusted notTrusted) {
      findings.add(
          outdated(target, certificate, now)
              .orElseGet(() -> notTrusted(target, certificate, notTrusted.why())));
    }
    if (target.sslMode() == SslMode.VERIFY_FULL && !certificate.namesHost()) {
      findings.add(
          Finding.error(
              target.address(),
              "the certificate does not name "
                  + target.host()
                  + "; it names "
                  + (certificate.names().isEmpty()
                      ? "nothing but " + certificate.subject()
                      : String.join(", ", certificate.names())),
              "",
              "use one of these names as host in "
                  + target.source()
                  + ", or have the server's certificate reissued for "
                  + target.host()));
    }
    return findings;
  }

  /** A certificate that is its own issuer has no chain that the server could send. */
  private static Finding notTrusted(Target target, Certificate certificate, String why) {
    boolean selfSigned = certificate.subject().equals(certificate.issuer());
    return Finding.error(
        target.address(),
        "the certificate of "
            + target.address()
            + (selfSigned ? " is self-signed and not trusted" : " is not trusted")
            + ", and the URL wants sslmode="
            + target.sslMode().text(),
        why + "; issuer " + certificate.issuer() + ", compared with " + certificate.roots(),
        selfSigned
            ? "name this certificate itself in the URL of "
                + target.source()
                + " (sslrootcert=/path/to/server.crt, a copy of the server's ssl_cert_file), or"
                + " have an authority sign the server's certificate"
            : "name the provider's root certificate in the URL of "
                + target.source()
                + " (sslrootcert=/path/to/root.crt), or have the server send its whole chain");
  }

  /** A date that does not hold: another root certificate would not help. */
  private static Optional<Finding> outdated(Target target, Certificate certificate, Instant now) {
    var wanted = ", and the URL wants sslmode=" + target.sslMode().text();
    if (certificate.notAfter().isBefore(now)) {
      return Optional.of(
          Finding.error(
              target.address(),
              "the certificate of "
                  + target.address()
                  + " has expired on "
                  + certificate.notAfter()
                  + wanted,
              "issuer " + certificate.issuer(),
              "renew the server's certificate, or ask the provider why it was not renewed"));
    }
    if (certificate.notBefore().isAfter(now)) {
      return Optional.of(
          Finding.error(
              target.address(),
              "the certificate of "
                  + target.address()
                  + " is not valid before "
                  + certificate.notBefore()
                  + wanted,
              "this machine's clock says " + now,
              "set this machine's clock (timedatectl), or have the certificate reissued"));
    }
    return Optional.empty();
  }
}
