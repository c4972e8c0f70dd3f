package io.tlengine.pgcheck.gather.database;

import static io.tlengine.pgcheck.gather.database.RealDatabases.run;
import static io.tlengine.pgcheck.gather.database.RealDatabases.sql;
import static io.tlengine.pgcheck.gather.database.RealDatabases.text;
import static io.tlengine.pgcheck.gather.database.RealDatabases.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.postgres.Postgres;
import io.tlengine.pgcheck.postgres.PostgresExtension;
import io.tlengine.pgcheck.postgres.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Remedies that take a restart, a file of the server, or all of its databases. */
@ExtendWith(PostgresExtension.class)
class ServerRemediesIT {

  private static final String MANY_TRANSACTIONS =
      "DO $$ BEGIN FOR i IN 1..160000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$";

  /** A writer that waits, a prepared transaction and a slot, each of which holds vacuum back. */
  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void transactionsThatCannotBeFrozen(int major, Postgres postgres) throws Exception {
    try (var server =
            OwnServer.start(
                postgres,
                major,
                "autovacuum_freeze_max_age=100000",
                "max_prepared_transactions=1",
                "wal_level=logical");
        var connection = server.superuser("postgres");
        var writer = server.superuser("postgres")) {
      run(
          connection,
          "SELECT pg_create_logical_replication_slot('forgotten', 'pgoutput')",
          "BEGIN",
          "SELECT pg_current_xact_id()",
          "PREPARE TRANSACTION 'forgotten'");
      writer.setAutoCommit(false);
      run(writer, "SELECT pg_current_xact_id()");
      run(connection, "SET synchronous_commit = off", MANY_TRANSACTIONS);

      var found = DatabaseRun.of(server.url());
      assertEquals(List.of("PGC-407 warning"), found.faults());
      Map<String, List<String>> remedies =
          found.findings("PGC-407").stream()
              .collect(
                  Collectors.toMap(
                      f -> f.subject().replace("database ", ""), f -> sql(f.remedy())));
      assertEquals(
          List.of("engine", "postgres", "template0", "template1"),
          remedies.keySet().stream().sorted().toList());

      var looks = Objects.requireNonNull(remedies.get("engine")).subList(0, 3);
      var pid = text(connection, looks.get(0));
      run(connection, "SELECT pg_terminate_backend(" + pid + ")");
      run(connection, "ROLLBACK PREPARED '" + text(connection, looks.get(1)) + "'");
      run(connection, "SELECT pg_drop_replication_slot('" + text(connection, looks.get(2)) + "')");
      until(connection, "SELECT count(*) FROM pg_stat_activity WHERE pid = " + pid, "0");
      for (var remedy : remedies.entrySet()) {
        vacuum(server, connection, remedy.getKey(), remedy.getValue());
      }
      assertEquals(List.of(), found.faults());
      until(connection, "SELECT datallowconn FROM pg_database WHERE datname = 'template0'", "f");
    }
  }

  private static void vacuum(
      OwnServer server, Connection elsewhere, String database, List<String> remedy)
      throws Exception {
    for (var statement : remedy.subList(3, remedy.size())) {
      if (statement.startsWith("VACUUM")) {
        try (var inside = server.superuser(database)) {
          run(inside, statement);
        }
      } else {
        run(elsewhere, statement);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aSettingThatIsReadAtTheStart(int major, Postgres postgres) throws Exception {
    try (var first = OwnServer.start(postgres, major)) {
      try (var connection = first.superuser("postgres")) {
        run(connection, "ALTER SYSTEM SET data_sync_retry = on");
      }
      try (var second = first.again()) {
        var found = DatabaseRun.of(second.url());
        assertEquals(List.of("PGC-403 error"), found.faults());
        var remedy = found.findings("PGC-403").getFirst().remedy();
        try (var connection = second.superuser("postgres")) {
          run(connection, sql(remedy).toArray(String[]::new));
        }
        assertTrue(remedy.endsWith("restart it"), remedy);
        try (var third = second.again()) {
          assertEquals(List.of(), DatabaseRun.of(third.url()).faults());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aSettingThatWaitsForARestart(int major, Postgres postgres) throws Exception {
    try (var server = OwnServer.start(postgres, major)) {
      String programs;
      String data;
      try (var connection = server.superuser("postgres")) {
        programs = text(connection, "SELECT setting FROM pg_config WHERE name = 'BINDIR'");
        data = text(connection, "SHOW data_directory");
        run(connection, "ALTER SYSTEM SET max_connections = 50", "SELECT pg_reload_conf()");
        until(
            connection,
            "SELECT pending_restart FROM pg_settings WHERE name = 'max_connections'",
            "t");
      }
      var found = DatabaseRun.of(server.url());
      assertEquals(List.of("PGC-405 warning"), found.faults());
      var command = part(found, "pg_ctl ").replace("DATA_DIRECTORY", data);
      try {
        beside(programs + "/" + command);
        assertEquals(List.of(), found.faults());
      } finally {
        beside(programs + "/pg_ctl stop -D " + data + " -m fast");
      }
    }
  }

  /** The part of a remedy that begins so, up to a comma or a semicolon. */
  private static String part(DatabaseRun found, String beginning) {
    Function<Finding, String> part =
        f -> f.remedy().substring(f.remedy().indexOf(beginning)).split("[,;]", 2)[0];
    return found.findings("PGC-405").stream().map(part).findFirst().orElseThrow();
  }

  /** The server that pg_ctl starts must not keep this process's pipes. */
  private static void beside(String command) {
    var ran = PostgresServer.runBeside(List.of("sh", "-c", command + " >/dev/null 2>&1"));
    assertEquals(0, ran.code(), command);
  }

  @ParameterizedTest
  @CsvSource({
    "15, no_such_setting = on",
    "17, no_such_setting = on",
    "15, work_mem = lots",
    "17, work_mem = lots",
  })
  void aLineOfTheConfigurationThatIsWrong(int major, String line, Postgres postgres)
      throws Exception {
    try (var server = OwnServer.start(postgres, major);
        var connection = server.superuser("postgres")) {
      var file = Path.of(text(connection, "SHOW config_file"));
      var before = Files.readString(file);
      Files.writeString(file, "\n" + line + "\n", StandardOpenOption.APPEND);
      var found = seenByASuperuser(server);
      assertEquals(List.of("PGC-405 warning"), found.faults());
      var remedy = found.sql("PGC-405");
      Files.writeString(file, before);
      run(connection, remedy.toArray(String[]::new));
      assertEquals(List.of(), found.faults());
    }
  }

  /** PostgreSQL words it like a value that it refuses. */
  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aLineThatOnlyARestartReads(int major, Postgres postgres) throws Exception {
    try (var server = OwnServer.start(postgres, major);
        var connection = server.superuser("postgres")) {
      var file = Path.of(text(connection, "SHOW config_file"));
      Files.writeString(file, "\nmax_connections = 60\n", StandardOpenOption.APPEND);
      until(
          connection,
          "SELECT error FROM pg_file_settings WHERE setting = '60'",
          "setting could not be applied");
      assertEquals(List.of(), seenByASuperuser(server).faults());
    }
  }

  /** Nobody else may read pg_file_settings. */
  private static DatabaseRun seenByASuperuser(OwnServer server) throws Exception {
    return DatabaseRun.of(server.url("postgres", Postgres.SUPERUSER_PASSWORD, Postgres.DATABASE));
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void anArchiveCommandThatFails(int major, Postgres postgres) throws Exception {
    try (var server = OwnServer.start(postgres, major, "archive_mode=on");
        var connection = server.superuser("postgres")) {
      run(
          connection,
          "ALTER SYSTEM SET archive_command = 'false'",
          "SELECT pg_reload_conf()",
          "SELECT pg_logical_emit_message(false, 'pgcheck', 'x')",
          "SELECT pg_switch_wal()");
      until(connection, "SELECT failed_count > 0 FROM pg_stat_archiver", "t");
      var found = DatabaseRun.of(server.url());
      assertEquals(List.of("PGC-406 warning"), found.faults());
      run(connection, "ALTER SYSTEM SET archive_command = 'true'");
      run(connection, found.sql("PGC-406").toArray(String[]::new));
      until(connection, "SELECT archived_count > 0 FROM pg_stat_archiver", "t");
      assertEquals(List.of(), found.faults());
    }
  }
}
