package io.tlengine.pgcheck.gather.connection;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tlengine.pgcheck.fact.ConnectionFacts.Target;
import io.tlengine.pgcheck.fact.DatabaseFacts;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.Vantage;
import io.tlengine.pgcheck.gather.failure.Failure;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Asks a database about itself: one statement, one row, one JSON text (PostgreSQL 18, "System
 * Views", "System Information Functions"). Every part may be read by an ordinary role.
 */
final class DatabaseQuery {

  /** The parts that differ by version: pg_database's collation version came with 15. */
  private static final int COLLATION_VERSIONS = 15;

  private static final int OLDEST = 12;

  private static final String SQL =
      """
      select json_build_object(
        'server', json_build_object(
          'number', current_setting('server_version_num')::int,
          'version', current_setting('server_version'),
          'started', extract(epoch from pg_postmaster_start_time()),
          'recovery', pg_is_in_recovery(),
          'readOnly', current_setting('transaction_read_only') = 'on',
          'families', (select json_agg(distinct split_part(name, '.', 1)) from pg_settings
                       where name like '%%.%%'),
          'neon', current_setting('neon.max_cluster_size', true),
          'rds', current_setting('rds.extensions', true),
          'aurora', exists (select from pg_proc where proname = 'aurora_version')),
        'session', json_build_object(
          'pid', pg_backend_pid(),
          'encrypted', (select ssl from pg_stat_ssl where pid = pg_backend_pid()),
          'database', current_database()),
        'role', (select json_build_object(
            'name', rolname,
            'superuser', rolsuper,
            'replication', rolreplication,
            'limit', rolconnlimit,
            'validUntil', case when isfinite(rolvaliduntil)
                          then extract(epoch from rolvaliduntil) end,
            'allStatistics', pg_has_role(oid, 'pg_read_all_stats', 'usage'),
            'reserved', (select pg_has_role(me.oid, r.oid, 'usage') from pg_roles r
                         where r.rolname = 'pg_use_reserved_connections'),
            'createInDatabase', has_database_privilege(current_database(), 'CREATE'),
            'schema', current_schema(),
            'createInSchema', has_schema_privilege(current_schema(), 'CREATE'))
          from pg_roles me where rolname = current_user),
        'room', json_build_object(
          'max', current_setting('max_connections')::int,
          'superuserReserved', current_setting('superuser_reserved_connections')::int,
          'reserved', coalesce(current_setting('reserved_connections', true), '0')::int,
          'used', (select sum(numbackends) from pg_stat_database),
          'usedOfDatabase', (select numbackends from pg_stat_database
                             where datname = current_database()),
          'applications', (select json_object_agg(application_name, n) from (
              select application_name, count(*) n from pg_stat_activity
              where usename = current_user and backend_type = 'client backend'
                and pid <> pg_backend_pid()
              group by 1 order by 2 desc limit 100) own)),
        'database', (select json_build_object(
            'limit', datconnlimit,
            'encoding', pg_encoding_to_char(encoding),
            'collate', datcollate,
            'collationVersion', %1$s,
            'actualCollationVersion', %2$s,
            'bytes', pg_database_size(oid))
          from pg_database where datname = current_database()),
        'settings', (select json_agg(json_build_array(
            name, setting, unit, source)) from pg_settings where name in (%3$s)),
        'pending', (select json_agg(name order by name) from pg_settings where pending_restart),
        'fileSettings', has_table_privilege('pg_file_settings', 'select')
          and has_function_privilege('pg_show_all_file_settings()', 'execute'),
        'ages', (select json_agg(json_build_array(datname, x, m)) from (
            select datname, age(datfrozenxid) x, mxid_age(datminmxid) m from pg_database
            order by greatest(age(datfrozenxid), mxid_age(datminmxid)) desc limit 20) ages)
        %4$s)::text
      """;

  private static final String WAL =
      """
      , 'slots', (select json_agg(json_build_object(
            'name', slot_name,
            'type', slot_type,
            'active', active,
            'temporary', temporary,
            'status', %s,
            'retained', pg_wal_lsn_diff(
              case when pg_is_in_recovery()
                then coalesce(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
                else pg_current_wal_lsn() end, restart_lsn)::bigint))
          from pg_replication_slots),
        'archiver', (select json_build_object(
            'archived', archived_count,
            'failed', failed_count,
            'lastArchived', extract(epoch from last_archived_time),
            'lastFailed', extract(epoch from last_failed_time),
            'lastFailedWal', last_failed_wal)
          from pg_stat_archiver)
      """;

  private static final int ROUND_TRIPS = 5;

  /** pg_replication_slots.wal_status came with 13. */
  private static final int SLOT_STATUS = 13;

  /** What checks judge. None of them can hold a password, as archive_command could. */
  private static final List<String> SETTINGS =
      List.of(
          "archive_mode",
          "autovacuum",
          "autovacuum_freeze_max_age",
          "autovacuum_multixact_freeze_max_age",
          "data_checksums",
          "data_sync_retry",
          "default_transaction_read_only",
          "fsync",
          "full_page_writes",
          "idle_session_timeout",
          "ignore_checksum_failure",
          "max_connections",
          "max_slot_wal_keep_size",
          "neon.max_cluster_size",
          "statement_timeout",
          "synchronous_commit",
          "synchronous_standby_names",
          "vacuum_failsafe_age",
          "wal_level",
          "zero_damaged_pages");

  private DatabaseQuery() {}

  static Fact<DatabaseFacts> ask(Connection jdbc, Target target) {
    try {
      int major = jdbc.getMetaData().getDatabaseMajorVersion();
      if (major < OLDEST) {
        return Fact.unavailable(
            "PostgreSQL " + major + " lacks the views that pgcheck reads",
            "upgrade to a supported major version");
      }
      long start = System.nanoTime();
      JsonNode row;
      try {
        row = row(jdbc, major, true);
      } catch (SQLException e) {
        // Aurora refuses the WAL functions; the rest can still be said.
        row = row(jdbc, major, false);
      }
      var errors = configurationErrors(jdbc, row);
      long millis = ConnectionGatherer.millisSince(start);
      return Fact.known(
          DatabaseRow.read(
              row,
              target.source(),
              errors,
              millis,
              target.seenFrom() == Vantage.CLUSTER
                  ? OptionalLong.of(roundTrip(jdbc))
                  : OptionalLong.empty()));
    } catch (SQLException | JsonProcessingException e) {
      return Fact.unavailable(
          "the database does not answer the query about itself: " + Failure.of(e),
          "ask the server's administrator for the right to read pg_settings, pg_database and"
              + " pg_stat_database, which every role has by default");
    }
  }

  /** The shortest of a few, so that a busy moment says nothing about the distance. */
  private static long roundTrip(Connection jdbc) throws SQLException {
    long shortest = Long.MAX_VALUE;
    try (var statement = jdbc.createStatement()) {
      for (int i = 0; i < ROUND_TRIPS; i++) {
        long start = System.nanoTime();
        statement.execute("select 1");
        shortest = Math.min(shortest, ConnectionGatherer.millisSince(start));
      }
    }
    return shortest;
  }

  private static JsonNode row(Connection jdbc, int major, boolean wal)
      throws SQLException, JsonProcessingException {
    boolean versions = major >= COLLATION_VERSIONS;
    var names = String.join(", ", SETTINGS.stream().map(n -> "'" + n + "'").toList());
    var sql =
        SQL.formatted(
            versions ? "datcollversion" : "null",
            versions ? "pg_database_collation_actual_version(oid)" : "null",
            names,
            wal ? WAL.formatted(major >= SLOT_STATUS ? "wal_status" : "null") : "");
    try (var statement = jdbc.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return new ObjectMapper().readTree(rows.getString(1));
    }
  }

  /** pg_file_settings is for superusers alone, unless they have granted it. */
  private static Optional<List<String>> configurationErrors(Connection jdbc, JsonNode row)
      throws SQLException {
    if (!row.path("fileSettings").asBoolean()) {
      return Optional.empty();
    }
    var errors = new ArrayList<String>();
    try (var statement = jdbc.createStatement();
        var rows =
            statement.executeQuery(
                """
                select coalesce(name, ''), coalesce(sourcefile, ''), coalesce(sourceline, 0), error
                from pg_file_settings f
                where error is not null
                  -- A change that waits for a restart is worded like a value that is refused.
                  and (error <> 'setting could not be applied'
                       or not exists (select from pg_settings s
                                      where s.name = lower(f.name) and s.context = 'postmaster'))
                limit 20
                """)) {
      while (rows.next()) {
        errors.add(
            (rows.getString(2) + " line " + rows.getInt(3) + " " + rows.getString(1)).strip()
                + ": "
                + rows.getString(4));
      }
    }
    return Optional.of(errors);
  }
}
