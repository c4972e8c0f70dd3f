package io.tlengine.pgcheck.postgres;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A running PgBouncer in front of a server, as a child of this process. */
public final class PgBouncer implements AutoCloseable {

  private final Process process;
  private final Path folder;
  private final int port;

  private PgBouncer(Process process, Path folder, int port) {
    this.process = process;
    this.folder = folder;
    this.port = port;
  }

  /**
   * Starts one that knows the application's role.
   *
   * @param server the port of the PostgreSQL behind it
   * @param settings more of its [pgbouncer] section, for example {@code pool_mode=transaction}
   */
  public static PgBouncer start(int server, String... settings) {
    var program = program();
    try {
      int port = freePort();
      var folder = Files.createTempDirectory("pgcheck-pgbouncer");
      var users = folder.resolve("users.txt");
      Files.writeString(users, "\"" + Postgres.USER + "\" \"" + Postgres.PASSWORD + "\"\n");
      var configuration = folder.resolve("pgbouncer.ini");
      Files.writeString(
          configuration,
          """
          [databases]
          * = host=127.0.0.1 port=%d
          [pgbouncer]
          listen_addr = 127.0.0.1
          listen_port = %d
          unix_socket_dir =
          auth_type = scram-sha-256
          auth_file = %s
          %s
          """
              .formatted(server, port, users, String.join("\n", settings)));
      ServerUser.own(folder);
      var process =
          new ProcessBuilder(ServerUser.as(program.toString(), configuration.toString()))
              .redirectErrorStream(true)
              .start();
      awaitStart(process);
      return new PgBouncer(process, folder, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return port;
  }

  /** SIGTERM is its immediate shutdown. */
  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Commands.run(List.of("rm", "-rf", folder.toString()));
  }

  private static void awaitStart(Process process) throws IOException {
    BufferedReader log = process.inputReader();
    var said = new StringBuilder();
    for (var line = log.readLine(); line != null; line = log.readLine()) {
      said.append(line).append('\n');
      if (line.contains("process up")) {
        // Somebody must read on, or it stops at a full pipe.
        Thread.ofVirtual().start(() -> drain(log));
        return;
      }
    }
    throw new IllegalStateException("pgbouncer has ended: " + said);
  }

  private static void drain(BufferedReader log) {
    try (log) {
      log.transferTo(Writer.nullWriter());
    } catch (IOException e) {
      // It has ended.
    }
  }

  /** Debian's package puts it where only root's PATH looks. */
  private static Path program() {
    return Stream.concat(
            Stream.of(System.getenv().getOrDefault("PATH", "").split(":")), Stream.of("/usr/sbin"))
        .map(folder -> Path.of(folder, "pgbouncer"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "these tests need pgbouncer; install it (Debian: apt-get install pgbouncer)"));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
