package io.tlengine.pgcheck.check.connection;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.findings;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static io.tlengine.pgcheck.check.Situations.PRIVATE_ADDRESS;
import static io.tlengine.pgcheck.check.Situations.SOURCE;
import static io.tlengine.pgcheck.check.Situations.attempt;
import static io.tlengine.pgcheck.check.Situations.certificate;
import static io.tlengine.pgcheck.check.Situations.connection;
import static io.tlengine.pgcheck.check.Situations.naming;
import static io.tlengine.pgcheck.check.Situations.untrusted;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.ConnectionFacts.NameLookup;
import io.tlengine.pgcheck.fact.ConnectionFacts.PortResult;
import io.tlengine.pgcheck.fact.ConnectionFacts.TlsAttempt;
import io.tlengine.pgcheck.fact.ConnectionFacts.Trust;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.plan.SslMode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CertificateValidCheckTest {

  private static final Trust UNKNOWN_CA = new Trust.NotTrusted("no path to a root");

  private static Outcome judge(Situations.Connection situation) {
    return Situations.judge(new CertificateValidCheck(), FactKey.CONNECTION, situation.facts());
  }

  @Test
  void aTrustedCertificateOfTheHostWithTimeLeftPasses() {
    var evidence = passed(judge(connection()));

    assertEquals(60L, evidence.get("daysLeft"));
    assertEquals(List.of("db.example.com"), evidence.get("names"));
    assertEquals("trusted by the system's roots", evidence.get("chain"));
  }

  @ParameterizedTest
  @EnumSource(
      value = SslMode.class,
      names = {"VERIFY_CA", "VERIFY_FULL"})
  void anUntrustedChainFailsWhereTheUrlVerifiesIt(SslMode mode) {
    var outcome =
        judge(connection().sslMode(mode).certificate(untrusted(certificate(), UNKNOWN_CA)));

    assertEquals(
        Finding.error(
            "db.example.com:5432",
            "the certificate of db.example.com:5432 is not trusted, and the URL wants sslmode="
                + mode.text(),
            "no path to a root; issuer CN=Example CA, compared with the system's roots",
            "name the provider's root certificate in the URL of "
                + SOURCE
                + " (sslrootcert=/path/to/root.crt), or have the server send its whole chain"),
        onlyFinding(outcome));
  }

  @Test
  void anExpiredCertificateFailsWithItsDateAndNotWithAdviceAboutRoots() {
    var expired = untrusted(certificate(Duration.ofDays(-2)), UNKNOWN_CA);

    assertEquals(
        Finding.error(
            "db.example.com:5432",
            "the certificate of db.example.com:5432 has expired on 2026-11-20T10:00:00Z, and the"
                + " URL wants sslmode=verify-full",
            "issuer CN=Example CA",
            "renew the server's certificate, or ask the provider why it was not renewed"),
        onlyFinding(judge(connection().certificate(expired))));
  }

  @Test
  void aCertificateThatIsNotValidYetFailsWithTheClockInQuestion() {
    var early = untrusted(certificate(Duration.ofDays(91)), UNKNOWN_CA);

    var finding = onlyFinding(judge(connection().certificate(early)));
    assertEquals(
        "the certificate of db.example.com:5432 is not valid before 2026-11-23T10:00:00Z, and the"
            + " URL wants sslmode=verify-full",
        finding.message());
    assertEquals("this machine's clock says 2026-11-22T10:00:00Z", finding.detail());
  }

  @Test
  void aCertificateForAnotherNameFailsWithVerifyFull() {
    var other = naming(certificate(), List.of("db.example.org", "*.example.org"));

    assertEquals(
        Finding.error(
            "db.example.com:5432",
            "the certificate does not name db.example.com; it names db.example.org, *.example.org",
            "",
            "use one of these names as host in "
                + SOURCE
                + ", or have the server's certificate reissued for db.example.com"),
        onlyFinding(judge(connection().certificate(other))));
  }

  @Test
  void aCertificateWithoutAnyNameIsNamedByItsSubject() {
    assertEquals(
        "the certificate does not name db.example.com; it names nothing but CN=db.example.com",
        onlyFinding(judge(connection().certificate(naming(certificate(), List.of())))).message());
  }

  @Test
  void anotherNameIsOfNoMatterToVerifyCa() {
    passed(
        judge(
            connection()
                .sslMode(SslMode.VERIFY_CA)
                .certificate(naming(certificate(), List.of("other")))));
  }

  @Test
  void chainAndNameCanFailTogether() {
    var both = naming(untrusted(certificate(), UNKNOWN_CA), List.of("other"));

    assertEquals(2, findings(judge(connection().certificate(both))).size());
  }

  /** A fifteenth of 90 days is 6 days. */
  @ParameterizedTest
  @CsvSource({"143, true", "145, false"})
  void theWarningBeginsAtAFifteenthOfTheLifetime(int hoursLeft, boolean warns) {
    var outcome = judge(connection().certificate(certificate(Duration.ofHours(hoursLeft))));

    if (warns) {
      assertEquals(
          "the certificate expires in 5 days, on 2026-11-28T09:00:00Z, of a lifetime of 90 days",
          onlyFinding(outcome).message());
    } else {
      passed(outcome);
    }
  }

  @Test
  void anExpiredCertificateThatNobodyVerifiesIsAWarning() {
    var outcome =
        judge(
            connection()
                .sslMode(SslMode.REQUIRE)
                .channelBinding()
                .certificate(untrusted(certificate(Duration.ofDays(-2)), UNKNOWN_CA)));

    assertEquals(
        Finding.warning(
            "db.example.com:5432",
            "the certificate has expired on 2026-11-20T10:00:00Z, of a lifetime of 90 days",
            "issuer CN=Example CA",
            "renew the server's certificate, or ask the provider why it was not renewed"),
        onlyFinding(outcome));
  }

  @Test
  void requireWithoutChannelBindingIsAWarningAndWithItPasses() {
    var require = connection().sslMode(SslMode.REQUIRE);

    assertEquals(
        Finding.warning(
            "db.example.com:5432",
            "sslmode=require encrypts, but does not verify whom it talks to",
            "",
            "set sslmode=verify-full in the URL of "
                + SOURCE
                + ", or add channel_binding=require, which proves that the server knows the"
                + " password"),
        onlyFinding(judge(require)));
    passed(judge(connection().sslMode(SslMode.REQUIRE).channelBinding()));
  }

  @Test
  void rootsThatAreNotOnThisMachineLeaveItUnknown() {
    var outcome =
        judge(
            connection()
                .certificate(untrusted(certificate(), new Trust.CannotTell("no /root.crt here"))));

    assertEquals(
        new Outcome.Unknown(
            "the certificate cannot be verified from here: no /root.crt here",
            "copy the file to this machine under the same path, or run where it is"),
        unknown(outcome));
  }

  @Test
  void withoutEncryptionThereIsNothingToLookAt() {
    assertSkipped(
        "the URL says sslmode=disable",
        judge(connection().sslMode(SslMode.DISABLE).tls(new TlsAttempt.NotAsked())));
    assertSkipped(
        "the connection is not encrypted",
        judge(connection().sslMode(SslMode.PREFER).tls(new TlsAttempt.Declined(1))));
  }

  @Test
  void afterAFailedStageItIsSkipped() {
    assertSkipped(
        "after PGC-101", judge(connection().name(new NameLookup.NoSuchName("not known", 1))));
    assertSkipped("after PGC-103", judge(connection().tls(new TlsAttempt.Declined(1))));
    assertSkipped("after PGC-103", judge(connection().tls(new TlsAttempt.Broken("alert", 1))));
    assertSkipped("after PGC-103", judge(connection().tls(new TlsAttempt.NotPostgres("H", 1))));
  }

  @Test
  void behindAnUnknownStageItIsUnknown() {
    unknown(judge(connection().port(attempt(PRIVATE_ADDRESS, PortResult.NO_ROUTE))));
  }
}
