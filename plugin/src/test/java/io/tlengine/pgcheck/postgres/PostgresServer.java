package io.tlengine.pgcheck.postgres;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** One running PostgreSQL, as a child of this process. */
public final class PostgresServer implements AutoCloseable {

  private static final String END_OF_LOG = "(the server has ended)";

  private final Process process;
  private final int port;
  private final BlockingQueue<String> log = new LinkedBlockingQueue<>();

  private final Supplier<PostgresServer> startAgain;

  private PostgresServer(Process process, int port, Supplier<PostgresServer> startAgain) {
    this.process = process;
    this.port = port;
    this.startAgain = startAgain;
    Thread.ofVirtual().start(this::follow);
  }

  /**
   * Starts the server and waits until its log says so.
   *
   * @param ready a part of the line that ends the start
   */
  static PostgresServer start(Path binaries, Path data, List<String> settings, String ready) {
    int port = freePort();
    var command =
        ServerUser.as(
            binaries.resolve("bin/postgres").toString(),
            "-D",
            data.toString(),
            "-p",
            String.valueOf(port),
            "-c",
            "listen_addresses=localhost",
            "-c",
            "unix_socket_directories=");
    settings.forEach(s -> command.addAll(List.of("-c", s)));
    try {
      var server =
          new PostgresServer(
              new ProcessBuilder(command).redirectErrorStream(true).start(),
              port,
              () -> start(binaries, data, settings, ready));
      server.logUntil(line -> line.contains(ready));
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return port;
  }

  /** Another server on the same data, on another port; this one must have been closed. */
  public PostgresServer again() {
    return startAgain.get();
  }

  /** The log from where the last call ended, up to and with the line that is looked for. */
  public List<String> logUntil(Predicate<String> last) {
    var lines = new java.util.ArrayList<String>();
    try {
      while (lines.isEmpty() || !last.test(lines.getLast())) {
        lines.add(log.take());
        if (lines.getLast().equals(END_OF_LOG)) {
          throw new IllegalStateException(String.join("\n", lines));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return lines;
  }

  /** What the log has said since the last look; does not wait. */
  public List<String> logSoFar() {
    var lines = new java.util.ArrayList<String>();
    log.drainTo(lines);
    return lines;
  }

  /** What a program on the server's side said, and how it ended. */
  public record Ran(int code, String out, String err) {}

  /** Runs a program as the server's user, as exec in its container would. */
  public static Ran runBeside(List<String> command) {
    try {
      var process = new ProcessBuilder(ServerUser.as(command.toArray(String[]::new))).start();
      var err = process.errorReader();
      var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ran(process.waitFor(), out, String.join("\n", err.lines().toList()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** SIGINT is the fast shutdown; SIGTERM would wait for clients. */
  @Override
  public void close() {
    if (process.isAlive()) {
      Commands.run(List.of("kill", "-INT", String.valueOf(process.pid())));
    }
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow() {
    try (BufferedReader lines = process.inputReader()) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        log.add(line);
      }
    } catch (IOException e) {
      log.add(String.valueOf(e));
    }
    log.add(END_OF_LOG);
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
