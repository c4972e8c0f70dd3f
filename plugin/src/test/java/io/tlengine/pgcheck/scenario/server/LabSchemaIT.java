package io.tlengine.pgcheck.scenario.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.fact.RowSet;
import io.tlengine.pgcheck.gather.connection.Login;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.plan.DatabaseUrl.MalformedUrlException;
import io.tlengine.pgcheck.postgres.Postgres;
import io.tlengine.pgcheck.postgres.Postgres.Kind;
import io.tlengine.pgcheck.postgres.PostgresExtension;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scenario's schema in real servers, as a role that is no superuser. */
@ExtendWith(PostgresExtension.class)
class LabSchemaIT {

  private static final LabRows NOTHING = new LabRows(List.of(), Map.of());

  private static Connection connect(Postgres postgres, int major) throws SQLException {
    try {
      return Login.connect(
          DatabaseUrl.parse(postgres.url(major, Kind.TLS, "sslmode=require")),
          Duration.ofSeconds(10));
    } catch (MalformedUrlException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static boolean intact(List<RowSet> sets) {
    return sets.stream().allMatch(RowSet::intact);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void whatWasWrittenIsReadThroughAnotherConnectionAndGoneAfterTheDrop(int major, Postgres postgres)
      throws SQLException, ScenarioException {
    var rows = LabRows.make(50);
    LabSchema.Identity before;
    try (var connection = connect(postgres, major)) {
      before = LabSchema.identity(connection);
      LabSchema.write(connection, rows);
      assertTrue(connection.getAutoCommit());
    }

    try (var connection = connect(postgres, major)) {
      var after = LabSchema.identity(connection);
      assertEquals(before.systemIdentifier(), after.systemIdentifier());
      assertEquals(before.serverStart(), after.serverStart());
      assertNotEquals(before.backend(), after.backend());
      assertTrue(intact(rows.compare(LabSchema.read(connection))));

      LabSchema.dropOwn(connection);
      assertEquals(NOTHING, LabSchema.read(connection));
      assertTrue(rows.compare(NOTHING).stream().noneMatch(RowSet::intact));
      // Twice is as good as once: a clean-up may run behind another.
      LabSchema.dropOwn(connection);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void rowsThatSomebodyChangesMeanwhileAreNoticed(int major, Postgres postgres)
      throws SQLException, ScenarioException {
    var rows = LabRows.make(3);
    try (var connection = connect(postgres, major)) {
      LabSchema.write(connection, rows);
      execute(connection, "DELETE FROM pgcheck_lab.usuarios WHERE nombre = 'Juan Pérez'");
      execute(connection, "UPDATE pgcheck_lab.usuarios SET nombre = 'Carlos' WHERE id = 3");
      execute(connection, "INSERT INTO pgcheck_lab.random_rows VALUES (gen_random_uuid(), 'x')");

      var verdict = rows.compare(LabSchema.read(connection));

      assertEquals(List.of("juan@example.com"), verdict.getFirst().lost());
      assertEquals(List.of("carlos@example.com"), verdict.getFirst().altered());
      assertEquals(1, verdict.getLast().unexpected().size());
      LabSchema.dropOwn(connection);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aSchemaOfSomebodyElsesOfThatNameIsRefusedAndUntouched(int major, Postgres postgres)
      throws SQLException {
    try (var connection = connect(postgres, major)) {
      execute(connection, "CREATE SCHEMA pgcheck_lab");
      execute(connection, "CREATE TABLE pgcheck_lab.theirs AS SELECT 42 AS answer");
      try {
        var refusal =
            assertThrows(
                ScenarioException.class, () -> LabSchema.write(connection, LabRows.make(1)));
        assertEquals(
            "the database has a schema pgcheck_lab that pgcheck did not make; it stays untouched",
            refusal.getMessage());
        connection.rollback();
        connection.setAutoCommit(true);
        assertThrows(ScenarioException.class, () -> LabSchema.dropOwn(connection));
        try (var statement = connection.createStatement();
            var result = statement.executeQuery("SELECT answer FROM pgcheck_lab.theirs")) {
          assertTrue(result.next());
          assertEquals(42, result.getInt(1));
        }
      } finally {
        execute(connection, "DROP SCHEMA pgcheck_lab CASCADE");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void whatAKilledRunLeftIsReplaced(int major, Postgres postgres)
      throws SQLException, ScenarioException {
    var second = LabRows.make(2);
    try (var connection = connect(postgres, major)) {
      LabSchema.write(connection, LabRows.make(7));
      LabSchema.write(connection, second);

      assertTrue(intact(second.compare(LabSchema.read(connection))));
      LabSchema.dropOwn(connection);
    }
  }

  /** One transaction: a connection that breaks half-way leaves nothing behind. */
  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aWriteThatFailsLeavesNothing(int major, Postgres postgres) throws SQLException {
    var impossible =
        new LabRows(List.of(new LabRows.Usuario("x".repeat(101), "too@long")), Map.of());
    try (var connection = connect(postgres, major)) {
      assertThrows(SQLException.class, () -> LabSchema.write(connection, impossible));
    }

    try (var connection = connect(postgres, major)) {
      assertEquals(NOTHING, LabSchema.read(connection));
    }
  }

  /** As a role that may log in to a database of its own and make nothing there. */
  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void whoMayMakeNoSchemaIsToldTheGrant(int major, Postgres postgres) throws Exception {
    int port = postgres.server(major, Kind.TLS).port();
    try (var superuser = as(port, "postgres", Postgres.SUPERUSER_PASSWORD, "postgres")) {
      execute(superuser, "CREATE ROLE \"a guest\" LOGIN PASSWORD 'geheim'");
      execute(superuser, "CREATE DATABASE \"the lab\"");
      try (var guest = as(port, "a guest", "geheim", "the lab")) {
        var refused = assertThrows(ScenarioException.class, () -> LabSchema.write(guest, NOTHING));

        assertEquals(
            "the role a guest may not make a schema in the database the lab", refused.getMessage());
        execute(superuser, refused.remedy().lines().skip(1).findFirst().orElseThrow());
        LabSchema.write(guest, NOTHING);
        assertEquals(NOTHING, LabSchema.read(guest));
      } finally {
        execute(superuser, "DROP DATABASE \"the lab\" WITH (FORCE)");
        execute(superuser, "DROP ROLE \"a guest\"");
      }
    }
  }

  private static Connection as(int port, String user, String password, String database)
      throws SQLException, MalformedUrlException {
    return Login.connect(
        DatabaseUrl.parse(
            Postgres.url(user, password, "127.0.0.1", port, database, "sslmode=require")),
        Duration.ofSeconds(10));
  }
}
