package io.tlengine.pgcheck.scenario.crash;

import io.tlengine.pgcheck.fact.CrashRun.Session;
import io.tlengine.pgcheck.fact.CrashRun.Setting;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.server.LabSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The table of the kill scenario, in the own schema: made, and read as thoroughly as allowed. */
final class CrashTable {

  private static final String NO_SUCH_TABLE = "42P01";
  private static final String NO_SUCH_SCHEMA = "3F000";

  private static final String SETTINGS =
      """
      SELECT name, setting, source FROM pg_settings WHERE name IN ('fsync', 'full_page_writes',
        'synchronous_commit', 'wal_sync_method', 'wal_writer_delay', 'data_checksums',
        'data_sync_retry', 'zero_damaged_pages', 'ignore_checksum_failure',
        'restart_after_crash', 'synchronous_standby_names')
      """;

  private CrashTable() {}

  /** How the table was read in the end. */
  record Reading(String depth, Optional<String> damage) {}

  static void create(Connection connection) throws SQLException, ScenarioException {
    connection.setAutoCommit(false);
    LabSchema.create(connection);
    execute(connection, "CREATE TABLE pgcheck_lab.ledger (id uuid PRIMARY KEY, payload text)");
    connection.commit();
    connection.setAutoCommit(true);
  }

  static boolean exists(Connection connection) throws SQLException {
    return number(
            connection,
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'pgcheck_lab'"
                + " AND tablename = 'ledger'")
        == 1;
  }

  /** The hash of each row's content, by id; none when the table itself is gone. */
  static Map<String, String> read(Connection connection) throws SQLException {
    var hashes = new LinkedHashMap<String, String>();
    try (var statement = connection.createStatement();
        var result = statement.executeQuery("SELECT id, payload FROM pgcheck_lab.ledger")) {
      while (result.next()) {
        var payload = result.getString(2);
        hashes.put(result.getString(1), payload == null ? "" : Settlement.hash(payload));
      }
    } catch (SQLException e) {
      if (!NO_SUCH_TABLE.equals(e.getSQLState()) && !NO_SUCH_SCHEMA.equals(e.getSQLState())) {
        throw e;
      }
    }
    return hashes;
  }

  /** Whose connection this is, and the settings that it has. */
  static Session session(Connection connection) throws SQLException {
    var settings = new LinkedHashMap<String, Setting>();
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(SETTINGS)) {
      while (result.next()) {
        settings.put(result.getString(1), new Setting(result.getString(2), result.getString(3)));
      }
    }
    return new Session(connection.getMetaData().getUserName(), connection.getCatalog(), settings);
  }

  /**
   * Table and index against each other by amcheck, where this role may use it; else every page of
   * the table is read once more, through the index, too, with the checksums that the pages have.
   */
  static Reading thoroughly(Connection connection, boolean checksums) throws SQLException {
    try {
      execute(connection, "CREATE EXTENSION IF NOT EXISTS amcheck SCHEMA pgcheck_lab");
    } catch (SQLException e) {
      // A role that is no superuser may use it only where somebody has installed and granted it.
    }
    var place = amcheckSchema(connection);
    if (place.isPresent()) {
      try {
        var damage = damage(connection, place.get());
        return new Reading("amcheck of table and index", damage);
      } catch (SQLException e) {
        if (!"42501".equals(e.getSQLState())) {
          return new Reading("amcheck of table and index", Optional.of(Failure.of(e)));
        }
      }
    }
    var depth =
        "full read of table and index, "
            + (checksums ? "page checksums on" : "page checksums off")
            + " (amcheck needs a superuser)";
    try {
      execute(connection, "SET enable_seqscan = off");
      long byIndex =
          number(
              connection,
              "SELECT count(id) FROM pgcheck_lab.ledger WHERE id >= "
                  + "'00000000-0000-0000-0000-000000000000'");
      execute(
          connection,
          "SET enable_seqscan = on; SET enable_indexscan = off;"
              + " SET enable_indexonlyscan = off; SET enable_bitmapscan = off");
      long byTable = number(connection, "SELECT count(payload) FROM pgcheck_lab.ledger");
      return new Reading(
          depth,
          byIndex == byTable
              ? Optional.empty()
              : Optional.of("the index has " + byIndex + " rows, the table " + byTable));
    } catch (SQLException e) {
      return new Reading(depth, Optional.of(Failure.of(e)));
    }
  }

  private static Optional<String> amcheckSchema(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var result =
            statement.executeQuery(
                "SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n"
                    + " ON n.oid = e.extnamespace WHERE e.extname = 'amcheck'")) {
      return result.next() ? Optional.of(result.getString(1)) : Optional.empty();
    }
  }

  private static Optional<String> damage(Connection connection, String schema) throws SQLException {
    try (var statement = connection.createStatement();
        var result =
            statement.executeQuery(
                "SELECT string_agg(msg, '; ') FROM "
                    + schema
                    + ".verify_heapam('pgcheck_lab.ledger')")) {
      result.next();
      var found = result.getString(1);
      if (found != null) {
        return Optional.of(found);
      }
    }
    execute(connection, "SELECT " + schema + ".bt_index_check('pgcheck_lab.ledger_pkey', true)");
    return Optional.empty();
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
