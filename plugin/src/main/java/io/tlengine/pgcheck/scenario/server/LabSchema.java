package io.tlengine.pgcheck.scenario.server;

import io.tlengine.pgcheck.check.Sql;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.server.LabRows.Usuario;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The scenario's own schema in the database: made, filled, read and dropped. */
public final class LabSchema {

  /** One name for all runs: whoever finds it knows whose it is. */
  public static final String NAME = "pgcheck_lab";

  private static final String COMMENT_START = "made by helm pgcheck";

  /** PostgreSQL, Appendix A: insufficient_privilege. */
  private static final String NO_RIGHT = "42501";

  private LabSchema() {}

  /** Who answers on this connection. */
  public record Identity(String systemIdentifier, int backend, String serverStart) {}

  /**
   * Makes the schema and writes the rows in one transaction. A schema that an earlier, killed run
   * left is replaced.
   *
   * @throws ScenarioException when a schema of that name is not ours
   */
  public static void write(Connection connection, LabRows rows)
      throws SQLException, ScenarioException {
    connection.setAutoCommit(false);
    create(connection);
    try (var insert =
        connection.prepareStatement(
            "INSERT INTO pgcheck_lab.usuarios (nombre, email) VALUES (?, ?)")) {
      for (var usuario : rows.usuarios()) {
        insert.setString(1, usuario.nombre());
        insert.setString(2, usuario.email());
        insert.addBatch();
      }
      insert.executeBatch();
    }
    try (var insert =
        connection.prepareStatement(
            "INSERT INTO pgcheck_lab.random_rows (id, payload) VALUES (?, ?)")) {
      for (var row : rows.randomRows().entrySet()) {
        insert.setObject(1, UUID.fromString(row.getKey()));
        insert.setString(2, row.getValue());
        insert.addBatch();
      }
      insert.executeBatch();
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  /**
   * Makes the schema with its empty tables; one that an earlier, killed run left is replaced.
   *
   * @throws ScenarioException when a schema of that name is not ours, or the role may make none
   */
  public static void create(Connection connection) throws SQLException, ScenarioException {
    dropOwn(connection);
    try (var statement = connection.createStatement()) {
      statement.execute(sql("create-lab-schema"));
    } catch (SQLException e) {
      if (!NO_RIGHT.equals(e.getSQLState())) {
        throw e;
      }
      // A failed transaction answers nothing any more, not even who asks.
      if (!connection.getAutoCommit()) {
        connection.rollback();
      }
      var role = connection.getMetaData().getUserName();
      var database = connection.getCatalog();
      throw new ScenarioException(
          "the role " + role + " may not make a schema in the database " + database,
          "as the database's owner or a superuser:\nGRANT CREATE ON DATABASE "
              + Sql.name(database)
              + " TO "
              + Sql.name(role)
              + ";");
    }
  }

  /** Every row that is there; none when the schema itself is gone. */
  public static LabRows read(Connection connection) throws SQLException {
    var usuarios = new ArrayList<Usuario>();
    var random = new LinkedHashMap<String, String>();
    if (owner(connection).isEmpty()) {
      return new LabRows(usuarios, random);
    }
    try (var statement = connection.createStatement();
        var result =
            statement.executeQuery("SELECT nombre, email FROM pgcheck_lab.usuarios ORDER BY id")) {
      while (result.next()) {
        usuarios.add(new Usuario(result.getString(1), result.getString(2)));
      }
    }
    try (var statement = connection.createStatement();
        var result = statement.executeQuery("SELECT id, payload FROM pgcheck_lab.random_rows")) {
      while (result.next()) {
        random.put(result.getString(1), result.getString(2));
      }
    }
    return new LabRows(usuarios, random);
  }

  /**
   * Tables of others in this database, or else other databases, in words; empty: there are none.
   */
  static Optional<String> others(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(sql("others-data"))) {
      result.next();
      int tables = result.getInt(1);
      int databases = result.getInt(2);
      if (tables > 0) {
        return Optional.of(tables + (tables == 1 ? " table" : " tables"));
      }
      return databases > 0
          ? Optional.of(databases + " other " + (databases == 1 ? "database" : "databases"))
          : Optional.empty();
    }
  }

  /** Drops the schema if it is ours, and does nothing when there is none. */
  public static void dropOwn(Connection connection) throws SQLException, ScenarioException {
    var owner = owner(connection);
    if (owner.isEmpty()) {
      return;
    }
    if (!owner.getFirst().startsWith(COMMENT_START)) {
      throw new ScenarioException(
          "the database has a schema " + NAME + " that pgcheck did not make; it stays untouched",
          "rename it:\nALTER SCHEMA " + NAME + " RENAME TO " + NAME + "_of_others;");
    }
    try (var statement = connection.createStatement()) {
      statement.execute("DROP SCHEMA " + NAME + " CASCADE");
    }
  }

  /** Asks the server who it is, in one statement. */
  public static Identity identity(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(sql("server-identity"))) {
      result.next();
      return new Identity(result.getString(1), result.getInt(2), result.getString(3));
    }
  }

  private static List<String> owner(Connection connection) throws SQLException {
    var comments = new ArrayList<String>();
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(sql("lab-schema-owner"))) {
      while (result.next()) {
        comments.add(result.getString(1));
      }
    }
    return comments;
  }

  private static String sql(String name) {
    try (var in = LabSchema.class.getResourceAsStream("/sql/" + name + ".sql")) {
      if (in == null) {
        throw new IllegalStateException("no query " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
