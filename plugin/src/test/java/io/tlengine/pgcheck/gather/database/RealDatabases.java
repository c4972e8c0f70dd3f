package io.tlengine.pgcheck.gather.database;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.gather.connection.Login;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.postgres.Postgres;
import io.tlengine.pgcheck.postgres.Postgres.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Ways into the servers of a test, and changes to them. */
final class RealDatabases {

  static final Duration TIMEOUT = Duration.ofSeconds(30);

  private RealDatabases() {}

  static String url(Postgres postgres, int major, Kind kind) {
    return postgres.url(
        major,
        kind,
        "sslmode=verify-full&channel_binding=require&sslrootcert=" + postgres.knownRoot());
  }

  static String as(
      Postgres postgres, int major, Kind kind, String role, String password, String database) {
    return Postgres.url(
        role,
        password,
        "127.0.0.1",
        postgres.server(major, kind).port(),
        database,
        "sslmode=verify-full&sslrootcert=" + postgres.knownRoot());
  }

  static Connection superuser(Postgres postgres, int major, Kind kind, String database)
      throws Exception {
    return Login.connect(
        DatabaseUrl.parse(
            as(postgres, major, kind, "postgres", Postgres.SUPERUSER_PASSWORD, database)),
        TIMEOUT);
  }

  static Connection superuser(Postgres postgres, int major, Kind kind) throws Exception {
    return superuser(postgres, major, kind, Postgres.DATABASE);
  }

  static void run(Connection connection, String... statements) throws SQLException {
    try (var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The first column of the first row. */
  static String text(Connection connection, String query) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      assertTrue(rows.next(), query);
      return rows.getString(1);
    }
  }

  /** Asks until the answer is this one; the server applies a reload in its own time. */
  static void until(Connection connection, String query, String wanted) throws SQLException {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (true) {
      try (var statement = connection.createStatement();
          var rows = statement.executeQuery(query)) {
        rows.next();
        if (wanted.equals(rows.getString(1))) {
          return;
        }
        assertTrue(System.nanoTime() < deadline, () -> query + " is not " + wanted);
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  /**
   * The statements in a remedy, each on a line of its own that a semicolon ends, so that it can be
   * pasted as it is: several at once would be one transaction, which some of them refuse.
   */
  static List<String> sql(String remedy) {
    return remedy.lines().filter(line -> line.endsWith(";")).toList();
  }

  /** Does something to the healthy server, looks: that is the one fault; and undoes it. */
  static void assertAlone(
      Postgres postgres, int major, String change, String undo, String fault, String seen)
      throws Exception {
    try (var connection = superuser(postgres, major, Kind.HEALTHY, "postgres")) {
      run(connection, change);
      try {
        DatabaseRun.of(url(postgres, major, Kind.HEALTHY)).assertAlone(fault, seen);
      } finally {
        run(connection, undo);
      }
    }
  }
}
