package io.tlengine.pgcheck.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/**
 * The servers of one test run: each is started when it is first asked for, and all end with the
 * run. One initdb for each major; every server works on a copy.
 */
public final class Postgres implements AutoCloseable {

  /** Hard on purpose: a reserved character in it must not end up anywhere but in the login. */
  public static final String PASSWORD = "geheim+100%/x@y:z?w";

  public static final String USER = "app";
  public static final String DATABASE = "engine";

  /** What a server shows to a client that asks for TLS, or why it lets nobody in. */
  public enum Kind {
    /** A certificate for localhost and 127.0.0.1, by the known authority. */
    TLS("good"),
    WRONG_NAME("wrong-name"),
    EXPIRED("expired"),
    /** As TLS, and each connection is a line of its log. */
    LOGS_CONNECTIONS("good"),
    /** Two days are left of ninety. */
    SOON_ENDING("soon-ending"),
    WILDCARD("wildcard"),
    /** Signed by nobody but itself. */
    SELF_SIGNED("self-signed"),
    NO_TLS(""),
    /** As production has it: durable, with checksums. Tests put back what they change. */
    HEALTHY("good"),
    NO_CHECKSUMS("good"),
    /** Five connections for ordinary roles. */
    FEW_CONNECTIONS("good"),
    /** The archive command fails, always. */
    ARCHIVE_FAILS("good"),
    /** Transactions are to be frozen after 100,000, and its autovacuum is too slow for that. */
    SLOW_FREEZE("good"),
    /** A standby that may be read. */
    STANDBY("good"),
    /** Another one, for a test that promotes it. */
    STANDBY_TO_PROMOTE("good"),
    /** A standby without hot_standby: it answers 57P03 for as long as it runs. */
    NEVER_READY("");

    private final String certificate;

    Kind(String certificate) {
      this.certificate = certificate;
    }
  }

  private record Key(int major, Kind kind) {}

  /** Of the bootstrap superuser. */
  public static final String SUPERUSER_PASSWORD = "geheim-of-the-superuser";

  private final Path folder;
  private final TestCertificates certificates;
  private final AtomicInteger owned = new AtomicInteger();
  private final Map<Template, Path> templates = new ConcurrentHashMap<>();
  private final Map<Key, PostgresServer> servers = new ConcurrentHashMap<>();

  Postgres() {
    try {
      folder = Files.createTempDirectory("pgcheck-postgres");
      // The servers' user enters it; the data directories below stay closed.
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    certificates = new TestCertificates(folder);
    // Ctrl-C ends the run without JUnit's clean-up, and a server outlives its parent.
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
  }

  public PostgresServer server(int major, Kind kind) {
    return servers.computeIfAbsent(new Key(major, kind), k -> start(major, kind));
  }

  /** A server of the caller's own, to be ended by whatever means; the caller closes it. */
  public PostgresServer own(int major, List<String> settings) {
    var data = folder.resolve("own-" + major + "-" + owned.incrementAndGet());
    Commands.run(List.of("cp", "-a", template(major, true).toString(), data.toString()));
    ServerUser.own(data);
    return PostgresServer.start(
        Binaries.of(major, folder), data, settings, "ready to accept connections");
  }

  /**
   * @param parameters behind the ?, or an empty text
   */
  public String url(int major, Kind kind, String parameters) {
    return url(USER, PASSWORD, "127.0.0.1", server(major, kind).port(), DATABASE, parameters);
  }

  public static String url(
      String user, String password, String host, int port, String database, String parameters) {
    return "postgresql://"
        + user
        + ":"
        + URLEncoder.encode(password, StandardCharsets.UTF_8)
        + "@"
        + host
        + ":"
        + port
        + "/"
        + database
        + (parameters.isEmpty() ? "" : "?" + parameters);
  }

  /** The root certificate of all servers' certificates. */
  public Path knownRoot() {
    return certificates.root("ca");
  }

  /** A certificate of {@link #knownRoot} for a server in Java. */
  SSLContext serverContext(String alias) {
    return certificates.serverContext(alias);
  }

  /** The certificate of {@link Kind#SELF_SIGNED}, which is its own root. */
  public Path selfSigned() {
    return certificates.root("self-signed");
  }

  /** A root certificate that has signed none of them. */
  public Path otherRoot() {
    return certificates.root("other-ca");
  }

  private PostgresServer start(int major, Kind kind) {
    var data = folder.resolve("data-" + major + "-" + kind);
    var settings = new ArrayList<>(settings(kind));
    var ready = "ready to accept connections";
    try {
      Commands.run(
          List.of(
              "cp", "-a", template(major, kind != Kind.NO_CHECKSUMS).toString(), data.toString()));
      if (!kind.certificate.isEmpty()) {
        certificates.install(kind.certificate, data);
        settings.add("ssl=on");
      }
      if (kind == Kind.STANDBY || kind == Kind.STANDBY_TO_PROMOTE) {
        Files.createFile(data.resolve("standby.signal"));
        ready = "ready to accept read-only connections";
      }
      if (kind == Kind.NEVER_READY) {
        Files.createFile(data.resolve("standby.signal"));
        settings.add("hot_standby=off");
        ready = "entering standby mode";
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ServerUser.own(data);
    return PostgresServer.start(Binaries.of(major, folder), data, settings, ready);
  }

  private static List<String> settings(Kind kind) {
    return switch (kind) {
      case LOGS_CONNECTIONS -> List.of("fsync=off", "log_connections=on");
      case SLOW_FREEZE ->
          List.of(
              "autovacuum_freeze_max_age=100000",
              "autovacuum_vacuum_cost_delay=100ms",
              "autovacuum_vacuum_cost_limit=1");
      case FEW_CONNECTIONS -> List.of("max_connections=8");
      case ARCHIVE_FAILS -> List.of("archive_mode=on", "archive_command=false");
      // Nothing of these tests outlives them.
      case TLS, NEVER_READY -> List.of("fsync=off");
      // Durable, so that a fault of another kind is the only one.
      default -> List.of();
    };
  }

  private record Template(int major, boolean checksums) {}

  private Path template(int major, boolean checksums) {
    return templates.computeIfAbsent(new Template(major, checksums), this::initialise);
  }

  private Path initialise(Template template) {
    int major = template.major();
    var binaries = Binaries.of(major, folder);
    var data = folder.resolve("template-" + major + (template.checksums() ? "" : "-plain"));
    var password = folder.resolve("password-" + major);
    try {
      Files.createDirectory(
          data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.createFile(
          password,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(password, SUPERUSER_PASSWORD + "\n");
      ServerUser.own(data);
      ServerUser.own(password);
      var initdb =
          ServerUser.as(
              binaries.resolve("bin/initdb").toString(),
              "-D",
              data.toString(),
              "-U",
              "postgres",
              "-A",
              "scram-sha-256",
              "--pwfile=" + password,
              "-E",
              "UTF8",
              "--locale=C",
              "-N");
      if (template.checksums()) {
        initdb.add("--data-checksums");
      }
      Commands.run(initdb);
      var hba = data.resolve("pg_hba.conf");
      Files.writeString(hba, "host all not_let_in all reject\n" + Files.readString(hba));
      Files.delete(password);
      // The single-user mode needs no port, and takes one statement a line.
      Commands.run(
          ServerUser.as(
              binaries.resolve("bin/postgres").toString(),
              "--single",
              "-D",
              data.toString(),
              "postgres"),
          "CREATE ROLE "
              + USER
              + " LOGIN PASSWORD '"
              + PASSWORD
              + "'\nCREATE DATABASE "
              + DATABASE
              + " OWNER "
              + USER
              + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return data;
  }

  @Override
  public void close() {
    servers.values().forEach(PostgresServer::close);
    Commands.run(List.of("rm", "-rf", folder.toString()));
  }
}
