package io.tlengine.pgcheck.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.gather.connection.Login;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.plan.DatabaseUrl.MalformedUrlException;
import io.tlengine.pgcheck.postgres.Postgres.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The stand-ins for poolers and providers do what other tests take them for. */
@ExtendWith(PostgresExtension.class)
class RigsIT {

  private static final String ENDPOINT = "ep-cool-dawn-a1b2c3d4";

  private static Connection connect(String host, int port, String parameters)
      throws SQLException, MalformedUrlException {
    return Login.connect(
        DatabaseUrl.parse(
            Postgres.url(
                Postgres.USER, Postgres.PASSWORD, host, port, Postgres.DATABASE, parameters)),
        Duration.ofSeconds(20));
  }

  private static int pid(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT pg_backend_pid()")) {
      row.next();
      return row.getInt(1);
    }
  }

  @Test
  void transactionsShareAServerAndSessionsDoNot(Postgres postgres) throws Exception {
    int server = postgres.server(17, Kind.NO_TLS).port();
    try (var transactions = PgBouncer.start(server, "pool_mode = transaction");
        var one = connect("127.0.0.1", transactions.port(), "sslmode=disable");
        var other = connect("127.0.0.1", transactions.port(), "sslmode=disable")) {
      assertEquals(pid(one), pid(other));
    }
    try (var sessions = PgBouncer.start(server, "pool_mode = session");
        var one = connect("127.0.0.1", sessions.port(), "sslmode=disable");
        var other = connect("127.0.0.1", sessions.port(), "sslmode=disable")) {
      assertNotEquals(pid(one), pid(other));
    }
  }

  @Test
  void theEndpointIsFoundByNameOrByOption(Postgres postgres) throws Exception {
    int server = postgres.server(17, Kind.NO_TLS).port();
    try (var neon = NeonProxy.start(postgres, server, ENDPOINT, Duration.ZERO)) {
      connect(ENDPOINT + "." + NeonProxy.REGION, neon.port(), "sslmode=require").close();
      connect("127.0.0.1", neon.port(), "sslmode=require&options=endpoint%3D" + ENDPOINT).close();
      for (var host : new String[] {"127.0.0.1", "db.loopback.test"}) {
        var refused =
            assertThrows(SQLException.class, () -> connect(host, neon.port(), "sslmode=require"));
        assertEquals("XX000", refused.getSQLState());
        assertTrue(
            String.valueOf(refused.getMessage()).contains("Endpoint ID is not specified"),
            refused::toString);
      }
    }
  }

  @Test
  void aSleepingComputeDelaysTheFirstLoginAlone(Postgres postgres) throws Exception {
    int server = postgres.server(17, Kind.NO_TLS).port();
    var coldStart = Duration.ofSeconds(3);
    try (var neon = NeonProxy.start(postgres, server, ENDPOINT, coldStart)) {
      var host = ENDPOINT + "." + NeonProxy.REGION;
      long first = System.nanoTime();
      connect(host, neon.port(), "sslmode=require").close();
      long second = System.nanoTime();
      connect(host, neon.port(), "sslmode=require").close();
      long end = System.nanoTime();
      assertTrue(second - first >= coldStart.toNanos());
      assertTrue(end - second < coldStart.toNanos());
    }
  }
}
