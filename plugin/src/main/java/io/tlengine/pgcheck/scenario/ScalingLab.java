package io.tlengine.pgcheck.scenario;

import io.tlengine.pgcheck.fact.PodDeletion;
import io.tlengine.pgcheck.fact.Scaling.Replication;
import io.tlengine.pgcheck.fact.Scaling.ReturnedPod;
import io.tlengine.pgcheck.gather.Cluster;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.scenario.Journal.Entry;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of the scaling scenario: written before a pod goes, read when it is back. */
final class ScalingLab {

  private static final int RANDOM_ROWS = 300;

  private final DatabaseSet set;
  private final Changes changes;
  private final SetServers servers;
  private final @Nullable PrimaryServer primary;
  private final Map<Integer, Visit> visits = new HashMap<>();
  private final List<ReturnedPod> returned = new ArrayList<>();
  private @Nullable LabRows rowsOfPrimary;
  private Optional<Replication> replication = Optional.empty();

  /** What is known of a pod since its rows were written. */
  private record Visit(
      LabRows rows, PodDeletion.Instance before, boolean gone, Optional<String> claimWhileGone) {}

  private ScalingLab(
      DatabaseSet set, Changes changes, SetServers servers, @Nullable PrimaryServer primary) {
    this.set = set;
    this.changes = changes;
    this.servers = servers;
    this.primary = primary;
  }

  /** Each pod gets rows that no other has. */
  static ScalingLab ofIndependent(
      Cluster cluster, String namespace, DatabaseSet set, Changes changes) {
    return new ScalingLab(set, changes, new SetServers(cluster, namespace, set), null);
  }

  /** The primary gets the rows, and each pod of the set has to show them. */
  static ScalingLab ofCopies(
      Cluster cluster, String namespace, DatabaseSet set, DatabaseSet primary, Changes changes) {
    return new ScalingLab(
        set,
        changes,
        new SetServers(cluster, namespace, set),
        new PrimaryServer(cluster, namespace, primary));
  }

  List<ReturnedPod> returned() {
    return returned;
  }

  Optional<Replication> replication() {
    return replication;
  }

  /**
   * Before anything is scaled.
   *
   * @throws ScenarioException when it must not be
   */
  void begin(Instant deadline) throws ScenarioException, InterruptedException {
    if (primary == null) {
      return;
    }
    rowsOfPrimary = LabRows.make(RANDOM_ROWS);
    replication =
        Optional.of(new Replication(primary.begin(rowsOfPrimary, changes, deadline), List.of()));
  }

  /** The slots that were used before are used again, or are said to be lost. */
  void end(Instant deadline) throws ScenarioException, InterruptedException, SQLException {
    if (primary != null && replication.isPresent()) {
      var before = replication.get().before();
      replication = Optional.of(new Replication(before, primary.lost(before, deadline)));
    }
  }

  /** Pods that are there: those seen for the first time get rows, those that were away are read. */
  void visit(List<Integer> ordinals, Instant deadline)
      throws ScenarioException, InterruptedException, SQLException {
    for (int ordinal : ordinals) {
      var name = set.podName(ordinal);
      var pod = servers.ready(name);
      try (var connection = servers.open(name, deadline)) {
        if (primary != null) {
          primary.awaitReplayed(connection, name, deadline);
        }
        var instance = servers.instance(pod, connection);
        var earlier = visits.get(ordinal);
        if (earlier == null) {
          visits.put(ordinal, new Visit(rows(name, connection), instance, false, Optional.empty()));
        } else if (earlier.gone()) {
          returned.removeIf(r -> r.pod().equals(name));
          returned.add(
              new ReturnedPod(
                  name,
                  earlier.before(),
                  earlier.claimWhileGone(),
                  instance,
                  earlier.rows().compare(LabSchema.read(connection.jdbc()))));
        }
      }
    }
  }

  private LabRows rows(String pod, PodConnection connection)
      throws SQLException, ScenarioException {
    if (rowsOfPrimary != null) {
      return rowsOfPrimary;
    }
    changes.before(new Entry.PodSchema(set.name(), pod));
    var rows = LabRows.make(RANDOM_ROWS);
    LabSchema.write(connection.jdbc(), rows);
    return rows;
  }

  /** Pods that were scaled away: what of them is left. */
  void gone(List<Integer> ordinals) {
    for (int ordinal : ordinals) {
      var visit = visits.get(ordinal);
      if (visit != null) {
        visits.put(
            ordinal,
            new Visit(
                visit.rows(),
                visit.before(),
                true,
                servers.claimOf(set.podName(ordinal)).map(c -> c.getMetadata().getUid())));
      }
    }
  }
}
