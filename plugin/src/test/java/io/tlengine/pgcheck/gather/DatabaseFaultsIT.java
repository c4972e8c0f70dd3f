package io.tlengine.pgcheck.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.postgres.Postgres;
import io.tlengine.pgcheck.postgres.Postgres.Kind;
import io.tlengine.pgcheck.postgres.PostgresExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults in real servers: for each exactly the code that is its own, and nothing beside it. */
@ExtendWith(PostgresExtension.class)
class DatabaseFaultsIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final String DIRECT_ROLE = "migrator";

  private static String url(Postgres postgres, int major, Kind kind) {
    return postgres.url(
        major,
        kind,
        "sslmode=verify-full&channel_binding=require&sslrootcert=" + postgres.knownRoot());
  }

  private static String as(
      Postgres postgres, int major, Kind kind, String role, String password, String database) {
    return Postgres.url(
        role,
        password,
        "127.0.0.1",
        postgres.server(major, kind).port(),
        database,
        "sslmode=verify-full&sslrootcert=" + postgres.knownRoot());
  }

  private static Connection superuser(Postgres postgres, int major, Kind kind, String database)
      throws Exception {
    return Login.connect(
        DatabaseUrl.parse(
            as(postgres, major, kind, "postgres", Postgres.SUPERUSER_PASSWORD, database)),
        TIMEOUT);
  }

  private static Connection superuser(Postgres postgres, int major, Kind kind) throws Exception {
    return superuser(postgres, major, kind, Postgres.DATABASE);
  }

  private static void run(Connection connection, String... statements) throws SQLException {
    try (var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Asks until the answer is this one; the server applies a reload in its own time. */
  private static void until(Connection connection, String query, String wanted)
      throws SQLException {
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

  /** Does something to the healthy server, looks, and undoes it. */
  private static List<String> with(Postgres postgres, int major, String change, String undo)
      throws Exception {
    try (var connection = superuser(postgres, major, Kind.HEALTHY, "postgres")) {
      run(connection, change);
      try {
        return DatabaseRun.of(url(postgres, major, Kind.HEALTHY)).faults();
      } finally {
        run(connection, undo);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aHealthyServerHasNoFault(int major, Postgres postgres) {
    var own = url(postgres, major, Kind.HEALTHY);

    assertEquals(List.of(), DatabaseRun.of(own).faults());
    assertEquals(List.of(), DatabaseRun.of(own).direct(own).read(own).migrates().faults());
  }

  @ParameterizedTest
  @CsvSource({
    "15, EXPIRED, error",
    "17, EXPIRED, error",
    "17, WRONG_NAME, error",
    "15, SOON_ENDING, warning",
    "17, SOON_ENDING, warning"
  })
  void aCertificateThatDoesNotHold(int major, Kind kind, String severity, Postgres postgres) {
    // These servers are not durable, which is only seen behind a login.
    var faults = new ArrayList<>(DatabaseRun.of(url(postgres, major, kind)).faults());
    faults.remove("PGC-401 error");

    assertEquals(List.of("PGC-104 " + severity), faults);
  }

  @ParameterizedTest
  @CsvSource({
    "db.pgcheck.test, ''",
    "a.b.pgcheck.test, PGC-104 error",
    "pgcheck.test, PGC-104 error"
  })
  void aWildcardStandsForOneLabel(String host, String fault, Postgres postgres) {
    var faults =
        new ArrayList<>(
            DatabaseRun.of(
                    Postgres.url(
                        Postgres.USER,
                        Postgres.PASSWORD,
                        host,
                        postgres.server(17, Kind.WILDCARD).port(),
                        Postgres.DATABASE,
                        "hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert="
                            + postgres.knownRoot()))
                .faults());
    faults.remove("PGC-401 error");

    assertEquals(fault.isEmpty() ? List.of() : List.of(fault), faults);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aStandbyTakesNoWrites(int major, Postgres postgres) {
    var primary = url(postgres, major, Kind.HEALTHY);
    var standby = url(postgres, major, Kind.STANDBY);

    assertEquals(List.of("PGC-106 error"), DatabaseRun.of(standby).faults());
    assertEquals(List.of("PGC-106 error"), DatabaseRun.of(standby).migrates().faults());
    assertEquals(List.of(), DatabaseRun.of(primary).read(standby).faults());
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void ofSeveralHostsTheOneThatFitsIsTaken(int major, Postgres postgres) {
    int primary = postgres.server(major, Kind.HEALTHY).port();
    int standby = postgres.server(major, Kind.STANDBY).port();
    var hosts =
        url(postgres, major, Kind.STANDBY)
            .replace("127.0.0.1:" + standby, "127.0.0.1:" + standby + ",localhost:" + primary);

    assertEquals(List.of(), DatabaseRun.of(hosts + "&target_session_attrs=read-write").faults());
    assertEquals(
        List.of("PGC-106 error"), DatabaseRun.of(hosts + "&target_session_attrs=any").faults());
    assertEquals(
        List.of(),
        DatabaseRun.of(url(postgres, major, Kind.HEALTHY))
            .read(hosts + "&target_session_attrs=standby")
            .faults());
    assertEquals(
        List.of("PGC-105 error"),
        DatabaseRun.of(url(postgres, major, Kind.HEALTHY))
            .read(url(postgres, major, Kind.HEALTHY) + "&target_session_attrs=standby")
            .faults());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ALTER DATABASE engine SET default_transaction_read_only = on"
            + " | ALTER DATABASE engine RESET default_transaction_read_only | PGC-106 error",
        "ALTER ROLE app SET default_transaction_read_only = on"
            + " | ALTER ROLE app RESET default_transaction_read_only | PGC-106 error",
        "ALTER ROLE app CONNECTION LIMIT 0 | ALTER ROLE app CONNECTION LIMIT -1 | PGC-105 error",
        "ALTER DATABASE engine CONNECTION LIMIT 0"
            + " | ALTER DATABASE engine CONNECTION LIMIT -1 | PGC-105 error",
        "ALTER ROLE app VALID UNTIL '2020-01-01' | ALTER ROLE app VALID UNTIL 'infinity' | PGC-105 error",
        "ALTER ROLE app NOLOGIN | ALTER ROLE app LOGIN | PGC-105 error",
        "ALTER DATABASE engine ALLOW_CONNECTIONS false"
            + " | ALTER DATABASE engine ALLOW_CONNECTIONS true | PGC-105 error",
        "ALTER ROLE app SET synchronous_commit = off"
            + " | ALTER ROLE app RESET synchronous_commit | PGC-401 warning",
        "ALTER DATABASE engine SET zero_damaged_pages = on"
            + " | ALTER DATABASE engine RESET zero_damaged_pages | PGC-403 error",
        "ALTER DATABASE engine SET ignore_checksum_failure = on"
            + " | ALTER DATABASE engine RESET ignore_checksum_failure | PGC-403 error",
      })
  void aSettingOrALimit(String change, String undo, String fault, Postgres postgres)
      throws Exception {
    assertEquals(List.of(fault), with(postgres, 15, change, undo));
    assertEquals(List.of(fault), with(postgres, 17, change, undo));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "15 | fsync = off | SHOW fsync | off | PGC-401 error",
        "17 | fsync = off | SHOW fsync | off | PGC-401 error",
        "17 | full_page_writes = off | SHOW full_page_writes | off | PGC-401 warning",
        "17 | default_transaction_read_only = on"
            + " | SELECT reset_val FROM pg_settings WHERE name = 'default_transaction_read_only' | on"
            + " | PGC-106 error",
        "15 | max_connections = 50"
            + " | SELECT pending_restart FROM pg_settings WHERE name = 'max_connections' | t"
            + " | PGC-405 warning",
        "17 | max_connections = 50"
            + " | SELECT pending_restart FROM pg_settings WHERE name = 'max_connections' | t"
            + " | PGC-405 warning",
      })
  void aSettingOfTheWholeServer(
      int major, String setting, String query, String seen, String fault, Postgres postgres)
      throws Exception {
    try (var connection = superuser(postgres, major, Kind.HEALTHY)) {
      run(
          connection,
          "SET default_transaction_read_only = off",
          "ALTER SYSTEM SET " + setting,
          "SELECT pg_reload_conf()");
      try {
        until(connection, query, seen);
        assertEquals(List.of(fault), DatabaseRun.of(url(postgres, major, Kind.HEALTHY)).faults());
        // A server with settings of Neon's has its durability from elsewhere.
        run(connection, "ALTER DATABASE engine SET neon.max_cluster_size = '3GB'");
        assertEquals(
            fault.equals("PGC-106 error") ? List.of(fault) : List.of(),
            DatabaseRun.of(url(postgres, major, Kind.HEALTHY)).faults());
      } finally {
        run(
            connection,
            "ALTER DATABASE engine RESET neon.max_cluster_size",
            "ALTER SYSTEM RESET ALL",
            "SELECT pg_reload_conf()");
        until(
            connection,
            "SELECT count(*) FROM pg_settings WHERE pending_restart OR (name, setting) IN"
                + " (('fsync', 'off'), ('full_page_writes', 'off'))",
            "0");
      }
    }
    try (var connection = superuser(postgres, major, Kind.HEALTHY)) {
      until(connection, "SHOW default_transaction_read_only", "off");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void noChecksums(int major, Postgres postgres) {
    assertEquals(
        List.of("PGC-402 warning"),
        DatabaseRun.of(url(postgres, major, Kind.NO_CHECKSUMS)).faults());
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void allConnectionSlotsTaken(int major, Postgres postgres) throws Exception {
    var url = url(postgres, major, Kind.FEW_CONNECTIONS);
    var open = new ArrayList<Connection>();
    try {
      for (int i = 0; i < 5; i++) {
        open.add(Login.connect(DatabaseUrl.parse(url), TIMEOUT));
      }
      assertEquals(List.of("PGC-105 error"), DatabaseRun.of(url).faults());
      assertEquals(
          "no connection is free for the role app", DatabaseRun.of(url).message("PGC-105"));
    } finally {
      for (var connection : open) {
        connection.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void whoMayNotLogIn(int major, Postgres postgres) throws Exception {
    try (var connection = superuser(postgres, major, Kind.HEALTHY)) {
      run(connection, "CREATE ROLE not_let_in LOGIN PASSWORD '" + Postgres.PASSWORD + "'");
      try {
        for (var url :
            List.of(
                as(postgres, major, Kind.HEALTHY, "not_let_in", Postgres.PASSWORD, "engine"),
                as(postgres, major, Kind.HEALTHY, "nobody", Postgres.PASSWORD, "engine"),
                as(postgres, major, Kind.HEALTHY, "app", "wrong", "engine"),
                as(postgres, major, Kind.HEALTHY, "app", Postgres.PASSWORD, "nowhere"))) {
          assertEquals(List.of("PGC-105 error"), DatabaseRun.of(url).faults());
          assertEquals(
              List.of("PGC-105 error"),
              DatabaseRun.of(url(postgres, major, Kind.HEALTHY)).read(url).faults());
        }
      } finally {
        run(connection, "DROP ROLE not_let_in");
      }
    }
  }

  /** The application's role needs no right to create, the migrations' role does. */
  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aRoleThatMayNotCreate(int major, Postgres postgres) throws Exception {
    var own = url(postgres, major, Kind.HEALTHY);
    var other =
        as(postgres, major, Kind.HEALTHY, DIRECT_ROLE, Postgres.PASSWORD, Postgres.DATABASE);
    try (var connection = superuser(postgres, major, Kind.HEALTHY)) {
      run(connection, "CREATE ROLE migrator LOGIN PASSWORD '" + Postgres.PASSWORD + "'");
      try {
        assertEquals(
            List.of("PGC-107 error"), DatabaseRun.of(own).direct(other).migrates().faults());
        assertEquals(List.of("PGC-107 error"), DatabaseRun.of(other).migrates().faults());
        assertEquals(List.of(), DatabaseRun.of(other).direct(own).migrates().faults());
        assertEquals(List.of(), DatabaseRun.of(other).faults());
        // The remedy, as it is printed.
        run(connection, "GRANT CREATE ON SCHEMA \"public\" TO \"migrator\";");
        assertEquals(List.of(), DatabaseRun.of(own).direct(other).migrates().faults());
      } finally {
        run(connection, "DROP OWNED BY migrator", "DROP ROLE migrator");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void anEncodingThatIsNone(int major, Postgres postgres) throws Exception {
    try (var connection = superuser(postgres, major, Kind.HEALTHY)) {
      run(
          connection,
          "CREATE DATABASE bytes OWNER app ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
      try {
        assertEquals(
            List.of("PGC-404 warning"),
            DatabaseRun.of(as(postgres, major, Kind.HEALTHY, "app", Postgres.PASSWORD, "bytes"))
                .faults());
      } finally {
        run(connection, "DROP DATABASE bytes WITH (FORCE)");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aSlotThatNobodyReads(int major, Postgres postgres) throws Exception {
    try (var connection = superuser(postgres, major, Kind.HEALTHY)) {
      run(connection, "SELECT pg_create_physical_replication_slot('forgotten', true)");
      try {
        assertEquals(List.of(), DatabaseRun.of(url(postgres, major, Kind.HEALTHY)).faults());
        for (int segment = 0; segment < 5; segment++) {
          // A switch in an empty segment does nothing.
          run(
              connection,
              "SELECT pg_logical_emit_message(false, 'pgcheck', 'x')",
              "SELECT pg_switch_wal()");
        }
        assertEquals(
            List.of("PGC-406 warning"),
            DatabaseRun.of(url(postgres, major, Kind.HEALTHY)).faults());
      } finally {
        run(connection, "SELECT pg_drop_replication_slot('forgotten')");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void anArchiverThatFails(int major, Postgres postgres) throws Exception {
    try (var connection = superuser(postgres, major, Kind.ARCHIVE_FAILS)) {
      run(
          connection,
          "SELECT pg_logical_emit_message(false, 'pgcheck', 'x')",
          "SELECT pg_switch_wal()");
      until(connection, "SELECT failed_count > 0 FROM pg_stat_archiver", "t");
    }
    assertEquals(
        List.of("PGC-406 warning"),
        DatabaseRun.of(url(postgres, major, Kind.ARCHIVE_FAILS)).faults());
  }
}
