package io.tlengine.pgcheck.gather.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.tlengine.pgcheck.fact.ConnectionFacts.NameLookup;
import io.tlengine.pgcheck.fact.ConnectionFacts.PortResult;
import io.tlengine.pgcheck.fact.ConnectionFacts.TlsAttempt;
import io.tlengine.pgcheck.postgres.Postgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** PGC-101 to PGC-103 where no PostgreSQL answers. */
class ConnectionReachIT {

  private static final String PASSED = ConnectionWalk.PASSED;

  @Test
  void aClosedPort() throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    var walk =
        ConnectionWalk.of(
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
        ConnectionWalk.of(
            Postgres.url(Postgres.USER, Postgres.PASSWORD, "pgcheck.invalid", 5432, "engine", ""));

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
          ConnectionWalk.of(
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
