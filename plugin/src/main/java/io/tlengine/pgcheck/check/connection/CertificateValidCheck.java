package io.tlengine.pgcheck.check.connection;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.ConnectionFacts.Certificate;
import io.tlengine.pgcheck.fact.ConnectionFacts.TlsAttempt;
import io.tlengine.pgcheck.fact.ConnectionFacts.Trust;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Set;

/**
 * The certificate holds for what the URL's sslmode verifies, and will for some time. A fixed number
 * of days does not suit certificates of 90 days and of 2 years alike, so the warning begins at a
 * fifteenth of the lifetime.
 */
public final class CertificateValidCheck implements Check {

  private static final int LIFETIME_FRACTION = 15;

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-104",
        "certificate-valid",
        Severity.ERROR,
        "the server's certificate does not hold for what the URL verifies, or will soon not");
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
    var now = facts.observedAt();
    return EachUrl.judge(facts, c -> judge(c, now));
  }

  private static Outcome judge(ConnectionFacts connection, Instant now) {
    var before = Stages.beforeCertificate(connection);
    if (before.isPresent()) {
      return before.get();
    }
    return switch (connection.tls().orElse(new TlsAttempt.NotAsked())) {
      case TlsAttempt.Encrypted e -> judge(connection, e.certificate(), now);
      case TlsAttempt.NotAsked n -> new Outcome.Skipped("not encrypted");
      case TlsAttempt.Declined d -> new Outcome.Skipped("not encrypted");
      case TlsAttempt.NotPostgres n -> new Outcome.Skipped("after PGC-103");
      case TlsAttempt.Broken b -> new Outcome.Skipped("after PGC-103");
    };
  }

  private static Outcome judge(ConnectionFacts connection, Certificate certificate, Instant now) {
    var target = connection.target();
    var undecidable = CertificateRules.undecidable(connection, certificate);
    if (undecidable.isPresent()) {
      return undecidable.get();
    }
    var findings = new ArrayList<>(CertificateRules.faults(connection, certificate, now));
    var left = Duration.between(now, certificate.notAfter());
    var lifetime = Duration.between(certificate.notBefore(), certificate.notAfter());
    if (findings.isEmpty() && left.compareTo(lifetime.dividedBy(LIFETIME_FRACTION)) < 0) {
      findings.add(
          Finding.warning(
              target.address(),
              (left.isNegative()
                      ? "the certificate has expired on "
                      : "the certificate expires in " + left.toDays() + " days, on ")
                  + certificate.notAfter()
                  + ", of a lifetime of "
                  + lifetime.toDays()
                  + " days",
              "issuer " + certificate.issuer(),
              "renew the server's certificate, or ask the provider why it was not renewed"));
    }
    if (!target.sslMode().verifiesChain() && !target.channelBindingRequired()) {
      findings.add(
          Finding.warning(
              target.address(),
              "sslmode="
                  + target.sslMode().text()
                  + " encrypts, but does not verify whom it talks to",
              "",
              "set sslmode=verify-full in the URL of "
                  + target.source()
                  + ", or add channel_binding=require, which proves that the server knows the"
                  + " password"));
    }
    return Outcome.of(
        findings,
        evidence(
            "subject", certificate.subject(),
            "issuer", certificate.issuer(),
            "names", certificate.names(),
            "notAfter", certificate.notAfter().toString(),
            "daysLeft", left.toDays(),
            "chain", chain(certificate),
            "channelBindingRequired", target.channelBindingRequired()));
  }

  /** What came of the comparison, whether the URL verifies it or not. */
  private static String chain(Certificate certificate) {
    return switch (certificate.trust()) {
      case Trust.Trusted trusted -> "trusted by " + certificate.roots();
      case Trust.NotTrusted not -> "not trusted by " + certificate.roots() + ": " + not.why();
      case Trust.CannotTell gap -> "not compared with " + certificate.roots() + ": " + gap.why();
    };
  }
}
