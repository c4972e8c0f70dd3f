package io.tlengine.pgcheck.gather.connection;

import io.tlengine.pgcheck.fact.ConnectionFacts.Target;
import io.tlengine.pgcheck.fact.CreateProof;
import io.tlengine.pgcheck.fact.CreateProof.Refusal;
import io.tlengine.pgcheck.fact.DatabaseFacts.Setting;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.gather.failure.Failure;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/**
 * Creates a table and rolls it back. has_schema_privilege alone would pass on a read-only endpoint,
 * and says nothing about event triggers and quotas.
 */
final class CreateTrial {

  private static final String SEARCH_PATH =
      "select current_schema(), setting, source from pg_settings where name = 'search_path'";

  private CreateTrial() {}

  static Fact<CreateProof> run(Connection jdbc, Target target, Optional<String> workload) {
    var random = UUID.randomUUID().toString().replace("-", "");
    try {
      var schema = Optional.<String>empty();
      var searchPath = new Setting("", "", "default");
      var refusal = Optional.<Refusal>empty();
      try (var statement = jdbc.createStatement();
          var rows = statement.executeQuery(SEARCH_PATH)) {
        if (rows.next()) {
          schema = Optional.ofNullable(rows.getString(1));
          searchPath = new Setting(rows.getString(2), "", rows.getString(3));
        }
      }
      jdbc.setAutoCommit(false);
      try (var statement = jdbc.createStatement()) {
        statement.execute("create table pgcheck_may_create_" + random + " (id integer)");
      } catch (SQLException e) {
        refusal = Optional.of(new Refusal(String.valueOf(e.getSQLState()), Failure.of(e)));
      } finally {
        jdbc.rollback();
      }
      return Fact.known(
          new CreateProof(
              target.source(),
              workload,
              target.user(),
              target.database(),
              schema,
              searchPath,
              refusal));
    } catch (SQLException e) {
      return Fact.unavailable(
          "the connection ended before the trial: " + Failure.of(e), "run again");
    }
  }
}
