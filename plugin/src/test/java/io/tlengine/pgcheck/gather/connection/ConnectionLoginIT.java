package io.tlengine.pgcheck.gather.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.fact.ConnectionFacts.LoginAttempt;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.plan.DatabaseUrl.MalformedUrlException;
import io.tlengine.pgcheck.postgres.Postgres;
import io.tlengine.pgcheck.postgres.Postgres.Kind;
import io.tlengine.pgcheck.postgres.PostgresExtension;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PGC-105 against real servers that refuse the login. */
@ExtendWith(PostgresExtension.class)
class ConnectionLoginIT {

  /** A provider may lock a role after a few wrong passwords, so there is one attempt. */
  @ParameterizedTest
  @CsvSource({"15, disable", "17, disable", "15, prefer", "17, prefer"})
  void aWrongPasswordIsTriedExactlyOnce(int major, String sslMode, Postgres postgres)
      throws SQLException, MalformedUrlException {
    var server = postgres.server(major, Kind.TLS);
    var walk =
        ConnectionWalk.of(
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
                ConnectionWalk.LOGIN_TIMEOUT);
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
        ConnectionWalk.of(
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

  /** Held in recovery by itself: a standby that nobody may read. */
  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aServerThatIsNotReadyIsAskedAgain(int major, Postgres postgres) {
    var walk = ConnectionWalk.of(postgres.url(major, Kind.NEVER_READY, "sslmode=disable"));

    var refused = assertInstanceOf(LoginAttempt.Refused.class, walk.facts().login().orElseThrow());
    assertEquals("57P03", refused.sqlState());
    assertTrue(refused.attempts() > 1, refused::toString);
    assertTrue(walk.message(4).startsWith("the server is still starting"), walk.message(4));
  }
}
