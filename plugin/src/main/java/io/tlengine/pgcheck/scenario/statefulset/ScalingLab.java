package io.tlengine.pgcheck.scenario.statefulset;

import io.tlengine.pgcheck.fact.PodDeletion;
import io.tlengine.pgcheck.fact.Scaling.Replication;
import io.tlengine.pgcheck.fact.Scaling.ReturnedPod;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.scenario.journal.Changes;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.server.LabRows;
import io.tlengine.pgcheck.scenario.server.LabServer;
import io.tlengine.pgcheck.scenario.server.PodConnection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of the scaling scenario: written before a pod goes, read when it is back. */
public final class ScalingLab {

  /** Rows beside the three usuarios, for each pod or for the primary. */
  public static final int RANDOM_ROWS = 300;

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

  private ScalingLab(SetServers servers, Changes changes, @Nullable PrimaryServer primary) {
    this.set = servers.set();
    this.changes = changes;
    this.servers = servers;
    this.primary = primary;
  }

  /** Each pod gets rows that no other has. */
  public static ScalingLab ofIndependent(SetServers servers, Changes changes) {
    return new ScalingLab(servers, changes, null);
  }

  /** The primary gets the rows, and each pod of the set has to show them. */
  public static ScalingLab ofCopies(SetServers servers, PrimaryServer primary, Changes changes) {
    return new ScalingLab(servers, changes, primary);
  }

  /** Pods that were away and are back, with what became of their rows. */
  public List<ReturnedPod> returned() {
    return returned;
  }

  /** The slots of copies; empty where each pod stands alone. */
  public Optional<Replication> replication() {
    return replication;
  }

  /**
   * Before anything is scaled.
   *
   * @throws ScenarioException when it must not be
   */
  public void begin(Instant deadline) throws ScenarioException, InterruptedException {
    if (primary == null) {
      return;
    }
    rowsOfPrimary = LabRows.make(RANDOM_ROWS);
    replication = Optional.of(primary.begin(rowsOfPrimary, changes, deadline));
  }

  /**
   * The slots that were used before are used again, and commits wait for nobody else; or it is
   * said.
   */
  public void end(Instant deadline) throws ScenarioException, InterruptedException, SQLException {
    if (primary != null && replication.isPresent()) {
      replication = Optional.of(primary.end(replication.get(), deadline));
    }
  }

  /** Pods that are there: those seen for the first time get rows, those that were away are read. */
  public void visit(List<Integer> ordinals, Instant deadline)
      throws ScenarioException, InterruptedException, SQLException {
    for (int ordinal : ordinals) {
      var name = set.podName(ordinal);
      var pod = servers.ready(name);
      try (var server = servers.server(name, deadline)) {
        if (primary != null && server instanceof PodConnection standby) {
          primary.awaitReplayed(standby, name, deadline);
        }
        var instance = servers.instance(pod, server);
        var earlier = visits.get(ordinal);
        if (earlier == null) {
          visits.put(ordinal, new Visit(rows(name, server), instance, false, Optional.empty()));
        } else if (earlier.gone()) {
          returned.removeIf(r -> r.pod().equals(name));
          returned.add(
              new ReturnedPod(
                  name,
                  earlier.before(),
                  earlier.claimWhileGone(),
                  instance,
                  earlier.rows().compare(server.read())));
        }
      }
    }
  }

  private LabRows rows(String pod, LabServer server)
      throws SQLException, ScenarioException, InterruptedException {
    if (rowsOfPrimary != null) {
      return rowsOfPrimary;
    }
    changes.before(servers.entry(pod));
    var rows = servers.rows(RANDOM_ROWS);
    server.write(rows);
    return rows;
  }

  /** Pods that were scaled away: what of them is left. */
  public void gone(List<Integer> ordinals) {
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
