package io.tlengine.pgcheck.gather.database;

import static io.tlengine.pgcheck.gather.database.RealDatabases.as;
import static io.tlengine.pgcheck.gather.database.RealDatabases.assertAlone;
import static io.tlengine.pgcheck.gather.database.RealDatabases.run;
import static io.tlengine.pgcheck.gather.database.RealDatabases.superuser;
import static io.tlengine.pgcheck.gather.database.RealDatabases.until;
import static io.tlengine.pgcheck.gather.database.RealDatabases.url;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tlengine.pgcheck.postgres.Postgres;
import io.tlengine.pgcheck.postgres.Postgres.Kind;
import io.tlengine.pgcheck.postgres.PostgresExtension;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings and states of real servers: for each exactly the code that is its own. */
@ExtendWith(PostgresExtension.class)
class DatabaseSettingsIT {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ALTER DATABASE engine SET default_transaction_read_only = on"
            + " | ALTER DATABASE engine RESET default_transaction_read_only | PGC-106 error"
            + " | default_transaction_read_only is set for the database engine",
        "ALTER ROLE app SET default_transaction_read_only = on"
            + " | ALTER ROLE app RESET default_transaction_read_only | PGC-106 error"
            + " | transactions of the role app are read-only",
        "ALTER ROLE app CONNECTION LIMIT 0 | ALTER ROLE app CONNECTION LIMIT -1 | PGC-501 error"
            + " | the role app has used up its own limit of connections",
        "ALTER DATABASE engine CONNECTION LIMIT 0"
            + " | ALTER DATABASE engine CONNECTION LIMIT -1 | PGC-501 error"
            + " | the database engine has used up its own limit of connections",
        "ALTER ROLE app VALID UNTIL '2020-01-01' | ALTER ROLE app VALID UNTIL 'infinity'"
            + " | PGC-105 error | wrong or expired password for the role app",
        "ALTER ROLE app NOLOGIN | ALTER ROLE app LOGIN | PGC-105 error"
            + " | role \"app\" is not permitted to log in",
        "ALTER DATABASE engine ALLOW_CONNECTIONS false"
            + " | ALTER DATABASE engine ALLOW_CONNECTIONS true | PGC-105 error"
            + " | database \"engine\" is not currently accepting connections",
        "ALTER ROLE app SET synchronous_commit = off"
            + " | ALTER ROLE app RESET synchronous_commit | PGC-401 warning"
            + " | synchronous_commit is off",
        "ALTER DATABASE engine SET zero_damaged_pages = on"
            + " | ALTER DATABASE engine RESET zero_damaged_pages | PGC-403 error"
            + " | zero_damaged_pages is on",
        "ALTER DATABASE engine SET ignore_checksum_failure = on"
            + " | ALTER DATABASE engine RESET ignore_checksum_failure | PGC-403 error"
            + " | ignore_checksum_failure is on",
      })
  void aSettingOrALimit(String change, String undo, String fault, String seen, Postgres postgres)
      throws Exception {
    assertAlone(postgres, 15, change, undo, fault, seen);
    assertAlone(postgres, 17, change, undo, fault, seen);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "15 | fsync = off | SHOW fsync | off | PGC-401 error | fsync is off",
        "17 | fsync = off | SHOW fsync | off | PGC-401 error | fsync is off",
        "17 | full_page_writes = off | SHOW full_page_writes | off | PGC-401 warning"
            + " | full_page_writes is off",
        "17 | default_transaction_read_only = on"
            + " | SELECT reset_val FROM pg_settings WHERE name = 'default_transaction_read_only' | on"
            + " | PGC-106 error | default_transaction_read_only is set for the whole server",
        "15 | max_connections = 50"
            + " | SELECT pending_restart FROM pg_settings WHERE name = 'max_connections' | t"
            + " | PGC-405 warning | settings wait for a restart of the server: max_connections",
        "17 | max_connections = 50"
            + " | SELECT pending_restart FROM pg_settings WHERE name = 'max_connections' | t"
            + " | PGC-405 warning | settings wait for a restart of the server: max_connections",
      })
  void aSettingOfTheWholeServer(
      int major,
      String setting,
      String query,
      String now,
      String fault,
      String seen,
      Postgres postgres)
      throws Exception {
    try (var connection = superuser(postgres, major, Kind.HEALTHY)) {
      run(
          connection,
          "SET default_transaction_read_only = off",
          "ALTER SYSTEM SET " + setting,
          "SELECT pg_reload_conf()");
      try {
        until(connection, query, now);
        DatabaseRun.of(url(postgres, major, Kind.HEALTHY)).assertAlone(fault, seen);
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
    DatabaseRun.of(url(postgres, major, Kind.NO_CHECKSUMS))
        .assertAlone("PGC-402 warning", "data_checksums is off");
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void anEncodingThatIsNone(int major, Postgres postgres) throws Exception {
    try (var connection = superuser(postgres, major, Kind.HEALTHY)) {
      run(
          connection,
          "CREATE DATABASE bytes OWNER app ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
      try {
        DatabaseRun.of(as(postgres, major, Kind.HEALTHY, "app", Postgres.PASSWORD, "bytes"))
            .assertAlone("PGC-404 warning", "the encoding of the database bytes is SQL_ASCII");
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
      boolean dropped = false;
      try {
        assertEquals(List.of(), DatabaseRun.of(url(postgres, major, Kind.HEALTHY)).faults());
        for (int segment = 0; segment < 5; segment++) {
          // A switch in an empty segment does nothing.
          run(
              connection,
              "SELECT pg_logical_emit_message(false, 'pgcheck', 'x')",
              "SELECT pg_switch_wal()");
        }
        var found = DatabaseRun.of(url(postgres, major, Kind.HEALTHY));
        found.assertAlone("PGC-406 warning", "replication slot forgotten holds", "MiB");
        run(connection, found.sql("PGC-406").toArray(String[]::new));
        dropped = true;
        assertEquals(List.of(), DatabaseRun.of(url(postgres, major, Kind.HEALTHY)).faults());
      } finally {
        if (!dropped) {
          run(connection, "SELECT pg_drop_replication_slot('forgotten')");
        }
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
    DatabaseRun.of(url(postgres, major, Kind.ARCHIVE_FAILS))
        .assertAlone("PGC-406 warning", "archiving of WAL fails: ", "times, last on 20");
  }

  /** One that is older, and none, as libraries without versions leave it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {"15 | '1.0'", "17 | '1.0'", "15 | NULL", "17 | NULL"})
  void anotherCollationVersion(int major, String recorded, Postgres postgres) throws Exception {
    var url = as(postgres, major, Kind.HEALTHY, "app", Postgres.PASSWORD, "moved");
    try (var connection = superuser(postgres, major, Kind.HEALTHY)) {
      run(
          connection,
          "CREATE DATABASE moved OWNER app ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER icu"
              + " ICU_LOCALE 'und' TEMPLATE template0",
          "UPDATE pg_database SET datcollversion = " + recorded + " WHERE datname = 'moved'");
      try (var owner = superuser(postgres, major, Kind.HEALTHY, "moved")) {
        DatabaseRun.of(url)
            .assertAlone(
                "PGC-404 warning",
                recorded.equals("NULL")
                    ? "no collation version is recorded for the database moved"
                    : "the collation version of the database moved was 1.0");
        run(owner, DatabaseRun.of(url).sql("PGC-404").toArray(String[]::new));
        assertEquals(List.of(), DatabaseRun.of(url).faults());
      } finally {
        run(connection, "DROP DATABASE moved WITH (FORCE)");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void transactionsThatNobodyFroze(int major, Postgres postgres) throws Exception {
    var url = url(postgres, major, Kind.SLOW_FREEZE);
    assertEquals(List.of(), DatabaseRun.of(url).faults());
    try (var connection = superuser(postgres, major, Kind.SLOW_FREEZE)) {
      run(
          connection,
          "SET synchronous_commit = off",
          "DO $$ BEGIN FOR i IN 1..160000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END"
              + " $$");
      DatabaseRun.of(url).assertAlone("PGC-407 warning", "wanted: at most 150000,");
    }
  }
}
