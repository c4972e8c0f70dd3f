package io.tlengine.pgcheck.gather.database;

import static io.tlengine.pgcheck.gather.database.RealDatabases.as;
import static io.tlengine.pgcheck.gather.database.RealDatabases.run;
import static io.tlengine.pgcheck.gather.database.RealDatabases.superuser;
import static io.tlengine.pgcheck.gather.database.RealDatabases.until;
import static io.tlengine.pgcheck.gather.database.RealDatabases.url;
import static io.tlengine.pgcheck.gather.database.RealDatabases.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
        assertEquals(List.of("PGC-406 warning"), found.faults());
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
    assertEquals(
        List.of("PGC-406 warning"),
        DatabaseRun.of(url(postgres, major, Kind.ARCHIVE_FAILS)).faults());
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
        assertEquals(List.of("PGC-404 warning"), DatabaseRun.of(url).faults());
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
      var run = DatabaseRun.of(url);
      assertEquals(List.of("PGC-407 warning"), run.faults().stream().distinct().toList());
      assertTrue(
          run.message("PGC-407").contains("wanted: at most 150000,"), run.message("PGC-407"));
    }
  }
}
