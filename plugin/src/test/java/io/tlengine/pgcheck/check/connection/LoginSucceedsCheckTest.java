package io.tlengine.pgcheck.check.connection;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static io.tlengine.pgcheck.check.Situations.PUBLIC_ADDRESS;
import static io.tlengine.pgcheck.check.Situations.SOURCE;
import static io.tlengine.pgcheck.check.Situations.attempt;
import static io.tlengine.pgcheck.check.Situations.certificate;
import static io.tlengine.pgcheck.check.Situations.connection;
import static io.tlengine.pgcheck.check.Situations.naming;
import static io.tlengine.pgcheck.check.Situations.untrusted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.ConnectionFacts.LoginAttempt;
import io.tlengine.pgcheck.fact.ConnectionFacts.PortResult;
import io.tlengine.pgcheck.fact.ConnectionFacts.TlsAttempt;
import io.tlengine.pgcheck.fact.ConnectionFacts.Trust;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.plan.SslMode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoginSucceedsCheckTest {

  private static final String PASSWORD =
      "wrong or expired password for the role app, or there is no such role";
  private static final String NOT_PERMITTED =
      "the server does not let the role app in from here (pg_hba.conf, or a missing right to log in"
          + " or to connect)";

  private static Outcome judge(Situations.Connection situation) {
    return Situations.judge(new LoginSucceedsCheck(), FactKey.CONNECTION, situation.facts());
  }

  private static Finding refused(String sqlState, String message) {
    return onlyFinding(
        judge(connection().login(new LoginAttempt.Refused(sqlState, message, 1, 30))));
  }

  @Test
  void aLoginPassesAndShowsTheServersVersion() {
    var evidence = passed(judge(connection()));

    assertEquals("17.7", evidence.get("serverVersion"));
    assertEquals("app", evidence.get("user"));
    assertEquals("engine", evidence.get("database"));
  }

  @Test
  void aWrongPasswordFailsWithTwoWaysToPutItRight() {
    assertEquals(
        Finding.error(
            "db.example.com:5432/engine",
            PASSWORD,
            "FATAL: no (SQLSTATE 28P01)",
            "put the provider's current password, percent-encoded, into "
                + SOURCE
                + "; or set it at the server:\nALTER ROLE \"app\" PASSWORD '...';\nwhen it has expired:\n"
                + "ALTER ROLE \"app\" VALID UNTIL 'infinity';\nwithout such a role:\nCREATE ROLE"
                + " \"app\" LOGIN PASSWORD '...';"),
        refused("28P01", "FATAL: no"));
  }

  @Test
  void aMissingDatabaseFailsWithTheStatementThatMakesIt() {
    var finding = refused("3D000", "FATAL: no");

    assertEquals("there is no database engine on this server", finding.message());
    assertEquals(
        "create it:\nCREATE DATABASE \"engine\" OWNER \"app\";\nor correct the name in " + SOURCE,
        finding.remedy());
  }

  /** By SQLSTATE where it is clear; behind poolers that blur it, by the text. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "28000 | FATAL: no pg_hba.conf entry | let the role",
        "42501 | FATAL: permission denied for database | let the role",
        "55000 | FATAL: database is not currently accepting connections | let the role",
        "53300 | FATAL: sorry, too many clients already | no connection is free",
        "57P03 | FATAL: the database system is starting up | still starting",
        "57P01 | FATAL: terminating connection | still starting",
        "08P01 | ERROR: password authentication failed | wrong or expired password",
        "08P01 | FATAL: SASL authentication failed | wrong or expired password",
        "XX000 | FATAL: no such database: engine | there is no database",
        "08P01 | FATAL: database \"engine\" does not exist | there is no database",
        "08P01 | FATAL: no more connections allowed (max_client_conn) | no connection is free",
        "08P01 | FATAL: address is not allowed to connect | let the role",
        "08P01 | FATAL: the database system is starting up | still starting",
        "08004 | Channel binding is required, but server did not offer it | SCRAM-SHA-256-PLUS",
        "XX000 | FATAL: something else | was refused"
      })
  void theCauseIsToldFromStateOrText(String sqlState, String message, String cause) {
    var finding = refused(sqlState, message);

    assertTrue(finding.message().contains(cause), finding.message());
    assertEquals(message + " (SQLSTATE " + sqlState + ")", finding.detail());
  }

  @Test
  void aServerThatIsStillStartingIsNamedWithTheNumberOfAttempts() {
    var finding =
        onlyFinding(
            judge(
                connection()
                    .login(new LoginAttempt.Refused("57P03", "FATAL: starting up", 30, 15_000))));

    assertEquals(
        "the server is still starting or stopping, after 30 attempts in 15000 ms",
        finding.message());
    assertEquals(
        "wait until recovery has ended and run again with more time: --timeout 2m",
        finding.remedy());
  }

  @Test
  void aRoleThatMayNotConnectIsNoWrongPassword() {
    assertEquals(NOT_PERMITTED, refused("28000", "FATAL: no pg_hba.conf entry").message());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no pg_hba.conf entry for host \"10.1.2.3\", user \"app\", database \"engine\", SSL encryption"
            + " | pg_hba.conf: hostssl \"engine\" \"app\" 10.1.2.3/32 scram-sha-256;",
        "pg_hba.conf rejects connection for host \"fd00::1\", user \"app\", no encryption"
            + " | pg_hba.conf: host \"engine\" \"app\" fd00::1/128 scram-sha-256;",
        "no pg_hba.conf entry | pg_hba.conf: hostssl \"engine\" \"app\" ADDRESS/MASK scram-sha-256;",
        "role \"app\" is not permitted to log in | ALTER ROLE \"app\" LOGIN;",
        "permission denied for database \"engine\" | GRANT CONNECT ON DATABASE \"engine\" TO \"app\";",
        "database \"engine\" is not currently accepting connections"
            + " | ALTER DATABASE \"engine\" ALLOW_CONNECTIONS true;",
      })
  void whoIsNotLetInIsLetInByWhatTheServerLacks(String message, String remedy) {
    assertTrue(
        refused("28000", message).remedy().contains(remedy), refused("28000", message)::toString);
  }

  @Test
  void aLoginThatWasNotTriedInTimeIsUnknown() {
    assertEquals(
        new Outcome.Unknown(
            "the login was not tried before the time was up", "give it more time: --timeout 60s"),
        judge(connection().notLoggedIn()));
  }

  @Test
  void afterAFailedStageItIsSkipped() {
    assertSkipped(
        "after PGC-102", judge(connection().port(attempt(PUBLIC_ADDRESS, PortResult.REFUSED))));
    assertSkipped("after PGC-103", judge(connection().tls(new TlsAttempt.Declined(1))));
    assertSkipped("after PGC-103", judge(connection().tls(new TlsAttempt.Broken("alert", 1))));
    assertSkipped("after PGC-103", judge(connection().tls(new TlsAttempt.NotPostgres("H", 1))));
    assertSkipped(
        "after PGC-104",
        judge(connection().certificate(naming(certificate(), List.of("other"))).notLoggedIn()));
    assertSkipped(
        "after PGC-104",
        judge(
            connection()
                .certificate(untrusted(certificate(), new Trust.NotTrusted("no")))
                .notLoggedIn()));
  }

  @Test
  void behindACertificateThatCannotBeJudgedItIsUnknown() {
    assertEquals(
        "the certificate cannot be verified from here: no file",
        unknown(
                judge(
                    connection()
                        .certificate(untrusted(certificate(), new Trust.CannotTell("no file")))
                        .notLoggedIn()))
            .why());
  }

  @Test
  void withoutEncryptionTheLoginIsJudgedAsWell() {
    passed(judge(connection().sslMode(SslMode.DISABLE).tls(new TlsAttempt.NotAsked())));
    passed(judge(connection().sslMode(SslMode.PREFER).tls(new TlsAttempt.Declined(1))));
  }
}
