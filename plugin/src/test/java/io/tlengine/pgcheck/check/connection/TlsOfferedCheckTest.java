package io.tlengine.pgcheck.check.connection;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static io.tlengine.pgcheck.check.Situations.PRIVATE_ADDRESS;
import static io.tlengine.pgcheck.check.Situations.PUBLIC_ADDRESS;
import static io.tlengine.pgcheck.check.Situations.SOURCE;
import static io.tlengine.pgcheck.check.Situations.attempt;
import static io.tlengine.pgcheck.check.Situations.connection;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.ConnectionFacts.NameLookup;
import io.tlengine.pgcheck.fact.ConnectionFacts.PortResult;
import io.tlengine.pgcheck.fact.ConnectionFacts.TlsAttempt;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.plan.SslMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class TlsOfferedCheckTest {

  private static Outcome judge(Situations.Connection situation) {
    return Situations.judge(new TlsOfferedCheck(), FactKey.CONNECTION, situation.facts());
  }

  @Test
  void anEncryptedConnectionPassesAndShowsItsProtocol() {
    var evidence = passed(judge(connection()));

    assertEquals("verify-full", evidence.get("sslmode"));
    assertEquals("TLSv1.3", evidence.get("protocol"));
  }

  @ParameterizedTest
  @EnumSource(
      value = SslMode.class,
      names = {"REQUIRE", "VERIFY_CA", "VERIFY_FULL"})
  void aServerWithoutTlsFailsWhereTheUrlWantsIt(SslMode mode) {
    var outcome = judge(connection().sslMode(mode).tls(new TlsAttempt.Declined(2)));

    assertEquals(
        Finding.error(
            "db.example.com:5432",
            "the server at db.example.com:5432 offers no TLS, and the URL wants sslmode="
                + mode.text(),
            "",
            "switch TLS on at the server (ssl = on, with ssl_cert_file and ssl_key_file);"
                + " sslmode=disable in "
                + SOURCE
                + " only where the network between is trusted"),
        onlyFinding(outcome));
  }

  @ParameterizedTest
  @EnumSource(
      value = SslMode.class,
      mode = Mode.EXCLUDE,
      names = {"REQUIRE", "VERIFY_CA", "VERIFY_FULL"})
  void plainTextToAPublicAddressIsAWarning(SslMode mode) {
    var tls = mode == SslMode.DISABLE ? new TlsAttempt.NotAsked() : new TlsAttempt.Declined(2);

    assertEquals(
        Finding.warning(
            "db.example.com:5432",
            "sslmode="
                + mode.text()
                + " allows plain text to a public address; wanted: require or stronger",
            "",
            "set sslmode=verify-full (or at least sslmode=require&channel_binding=require) in the"
                + " URL of "
                + SOURCE),
        onlyFinding(judge(connection().sslMode(mode).tls(tls))));
  }

  @Test
  void plainTextToAPrivateAddressPasses() {
    var evidence =
        passed(
            judge(
                connection()
                    .sslMode(SslMode.DISABLE)
                    .port(attempt(PRIVATE_ADDRESS, PortResult.ACCEPTED))
                    .tls(new TlsAttempt.NotAsked())));

    assertEquals(false, evidence.get("encrypted"));
  }

  @Test
  void preferThatEndsEncryptedAtAPublicAddressStillAllowsPlainText() {
    assertEquals(
        "sslmode=prefer allows plain text to a public address; wanted: require or stronger",
        onlyFinding(judge(connection().sslMode(SslMode.PREFER))).message());
  }

  @Test
  void somethingThatIsNoPostgresFailsWithItsAnswer() {
    var finding = onlyFinding(judge(connection().tls(new TlsAttempt.NotPostgres("byte 72", 2))));

    assertEquals(
        "what answers at db.example.com:5432 does not speak PostgreSQL's protocol; wanted: a"
            + " PostgreSQL server",
        finding.message());
    assertEquals("byte 72", finding.detail());
    assertEquals(
        "compare host and port in " + SOURCE + " with your provider's connection string",
        finding.remedy());
  }

  @Test
  void aHandshakeThatBreaksOffFails() {
    var finding = onlyFinding(judge(connection().tls(new TlsAttempt.Broken("TLS: alert", 2))));

    assertEquals("the TLS handshake with db.example.com:5432 broke off", finding.message());
    assertEquals("TLS: alert", finding.detail());
    assertEquals(
        "look at the server's log; from here: openssl s_client -starttls postgres -connect"
            + " db.example.com:5432",
        finding.remedy());
  }

  @Test
  void afterAFailedStageItIsSkipped() {
    assertSkipped(
        "after PGC-101", judge(connection().name(new NameLookup.NoSuchName("not known", 1))));
    assertSkipped(
        "after PGC-102", judge(connection().port(attempt(PUBLIC_ADDRESS, PortResult.REFUSED))));
  }

  @Test
  void behindAnUnknownStageItIsUnknown() {
    assertEquals(
        "behind PGC-102, which is unknown",
        unknown(judge(connection().port(attempt(PRIVATE_ADDRESS, PortResult.TIMED_OUT)))).why());
  }
}
