package io.tlengine.pgcheck.gather.database;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.postgres.Postgres;
import io.tlengine.pgcheck.postgres.Postgres.Kind;
import io.tlengine.pgcheck.postgres.PostgresExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Servers that do not answer as they should: each ends in its own code, in time. */
@ExtendWith(PostgresExtension.class)
class UnreachableDatabaseIT {

  private static final Duration SHORT = Duration.ofSeconds(2);

  private static String url(int port, String parameters) {
    return Postgres.url(
        Postgres.USER, Postgres.PASSWORD, "127.0.0.1", port, Postgres.DATABASE, parameters);
  }

  @Test
  void aServerThatAcceptsAndSaysNothing() throws IOException {
    // The kernel accepts for it.
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var port = silent.getLocalPort();

      DatabaseRun.of(url(port, "sslmode=require&channel_binding=require"))
          .timeout(SHORT)
          .assertAlone("PGC-103 error", "127.0.0.1:" + port);
      DatabaseRun.of(url(port, "sslmode=disable"))
          .timeout(SHORT)
          .assertAlone("PGC-105 error", "the role app");
    }
  }

  /** A full backlog: Linux drops further SYN packets, as a firewall would. */
  @Test
  void packetsThatAreDroppedLeaveAPrivateAddressUnknown() throws IOException {
    var waiting = new ArrayList<Socket>();
    try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      boolean accepts = true;
      while (accepts) {
        var socket = new Socket();
        waiting.add(socket);
        try {
          socket.connect(full.getLocalSocketAddress(), 300);
        } catch (IOException e) {
          accepts = false;
        }
      }
      long start = System.nanoTime();
      var faults =
          DatabaseRun.of(url(full.getLocalPort(), "sslmode=require")).timeout(SHORT).faults();

      assertTrue(faults.contains("PGC-102 unknown"), faults::toString);
      assertTrue(faults.stream().allMatch(f -> f.endsWith(" unknown")), faults::toString);
      assertTrue(System.nanoTime() - start < Duration.ofSeconds(20).toNanos());
    } finally {
      for (var socket : waiting) {
        socket.close();
      }
    }
  }

  @Test
  void oneOfTwoHostsDeadIsAWarning(Postgres postgres) throws IOException {
    int alive = postgres.server(17, Kind.HEALTHY).port();
    int dead;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      dead = ((InetSocketAddress) socket.getLocalSocketAddress()).getPort();
    }
    var url =
        url(alive, "sslmode=verify-full&sslrootcert=" + postgres.knownRoot())
            .replace("127.0.0.1:" + alive, "127.0.0.1:" + dead + ",127.0.0.1:" + alive);

    DatabaseRun.of(url).assertAlone("PGC-102 warning", "127.0.0.1:" + dead, "refused");
  }
}
