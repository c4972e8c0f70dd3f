package io.tlengine.pgcheck.scenario.statefulset;

import io.tlengine.pgcheck.fact.Scaling.Replication;
import io.tlengine.pgcheck.fact.Software;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.scenario.journal.Changes;
import io.tlengine.pgcheck.scenario.journal.Journal.Entry;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.server.LabRows;
import io.tlengine.pgcheck.scenario.server.LabSchema;
import io.tlengine.pgcheck.scenario.server.PodConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The primary of a replicated set, while its standbys are scaled. */
public final class PrimaryServer {

  private static final Duration SLOTS = Duration.ofSeconds(30);

  private final DatabaseSet set;
  private final String pod;
  private final SetServers servers;
  private String written = "";

  public PrimaryServer(Cluster cluster, String namespace, DatabaseSet set) {
    this.set = set;
    this.pod = set.podName(set.firstOrdinal());
    this.servers = new SetServers(cluster, namespace, set, Software.POSTGRESQL);
  }

  /**
   * Writes the rows.
   *
   * @return the replication as it is before the scaling
   * @throws ScenarioException when commits wait for standbys, which are to be scaled away
   */
  Replication begin(LabRows rows, Changes changes, Instant deadline)
      throws ScenarioException, InterruptedException {
    try (var connection = servers.open(pod, deadline)) {
      var jdbc = connection.jdbc();
      var names = synchronousStandbys(jdbc);
      if (!names.isEmpty()) {
        throw new ScenarioException(
            "commits on "
                + pod
                + " wait for standbys (synchronous_standby_names is "
                + names
                + "), so none is scaled away",
            "set synchronous_standby_names to '' for the time of the test");
      }
      changes.before(new Entry.PodSchema(set.name(), pod));
      LabSchema.write(jdbc, rows);
      written = text(jdbc, "SELECT pg_current_wal_lsn()");
      return new Replication(slots(jdbc), List.of(), names, names);
    } catch (SQLException e) {
      throw new ScenarioException(
          "the rows could not be written on " + pod + ", and nothing was scaled: " + Failure.of(e),
          "kubectl logs " + pod + " -n " + servers.namespace());
    }
  }

  /** Waits until a standby has replayed what was written. */
  void awaitReplayed(PodConnection standby, String name, Instant deadline)
      throws SQLException, ScenarioException {
    var query =
        "SELECT pg_last_wal_replay_lsn() >= '"
            + written
            + "'::pg_lsn, pg_sleep(CASE WHEN"
            + " pg_last_wal_replay_lsn() >= '"
            + written
            + "'::pg_lsn THEN 0 ELSE 0.1 END)";
    while (!text(standby.jdbc(), query).equals("t")) {
      if (Instant.now().isAfter(deadline)) {
        throw new ScenarioException(
            name + " has not replayed the primary's position " + written + " in time",
            "kubectl logs " + name + " -n " + servers.namespace());
      }
    }
  }

  /**
   * @return with the slots that are not in use again after a while, and what the commits wait for
   */
  Replication end(Replication begun, Instant deadline)
      throws ScenarioException, InterruptedException, SQLException {
    var giveUp = Instant.now().plus(SLOTS);
    try (var connection = servers.open(pod, deadline)) {
      while (true) {
        var lost = new ArrayList<>(begun.before());
        lost.removeAll(slots(connection.jdbc()));
        if (lost.isEmpty() || Instant.now().isAfter(giveUp)) {
          return new Replication(
              begun.before(),
              lost,
              begun.synchronousBefore(),
              synchronousStandbys(connection.jdbc()));
        }
        text(connection.jdbc(), "SELECT pg_sleep(0.2)");
      }
    }
  }

  private static String synchronousStandbys(Connection connection) throws SQLException {
    return text(connection, "SELECT current_setting('synchronous_standby_names')");
  }

  private static List<String> slots(Connection connection) throws SQLException {
    var slots = new ArrayList<String>();
    try (var statement = connection.createStatement();
        var result =
            statement.executeQuery(
                "SELECT slot_name FROM pg_replication_slots WHERE active ORDER BY slot_name")) {
      while (result.next()) {
        slots.add(result.getString(1));
      }
    }
    return slots;
  }

  private static String text(Connection connection, String query) throws SQLException {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(query)) {
      result.next();
      return String.valueOf(result.getString(1));
    }
  }
}
