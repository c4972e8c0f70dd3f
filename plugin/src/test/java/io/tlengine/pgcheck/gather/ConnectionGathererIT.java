package io.tlengine.pgcheck.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.tlengine.pgcheck.catalog.CheckCatalog;
import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckResult;
import io.tlengine.pgcheck.check.CheckRunner;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.ConnectionFacts.LoginAttempt;
import io.tlengine.pgcheck.fact.ConnectionFacts.NameLookup;
import io.tlengine.pgcheck.fact.ConnectionFacts.PortResult;
import io.tlengine.pgcheck.fact.ConnectionFacts.TlsAttempt;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.OtherDatabases;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.plan.DatabaseUrl.MalformedUrlException;
import io.tlengine.pgcheck.postgres.Postgres;
import io.tlengine.pgcheck.postgres.Postgres.Kind;
import io.tlengine.pgcheck.postgres.PostgresExtension;
import io.tlengine.pgcheck.report.Format;
import io.tlengine.pgcheck.report.Report.Release;
import io.tlengine.pgcheck.report.ReportBuilder;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The stages against real servers, and what the real checks make of them. */
@ExtendWith(PostgresExtension.class)
class ConnectionGathererIT {

  private static final String PASSED = "passed";
  private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(3);

  /**
   * One walk through the stages.
   *
   * @param answers the checks' answers, PGC-101 to PGC-105
   */
  private record Walk(ConnectionFacts facts, List<CheckResult> answers) {

    /** What each check says, in few words: passed, the severity, or the reason. */
    List<String> verdicts() {
      return answers.stream().map(a -> words(a.outcome())).toList();
    }

    private static String words(Outcome outcome) {
      return switch (outcome) {
        case Outcome.Passed passed -> PASSED;
        case Outcome.Failed failed -> failed.findings().getFirst().severity().text();
        case Outcome.Skipped skipped -> skipped.why();
        case Outcome.Unknown unknown -> "unknown";
      };
    }

    /** The first message of the check at this place. */
    String message(int check) {
      return assertInstanceOf(Outcome.Failed.class, answers.get(check).outcome())
          .findings()
          .getFirst()
          .message();
    }
  }

  private static Walk walk(String url) {
    ConnectionFacts facts;
    try {
      facts =
          new ConnectionGatherer(LOGIN_TIMEOUT)
              .gather(DatabaseUrl.parse(url), "Secret/postgresql-secret key DATABASE_URL");
    } catch (MalformedUrlException e) {
      throw new IllegalArgumentException(e);
    }
    List<Check> checks =
        CheckCatalog.preflight().stream()
            .filter(c -> c.info().code().matches("PGC-10[1-5]"))
            .toList();
    var all =
        new Facts(Instant.now(), Map.of())
            .with(FactKey.CONNECTION, Fact.known(facts))
            .with(FactKey.OTHER_DATABASES, Fact.known(new OtherDatabases(List.of())));
    var walk = new Walk(facts, CheckRunner.run(checks, all, Map.of()));
    assertEquals(5, walk.answers().size());
    assertTrue(walk.answers().stream().allMatch(a -> a.bug().isEmpty()), walk::toString);
    assertNoPassword(walk);
    return walk;
  }

  /** Neither as it is nor as the URL writes it, in no format, whatever went wrong. */
  private static void assertNoPassword(Walk walk) {
    var encoded = URLEncoder.encode(Postgres.PASSWORD, StandardCharsets.UTF_8);
    var texts = new StringWriter();
    texts.append(walk.facts().toString());
    var report =
        ReportBuilder.build(
            "0.1.0",
            "preflight",
            new Release("tl", "shop", "chart", "external"),
            Instant.EPOCH,
            Instant.EPOCH,
            Severity.ERROR,
            walk.answers());
    for (var format : Format.values()) {
      int before = texts.getBuffer().length();
      try {
        format.reporter(true).write(report, texts);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      // A table may name it as the last of a row: PGC-102 to 105.
      var written = texts.getBuffer().substring(before);
      assertTrue(written.contains("PGC-105") || written.contains(" to 105"), format::text);
    }
    assertFalse(texts.toString().contains(Postgres.PASSWORD), texts::toString);
    assertFalse(texts.toString().contains(encoded), texts::toString);
    assertFalse(texts.toString().contains("geheim"), texts::toString);
  }

  private static String verifyFull(java.nio.file.Path root) {
    return "sslmode=verify-full&sslrootcert=" + root;
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aLoginWithoutTls(int major, Postgres postgres) {
    var walk = walk(postgres.url(major, Kind.TLS, "sslmode=disable"));

    assertEquals(
        List.of(PASSED, PASSED, PASSED, "the URL says sslmode=disable", PASSED), walk.verdicts());
    var login = assertInstanceOf(LoginAttempt.LoggedIn.class, walk.facts().login().orElseThrow());
    assertTrue(login.serverVersion().startsWith(major + "."), login.serverVersion());
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aLoginThatRequiresChannelBinding(int major, Postgres postgres) {
    var walk = walk(postgres.url(major, Kind.TLS, "sslmode=require&channel_binding=require"));

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
        walk(postgres.url(major, Kind.TLS, "sslmode=require")).verdicts());
  }

  @ParameterizedTest
  @CsvSource({"15, 127.0.0.1", "17, 127.0.0.1", "15, localhost", "17, localhost"})
  void aLoginThatVerifiesEverything(int major, String host, Postgres postgres) {
    var walk =
        walk(
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
    var full = walk(postgres.url(major, Kind.WRONG_NAME, verifyFull(root)));

    assertEquals(List.of(PASSED, PASSED, PASSED, "error", "after PGC-104"), full.verdicts());
    assertEquals(
        "the certificate does not name 127.0.0.1; it names db.example.org", full.message(3));
    assertEquals(
        List.of(PASSED, PASSED, PASSED, PASSED, PASSED),
        walk(postgres.url(major, Kind.WRONG_NAME, "sslmode=verify-ca&sslrootcert=" + root))
            .verdicts());
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void anUnknownAuthority(int major, Postgres postgres) {
    var walk = walk(postgres.url(major, Kind.TLS, verifyFull(postgres.otherRoot())));

    assertEquals(List.of(PASSED, PASSED, PASSED, "error", "after PGC-104"), walk.verdicts());
    assertTrue(walk.message(3).contains("is not trusted"), walk.message(3));
    assertTrue(walk.facts().login().isEmpty(), "no login behind a certificate that fails");
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void anExpiredCertificate(int major, Postgres postgres) {
    var walk = walk(postgres.url(major, Kind.EXPIRED, verifyFull(postgres.knownRoot())));

    assertEquals(List.of(PASSED, PASSED, PASSED, "error", "after PGC-104"), walk.verdicts());
    assertTrue(walk.message(3).contains(" has expired on "), walk.message(3));
  }

  @Test
  void aRootCertificateThatIsNotOnThisMachineLeavesItUnknown(Postgres postgres) {
    var walk = walk(postgres.url(17, Kind.TLS, "sslmode=verify-full&sslrootcert=/no/such/root"));

    assertEquals(List.of(PASSED, PASSED, PASSED, "unknown", "unknown"), walk.verdicts());
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aServerWithoutTls(int major, Postgres postgres) {
    var required = walk(postgres.url(major, Kind.NO_TLS, "sslmode=require"));
    var preferred = walk(postgres.url(major, Kind.NO_TLS, "sslmode=prefer"));

    assertEquals(
        List.of(PASSED, PASSED, "error", "after PGC-103", "after PGC-103"), required.verdicts());
    assertInstanceOf(TlsAttempt.Declined.class, required.facts().tls().orElseThrow());
    assertEquals(
        List.of(PASSED, PASSED, PASSED, "the connection is not encrypted", PASSED),
        preferred.verdicts());
  }

  /** A provider may lock a role after a few wrong passwords, so there is one attempt. */
  @ParameterizedTest
  @CsvSource({"15, disable", "17, disable", "15, prefer", "17, prefer"})
  void aWrongPasswordIsTriedExactlyOnce(int major, String sslMode, Postgres postgres)
      throws SQLException, MalformedUrlException {
    var server = postgres.server(major, Kind.TLS);
    var walk =
        walk(
            Postgres.url(
                Postgres.USER,
                Postgres.PASSWORD + "geheim",
                "127.0.0.1",
                server.port(),
                Postgres.DATABASE,
                "sslmode=" + sslMode));

    var refused = assertInstanceOf(LoginAttempt.Refused.class, walk.facts().login().orElseThrow());
    assertEquals("28P01", refused.sqlState());
    assertEquals(1, refused.attempts());
    assertEquals("error", walk.verdicts().getLast());
    assertEquals(
        "wrong or expired password for the role app, or there is no such role", walk.message(4));
    // The server's own log counts, too; a line of ours marks its end.
    var mark = UUID.randomUUID().toString();
    try (var connection =
            Login.connect(
                DatabaseUrl.parse(postgres.url(major, Kind.TLS, "sslmode=disable")),
                LOGIN_TIMEOUT);
        var statement = connection.createStatement()) {
      statement.execute("DO $$ BEGIN RAISE LOG '" + mark + "'; END $$");
    }
    assertEquals(
        1,
        server.logUntil(l -> l.contains(mark)).stream()
            .filter(l -> l.contains("password authentication failed"))
            .count());
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aMissingDatabase(int major, Postgres postgres) {
    var walk =
        walk(
            Postgres.url(
                Postgres.USER,
                Postgres.PASSWORD,
                "127.0.0.1",
                postgres.server(major, Kind.TLS).port(),
                "nowhere",
                "sslmode=require&channel_binding=require"));

    var refused = assertInstanceOf(LoginAttempt.Refused.class, walk.facts().login().orElseThrow());
    assertEquals("3D000", refused.sqlState());
    assertEquals("there is no database nowhere on this server", walk.message(4));
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void channelBindingWithoutTlsIsRefusedByTheDriver(int major, Postgres postgres) {
    var walk = walk(postgres.url(major, Kind.NO_TLS, "sslmode=disable&channel_binding=require"));

    assertEquals("error", walk.verdicts().getLast());
    assertTrue(walk.message(4).startsWith("channel_binding=require cannot be met"), walk::toString);
  }

  /** Held in recovery by itself: a standby that nobody may read. */
  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aServerThatIsNotReadyIsAskedAgain(int major, Postgres postgres) {
    var walk = walk(postgres.url(major, Kind.NEVER_READY, "sslmode=disable"));

    var refused = assertInstanceOf(LoginAttempt.Refused.class, walk.facts().login().orElseThrow());
    assertEquals("57P03", refused.sqlState());
    assertTrue(refused.attempts() > 1, refused::toString);
    assertTrue(walk.message(4).startsWith("the server is still starting"), walk.message(4));
  }

  @Test
  void aClosedPort() throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    var walk =
        walk(
            Postgres.url(
                Postgres.USER, Postgres.PASSWORD, "127.0.0.1", port, "engine", "sslmode=require"));

    assertEquals(
        List.of(PASSED, "error", "after PGC-102", "after PGC-102", "after PGC-102"),
        walk.verdicts());
    assertEquals(PortResult.REFUSED, walk.facts().port().orElseThrow().getFirst().result());
  }

  /** RFC 6761 promises that no name ends in .invalid. */
  @Test
  void aHostThatDoesNotExist() {
    var walk =
        walk(Postgres.url(Postgres.USER, Postgres.PASSWORD, "pgcheck.invalid", 5432, "engine", ""));

    assumeFalse(
        walk.facts().name() instanceof NameLookup.NoAnswer,
        "this machine has no resolver that answers");
    assertInstanceOf(NameLookup.NoSuchName.class, walk.facts().name());
    assertEquals(
        List.of("error", "after PGC-101", "after PGC-101", "after PGC-101", "after PGC-101"),
        walk.verdicts());
  }

  @Test
  void somethingThatIsNoPostgres() throws IOException {
    try (var web = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerAll(web));
      var walk =
          walk(
              Postgres.url(
                  Postgres.USER,
                  Postgres.PASSWORD,
                  "127.0.0.1",
                  web.getLocalPort(),
                  "engine",
                  "sslmode=require"));

      assertEquals(
          List.of(PASSED, PASSED, "error", "after PGC-103", "after PGC-103"), walk.verdicts());
      var answer = assertInstanceOf(TlsAttempt.NotPostgres.class, walk.facts().tls().orElseThrow());
      assertEquals("it answered an SSLRequest with byte 72, wanted: S or N", answer.answer());
    }
  }

  private static void answerAll(ServerSocket web) {
    while (!web.isClosed()) {
      try (var client = web.accept()) {
        client
            .getOutputStream()
            .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        // Read to the client's end: closing with unread bytes would reset the connection.
        client.getInputStream().readAllBytes();
      } catch (IOException e) {
        // The test has closed the socket, or a client went away early.
      }
    }
  }
}
