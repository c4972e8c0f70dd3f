package io.tlengine.pgcheck.gather.database;

import static io.tlengine.pgcheck.gather.database.RealDatabases.TIMEOUT;
import static io.tlengine.pgcheck.gather.database.RealDatabases.as;
import static io.tlengine.pgcheck.gather.database.RealDatabases.run;
import static io.tlengine.pgcheck.gather.database.RealDatabases.superuser;
import static io.tlengine.pgcheck.gather.database.RealDatabases.text;
import static io.tlengine.pgcheck.gather.database.RealDatabases.url;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.postgres.Postgres;
import io.tlengine.pgcheck.postgres.Postgres.Kind;
import io.tlengine.pgcheck.postgres.PostgresExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The fault is made, what its remedy prints is pasted, and the fault is gone. */
@ExtendWith(PostgresExtension.class)
class DatabaseRemediesIT {

  /** The server applies a reload in its own time. */
  private static void awaitFaults(List<String> wanted, DatabaseRun run) {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (!run.faults().equals(wanted)) {
      assertTrue(System.nanoTime() < deadline, () -> run.faults() + " instead of " + wanted);
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  private static String[] statements(String several) {
    return several.split("; ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PGC-105 error | ALTER ROLE app NOLOGIN | ALTER ROLE app LOGIN",
        "PGC-105 error | ALTER DATABASE engine ALLOW_CONNECTIONS false"
            + " | ALTER DATABASE engine ALLOW_CONNECTIONS true",
        "PGC-105 error | REVOKE CONNECT ON DATABASE engine FROM PUBLIC, app"
            + " | GRANT CONNECT ON DATABASE engine TO PUBLIC, app",
        "PGC-501 error | ALTER ROLE app CONNECTION LIMIT 0 | ALTER ROLE app CONNECTION LIMIT -1",
        "PGC-501 error | ALTER DATABASE engine CONNECTION LIMIT 0"
            + " | ALTER DATABASE engine CONNECTION LIMIT -1",
        "PGC-106 error | ALTER DATABASE engine SET default_transaction_read_only = on"
            + " | ALTER DATABASE engine RESET default_transaction_read_only",
        "PGC-106 error | ALTER ROLE app SET default_transaction_read_only = on"
            + " | ALTER ROLE app RESET default_transaction_read_only",
        "PGC-106 error | ALTER ROLE ALL SET default_transaction_read_only = on"
            + " | ALTER ROLE ALL RESET default_transaction_read_only",
        "PGC-106 error | ALTER ROLE app IN DATABASE engine SET default_transaction_read_only = on"
            + " | ALTER ROLE app IN DATABASE engine RESET default_transaction_read_only",
        "PGC-106 error | ALTER SYSTEM SET default_transaction_read_only = on; SELECT pg_reload_conf()"
            + " | ALTER SYSTEM RESET ALL; SELECT pg_reload_conf()",
        "PGC-401 error | ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf()"
            + " | ALTER SYSTEM RESET ALL; SELECT pg_reload_conf()",
        "PGC-401 warning | ALTER SYSTEM SET full_page_writes = off; SELECT pg_reload_conf()"
            + " | ALTER SYSTEM RESET ALL; SELECT pg_reload_conf()",
        "PGC-401 warning | ALTER ROLE app SET synchronous_commit = off"
            + " | ALTER ROLE app RESET synchronous_commit",
        "PGC-401 warning | ALTER ROLE ALL SET synchronous_commit = off"
            + " | ALTER ROLE ALL RESET synchronous_commit",
        "PGC-401 warning | ALTER DATABASE engine SET synchronous_commit = off"
            + " | ALTER DATABASE engine RESET synchronous_commit",
        "PGC-403 error | ALTER DATABASE engine SET zero_damaged_pages = on"
            + " | ALTER DATABASE engine RESET zero_damaged_pages",
        "PGC-403 error | ALTER SYSTEM SET ignore_checksum_failure = on; SELECT pg_reload_conf()"
            + " | ALTER SYSTEM RESET ALL; SELECT pg_reload_conf()",
      })
  void aSettingOrARight(String fault, String change, String undo, Postgres postgres)
      throws Exception {
    for (int major : List.of(15, 17)) {
      var found = DatabaseRun.of(url(postgres, major, Kind.HEALTHY));
      try (var before = superuser(postgres, major, Kind.HEALTHY, "postgres")) {
        run(before, statements(change));
        try {
          awaitFaults(List.of(fault), found);
          // Who pastes has the database's settings, too; one that is closed takes nobody.
          var where = change.contains("ALLOW_CONNECTIONS") ? "postgres" : Postgres.DATABASE;
          try (var now = superuser(postgres, major, Kind.HEALTHY, where)) {
            run(now, found.sql(fault.substring(0, 7)).toArray(String[]::new));
          }
          awaitFaults(List.of(), found);
        } finally {
          run(before, "SET default_transaction_read_only = off");
          run(before, statements(undo));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aPasswordThatIsWrongOrExpiredOrOfNobody(int major, Postgres postgres) throws Exception {
    var guest = as(postgres, major, Kind.HEALTHY, "guest", Postgres.PASSWORD, Postgres.DATABASE);
    try (var connection = superuser(postgres, major, Kind.HEALTHY)) {
      var remedy = DatabaseRun.of(guest).sql("PGC-105");
      assertEquals(3, remedy.size(), remedy::toString);
      var password = remedy.get(0).replace("...", Postgres.PASSWORD);
      var role = remedy.get(2).replace("...", Postgres.PASSWORD);
      try {
        run(connection, role);
        assertEquals(List.of(), DatabaseRun.of(guest).faults());

        run(connection, "ALTER ROLE guest PASSWORD 'another'");
        assertEquals(remedy, DatabaseRun.of(guest).sql("PGC-105"));
        run(connection, password);
        assertEquals(List.of(), DatabaseRun.of(guest).faults());

        run(connection, "ALTER ROLE guest VALID UNTIL '2020-01-01'");
        assertEquals(remedy, DatabaseRun.of(guest).sql("PGC-105"));
        run(connection, remedy.get(1));
        assertEquals(List.of(), DatabaseRun.of(guest).faults());
      } finally {
        run(connection, "DROP ROLE IF EXISTS guest");
      }
    }
  }

  /** One that a line rejects, over TLS, and one for whom there is no line, without it. */
  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aLineForPgHba(int major, Postgres postgres) throws Exception {
    var rejected =
        as(postgres, major, Kind.HEALTHY, "not_let_in", Postgres.PASSWORD, Postgres.DATABASE);
    try (var connection = superuser(postgres, major, Kind.HEALTHY)) {
      run(connection, "CREATE ROLE not_let_in LOGIN PASSWORD '" + Postgres.PASSWORD + "'");
      var file = Path.of(text(connection, "SHOW hba_file"));
      var before = Files.readString(file);
      try {
        pasteIntoPgHba("hostssl ", file, rejected, connection);
      } finally {
        Files.writeString(file, before);
        run(connection, "SELECT pg_reload_conf()", "DROP ROLE not_let_in");
      }
    }
    try (var server = OwnServer.start(postgres, major);
        var connection = server.superuser("postgres")) {
      var file = Path.of(text(connection, "SHOW hba_file"));
      Files.writeString(file, "host all postgres all scram-sha-256\n");
      run(connection, "SELECT pg_reload_conf()");
      awaitFaults(List.of("PGC-105 error"), DatabaseRun.of(server.url()));
      pasteIntoPgHba("host ", file, server.url(), connection);
    }
  }

  private static void pasteIntoPgHba(
      String type, Path file, String url, java.sql.Connection connection) throws Exception {
    var found = DatabaseRun.of(url);
    assertEquals(List.of("PGC-105 error"), found.faults());
    var remedy = found.findings("PGC-105").getFirst().remedy();
    var line = remedy.replaceFirst("(?s).*first line of pg_hba.conf: ([^;]+);.*", "$1");
    assertTrue(line.startsWith(type), remedy);
    Files.writeString(file, line + "\n" + Files.readString(file));
    run(connection, RealDatabases.sql(remedy).toArray(String[]::new));
    awaitFaults(List.of(), found);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aStandbyIsPromoted(int major, Postgres postgres) throws Exception {
    var standby = DatabaseRun.of(url(postgres, major, Kind.STANDBY_TO_PROMOTE));
    assertEquals(List.of("PGC-106 error"), standby.faults());
    try (var connection = superuser(postgres, major, Kind.STANDBY_TO_PROMOTE)) {
      run(connection, standby.sql("PGC-106").toArray(String[]::new));
    }
    assertEquals(List.of(), standby.migrates().faults());
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aSchemaForTheRole(int major, Postgres postgres) throws Exception {
    var url = as(postgres, major, Kind.HEALTHY, "app", Postgres.PASSWORD, "bare");
    try (var connection = superuser(postgres, major, Kind.HEALTHY)) {
      run(connection, "CREATE DATABASE bare");
      try (var owner = superuser(postgres, major, Kind.HEALTHY, "bare")) {
        run(owner, "DROP SCHEMA public");
        var found = DatabaseRun.of(url).migrates();
        assertEquals(List.of("PGC-107 error"), found.faults());
        run(owner, found.sql("PGC-107").toArray(String[]::new));
        assertEquals(List.of(), found.faults());
      } finally {
        run(connection, "DROP DATABASE bare WITH (FORCE)");
      }
    }
  }

  /** One that is not there, and one that the role may not use: it sees neither. */
  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aSearchPathThatLeadsNowhere(int major, Postgres postgres) throws Exception {
    var found = DatabaseRun.of(url(postgres, major, Kind.HEALTHY)).migrates();
    try (var connection = superuser(postgres, major, Kind.HEALTHY)) {
      run(connection, "ALTER ROLE app SET search_path = 'nix'");
      try {
        assertEquals(List.of("PGC-107 error"), found.faults());
        var remedy = found.sql("PGC-107");
        assertEquals(3, remedy.size(), remedy::toString);
        run(connection, remedy.get(0), remedy.get(1));
        assertEquals(List.of(), found.faults());

        run(connection, "ALTER SCHEMA nix OWNER TO postgres");
        assertEquals(remedy, found.sql("PGC-107"));
        run(connection, remedy.get(0), remedy.get(1));
        assertEquals(List.of(), found.faults());

        run(connection, "DROP SCHEMA nix");
        run(connection, remedy.get(2));
        assertEquals(List.of(), found.faults());
      } finally {
        run(connection, "ALTER ROLE app RESET search_path", "DROP SCHEMA IF EXISTS nix");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void anotherDatabaseForAnEncodingThatIsNone(int major, Postgres postgres) throws Exception {
    try (var connection = superuser(postgres, major, Kind.HEALTHY)) {
      run(
          connection,
          "CREATE DATABASE octets OWNER app ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
      try {
        var octets = as(postgres, major, Kind.HEALTHY, "app", Postgres.PASSWORD, "octets");
        run(connection, DatabaseRun.of(octets).sql("PGC-404").toArray(String[]::new));
        var other = as(postgres, major, Kind.HEALTHY, "app", Postgres.PASSWORD, "octets_utf8");
        assertEquals(List.of(), DatabaseRun.of(other).faults());
      } finally {
        run(
            connection,
            "DROP DATABASE IF EXISTS octets WITH (FORCE)",
            "DROP DATABASE IF EXISTS octets_utf8 WITH (FORCE)");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aSettingInTheUrl(int major, Postgres postgres) {
    var option = "-c synchronous_commit=off";
    var url = url(postgres, major, Kind.HEALTHY);
    var found = DatabaseRun.of(url + "&options=" + option.replace(" ", "%20"));
    assertEquals(List.of("PGC-401 warning"), found.faults());
    var remedy = found.findings("PGC-401").getFirst().remedy();
    assertTrue(remedy.startsWith("take -c synchronous_commit=... out of options="), remedy);
    assertEquals(List.of(), DatabaseRun.of(url).faults());
  }
}
