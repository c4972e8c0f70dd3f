package io.tlengine.pgcheck.scenario.server;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.fact.ColdStart;
import io.tlengine.pgcheck.fact.RowSet;
import io.tlengine.pgcheck.gather.connection.Login;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.plan.DatabaseUrl.MalformedUrlException;
import io.tlengine.pgcheck.postgres.Postgres;
import io.tlengine.pgcheck.postgres.PostgresExtension;
import io.tlengine.pgcheck.postgres.PostgresServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A proxy in front of a real server, which takes three seconds, and may wake the server first. */
@ExtendWith(PostgresExtension.class)
class ColdStartProbeIT {

  private static final Duration DELAY = Duration.ofSeconds(3);
  private static final Duration WAIT = Duration.ofMillis(1_500);

  /** Delays each connection, then asks where the server is. */
  private static final class SlowProxy implements AutoCloseable {
    private final ServerSocket socket;

    SlowProxy(IntSupplier serverPort) throws IOException {
      socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      Thread.ofVirtual().start(() -> accept(serverPort));
    }

    int port() {
      return socket.getLocalPort();
    }

    private void accept(IntSupplier serverPort) {
      try {
        while (true) {
          var client = socket.accept();
          LockSupport.parkNanos(DELAY.toNanos());
          var server = new Socket(InetAddress.getLoopbackAddress(), serverPort.getAsInt());
          copy(client.getInputStream(), server.getOutputStream());
          copy(server.getInputStream(), client.getOutputStream());
        }
      } catch (IOException e) {
        // Closed at the test's end.
      }
    }

    private static void copy(InputStream from, OutputStream to) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (from;
                    to) {
                  from.transferTo(to);
                } catch (IOException e) {
                  // One side has closed it.
                }
              });
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static Connection connect(int port) throws SQLException {
    try {
      return Login.connect(
          DatabaseUrl.parse(
              Postgres.url(
                  Postgres.USER,
                  Postgres.PASSWORD,
                  "127.0.0.1",
                  port,
                  Postgres.DATABASE,
                  "sslmode=disable")),
          Duration.ofSeconds(20));
    } catch (MalformedUrlException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String write(PostgresServer server, LabRows rows) throws Exception {
    try (var connection = connect(server.port())) {
      LabSchema.write(connection, rows);
      return LabSchema.identity(connection).serverStart();
    }
  }

  private static boolean intact(ColdStart seen) {
    return !seen.rows().isEmpty() && seen.rows().stream().allMatch(RowSet::intact);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aServerThatTheConnectionWokeIsAProvenColdStart(int major, Postgres postgres)
      throws Exception {
    var rows = LabRows.make(20);
    var server = postgres.own(major, List.of());
    var before = write(server, rows);
    server.close();
    var woken = new PostgresServer[1];
    try (var proxy =
        new SlowProxy(
            () -> {
              woken[0] = server.again();
              return woken[0].port();
            })) {
      var seen = ColdStartProbe.observe(() -> connect(proxy.port()), WAIT, before, 5, rows);

      assertTrue(seen.proven(), seen::toString);
      assertTrue(seen.connectMillis() >= DELAY.toMillis(), seen::toString);
      assertTrue(seen.waitedMillis() >= WAIT.toMillis(), seen::toString);
      assertTrue(intact(seen), seen::toString);
    } finally {
      if (woken[0] != null) {
        woken[0].close();
      }
    }
  }

  /** Three seconds as well, and the server had never been away. */
  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aSlowWayToARunningServerIsNoColdStart(int major, Postgres postgres) throws Exception {
    var rows = LabRows.make(20);
    try (var server = postgres.own(major, List.of());
        var proxy = new SlowProxy(server::port)) {
      var before = write(server, rows);
      var seen = ColdStartProbe.observe(() -> connect(proxy.port()), WAIT, before, 5, rows);

      assertFalse(seen.proven(), seen::toString);
      assertFalse(seen.serverChanged());
      assertTrue(seen.connectMillis() >= DELAY.toMillis(), seen::toString);
      assertTrue(intact(seen), seen::toString);
    }
  }

  /** Started during the wait, by somebody else: what we waited for is not what we saw. */
  @ParameterizedTest
  @ValueSource(ints = 17)
  void aServerThatWasRestartedMeanwhileIsNoColdStart(int major, Postgres postgres)
      throws Exception {
    var rows = LabRows.make(20);
    var server = postgres.own(major, List.of());
    var before = write(server, rows);
    server.close();
    try (var other = server.again()) {
      var seen =
          ColdStartProbe.observe(
              () -> connect(other.port()), Duration.ofSeconds(3), before, 5, rows);

      assertTrue(seen.serverChanged());
      assertFalse(seen.proven(), seen::toString);
    }
  }
}
