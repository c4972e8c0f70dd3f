package io.tlengine.pgcheck.gather.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.fact.ConnectionFacts.LoginAttempt;
import io.tlengine.pgcheck.fact.ConnectionFacts.TlsAttempt;
import io.tlengine.pgcheck.postgres.Postgres;
import io.tlengine.pgcheck.postgres.Postgres.Kind;
import io.tlengine.pgcheck.postgres.PostgresExtension;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PGC-103 and PGC-104 against real servers: what the URL asks of TLS, and what the server has. */
@ExtendWith(PostgresExtension.class)
class ConnectionTlsIT {

  private static final String PASSED = ConnectionWalk.PASSED;

  private static String verifyFull(java.nio.file.Path root) {
    return "sslmode=verify-full&sslrootcert=" + root;
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aLoginWithoutTls(int major, Postgres postgres) {
    var walk = ConnectionWalk.of(postgres.url(major, Kind.TLS, "sslmode=disable"));

    assertEquals(
        List.of(PASSED, PASSED, PASSED, "the URL says sslmode=disable", PASSED), walk.verdicts());
    var login = assertInstanceOf(LoginAttempt.LoggedIn.class, walk.facts().login().orElseThrow());
    assertTrue(login.serverVersion().startsWith(major + "."), login.serverVersion());
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aLoginThatRequiresChannelBinding(int major, Postgres postgres) {
    var walk =
        ConnectionWalk.of(postgres.url(major, Kind.TLS, "sslmode=require&channel_binding=require"));

    assertEquals(List.of(PASSED, PASSED, PASSED, PASSED, PASSED), walk.verdicts());
    var tls = assertInstanceOf(TlsAttempt.Encrypted.class, walk.facts().tls().orElseThrow());
    assertEquals("TLSv1.3", tls.protocol());
    assertEquals(List.of("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1"), tls.certificate().names());
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aLoginThatOnlyEncryptsIsWarnedAbout(int major, Postgres postgres) {
    assertEquals(
        List.of(PASSED, PASSED, PASSED, "warning", PASSED),
        ConnectionWalk.of(postgres.url(major, Kind.TLS, "sslmode=require")).verdicts());
  }

  @ParameterizedTest
  @CsvSource({"15, 127.0.0.1", "17, 127.0.0.1", "15, localhost", "17, localhost"})
  void aLoginThatVerifiesEverything(int major, String host, Postgres postgres) {
    var walk =
        ConnectionWalk.of(
            Postgres.url(
                Postgres.USER,
                Postgres.PASSWORD,
                host,
                postgres.server(major, Kind.TLS).port(),
                Postgres.DATABASE,
                verifyFull(postgres.knownRoot()) + "&channel_binding=require"));

    assertEquals(List.of(PASSED, PASSED, PASSED, PASSED, PASSED), walk.verdicts());
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aCertificateForAnotherNameFailsVerifyFullAndNotVerifyCa(int major, Postgres postgres) {
    var root = postgres.knownRoot();
    var full = ConnectionWalk.of(postgres.url(major, Kind.WRONG_NAME, verifyFull(root)));

    assertEquals(List.of(PASSED, PASSED, PASSED, "error", "after PGC-104"), full.verdicts());
    assertEquals(
        "the certificate does not name 127.0.0.1; it names db.example.org", full.message(3));
    assertEquals(
        List.of(PASSED, PASSED, PASSED, PASSED, PASSED),
        ConnectionWalk.of(
                postgres.url(major, Kind.WRONG_NAME, "sslmode=verify-ca&sslrootcert=" + root))
            .verdicts());
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void anUnknownAuthority(int major, Postgres postgres) {
    var walk = ConnectionWalk.of(postgres.url(major, Kind.TLS, verifyFull(postgres.otherRoot())));

    assertEquals(List.of(PASSED, PASSED, PASSED, "error", "after PGC-104"), walk.verdicts());
    assertTrue(walk.message(3).contains("is not trusted"), walk.message(3));
    assertTrue(walk.facts().login().isEmpty(), "no login behind a certificate that fails");
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void anExpiredCertificate(int major, Postgres postgres) {
    var walk =
        ConnectionWalk.of(postgres.url(major, Kind.EXPIRED, verifyFull(postgres.knownRoot())));

    assertEquals(List.of(PASSED, PASSED, PASSED, "error", "after PGC-104"), walk.verdicts());
    assertTrue(walk.message(3).contains(" has expired on "), walk.message(3));
  }

  @Test
  void aRootCertificateThatIsNotOnThisMachineLeavesItUnknown(Postgres postgres) {
    var walk =
        ConnectionWalk.of(
            postgres.url(17, Kind.TLS, "sslmode=verify-full&sslrootcert=/no/such/root"));

    assertEquals(List.of(PASSED, PASSED, PASSED, "unknown", "unknown"), walk.verdicts());
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aServerWithoutTls(int major, Postgres postgres) {
    var required = ConnectionWalk.of(postgres.url(major, Kind.NO_TLS, "sslmode=require"));
    var preferred = ConnectionWalk.of(postgres.url(major, Kind.NO_TLS, "sslmode=prefer"));

    assertEquals(
        List.of(PASSED, PASSED, "error", "after PGC-103", "after PGC-103"), required.verdicts());
    assertInstanceOf(TlsAttempt.Declined.class, required.facts().tls().orElseThrow());
    assertEquals(
        List.of(PASSED, PASSED, PASSED, "the connection is not encrypted", PASSED),
        preferred.verdicts());
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void channelBindingWithoutTlsIsRefusedByTheDriver(int major, Postgres postgres) {
    var walk =
        ConnectionWalk.of(
            postgres.url(major, Kind.NO_TLS, "sslmode=disable&channel_binding=require"));

    assertEquals("error", walk.verdicts().getLast());
    assertTrue(walk.message(4).startsWith("channel_binding=require cannot be met"), walk::toString);
  }
}
