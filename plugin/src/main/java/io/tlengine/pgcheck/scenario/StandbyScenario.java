package io.tlengine.pgcheck.scenario;

import io.fabric8.kubernetes.api.model.Pod;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.StandbyCopies;
import io.tlengine.pgcheck.fact.StandbyCopies.Arrival;
import io.tlengine.pgcheck.fact.StandbyCopies.Standby;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.api.Secrets;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.scenario.journal.Changes;
import io.tlengine.pgcheck.scenario.journal.Journal.Entry;
import io.tlengine.pgcheck.scenario.pod.Pods;
import io.tlengine.pgcheck.scenario.progress.Progress;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.server.Credentials;
import io.tlengine.pgcheck.scenario.server.LabRows;
import io.tlengine.pgcheck.scenario.server.LabSchema;
import io.tlengine.pgcheck.scenario.server.PodConnection;
import io.tlengine.pgcheck.scenario.server.StandbySql;
import io.tlengine.pgcheck.scenario.statefulset.ReadServices;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * PGC-707: writes rows on the primary and waits until each standby has replayed them, once while it
 * runs and once for rows that were written while it was away. A lost primary is only looked at.
 */
public final class StandbyScenario implements Scenario<StandbyCopies> {

  private static final int RANDOM_ROWS = 500;

  /** For one arrival; a standby that needs longer on a healthy cluster does not follow. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Cluster cluster;
  private final String namespace;
  private final DatabaseSet primary;
  private final List<DatabaseSet> standbys;
  private final Progress progress;
  private final Pods pods;
  private final Credentials credentials;

  public StandbyScenario(
      Cluster cluster,
      String namespace,
      DatabaseSet primary,
      List<DatabaseSet> standbys,
      Progress progress) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.primary = primary;
    this.standbys = List.copyOf(standbys);
    this.progress = progress;
    this.pods = new Pods(cluster, namespace);
    this.credentials = new Credentials(new Secrets(cluster, namespace));
  }

  @Override
  public FactKey<StandbyCopies> brings() {
    return FactKey.STANDBY_COPIES;
  }

  @Override
  public List<String> changes() {
    var changes = new ArrayList<String>();
    changes.add(
        "create the schema "
            + LabSchema.NAME
            + " on the primary, write 3 usuarios and "
            + RANDOM_ROWS
            + " random rows");
    standbys.forEach(
        s -> changes.add("delete each pod of StatefulSet/" + s.name() + ", one after another"));
    changes.add("drop the schema " + LabSchema.NAME);
    return changes;
  }

  @Override
  public StandbyCopies run(Changes changes, Duration timeout)
      throws ScenarioException, InterruptedException {
    var deadline = Instant.now().plus(timeout);
    var name = primary.podName(primary.firstOrdinal());
    var lost = lost(name);
    if (lost.isPresent()) {
      return new StandbyCopies(namespace, name, lost, left(deadline), services());
    }
    changes.before(new Entry.PodSchema(primary.name(), name));
    try (var connection = open(primary, name, deadline)) {
      var found = new ArrayList<Standby>();
      for (var set : standbys) {
        for (int i = 0; i < set.replicas(); i++) {
          found.add(
              follow(
                  changes, connection.jdbc(), set, set.podName(set.firstOrdinal() + i), deadline));
        }
      }
      return new StandbyCopies(namespace, name, Optional.empty(), found, services());
    } catch (SQLException e) {
      throw new ScenarioException(
          "the rows could not be written on " + name + ": " + Failure.of(e),
          "kubectl logs " + name + " -n " + namespace);
    }
  }

  /** Then nothing is changed. */
  boolean primaryIsLost() {
    return lost(primary.podName(primary.firstOrdinal())).isPresent();
  }

  private Optional<String> lost(String name) {
    var pod = pods.get(name);
    return pod.isEmpty()
        ? Optional.of("the pod " + name + " does not exist")
        : Pods.ready(pod.get())
            ? Optional.empty()
            : Optional.of("the pod " + name + " is not ready");
  }

  /** What is left behind a lost primary: looked at, and nothing changed. */
  private List<Standby> left(Instant deadline) throws ScenarioException, InterruptedException {
    var found = new ArrayList<Standby>();
    for (var set : standbys) {
      for (int i = 0; i < set.replicas(); i++) {
        var name = set.podName(set.firstOrdinal() + i);
        try (var connection = open(set, name, deadline)) {
          found.add(standby(name, StandbySql.state(connection.jdbc()), true));
        } catch (SQLException e) {
          throw new ScenarioException(
              "the standby " + name + " cannot be asked: " + Failure.of(e), "run again");
        }
      }
    }
    return found;
  }

  private static Standby standby(String pod, StandbySql.State state, boolean same) {
    return new Standby(
        pod,
        state.inRecovery(),
        same,
        state.replayed(),
        state.replayedAt(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private Standby follow(
      Changes changes, Connection writer, DatabaseSet set, String name, Instant deadline)
      throws SQLException, ScenarioException, InterruptedException {
    var pod = pods.get(name).orElse(null);
    if (pod == null || !Pods.ready(pod)) {
      return new Standby(
          name,
          true,
          true,
          "nothing",
          "",
          Optional.empty(),
          Optional.empty(),
          Optional.of(pod == null ? "the pod does not exist" : "the pod is not ready"));
    }
    progress.about(name);
    var ours = LabSchema.identity(writer).systemIdentifier();
    StandbySql.State state;
    Optional<Arrival> before;
    try (var reader = open(set, name, deadline)) {
      state = StandbySql.state(reader.jdbc());
      boolean same = LabSchema.identity(reader.jdbc()).systemIdentifier().equals(ours);
      if (!state.inRecovery() || !same) {
        return standby(name, state, same);
      }
      var rows = LabRows.make(RANDOM_ROWS);
      LabSchema.write(writer, rows);
      before = arrival(writer, reader.jdbc(), rows, deadline);
      state = StandbySql.state(reader.jdbc());
    }
    if (before.isEmpty()) {
      return missing(name, state, before, "rows did not arrive while it ran");
    }
    progress.step("the rows are on " + name + " after " + before.get().millis() + " ms");
    return restart(changes, writer, set, pod, state, before, deadline);
  }

  private Standby restart(
      Changes changes,
      Connection writer,
      DatabaseSet set,
      Pod pod,
      StandbySql.State state,
      Optional<Arrival> before,
      Instant deadline)
      throws SQLException, InterruptedException {
    var name = pod.getMetadata().getName();
    try {
      changes.before();
      pods.delete(pod);
      progress.step("deleted the pod " + name);
      pods.awaitGone(pod, deadline);
      var rows = LabRows.make(RANDOM_ROWS);
      LabSchema.write(writer, rows);
      pods.awaitSuccessor(pod, deadline);
      try (var reader = open(set, name, deadline)) {
        var after = arrival(writer, reader.jdbc(), rows, deadline);
        var now = StandbySql.state(reader.jdbc());
        if (after.isEmpty()) {
          return missing(name, now, before, "rows written while it was away did not arrive");
        }
        progress.step(name + " is back, with the rows that were written while it was away");
        return new Standby(
            name,
            now.inRecovery(),
            true,
            now.replayed(),
            now.replayedAt(),
            before,
            after,
            Optional.empty());
      }
    } catch (ScenarioException e) {
      return missing(name, state, before, e.getMessage());
    }
  }

  private static Standby missing(
      String pod, StandbySql.State state, Optional<Arrival> before, String why) {
    return new Standby(
        pod,
        true,
        true,
        state.replayed(),
        state.replayedAt(),
        before,
        Optional.empty(),
        Optional.of(why));
  }

  /** Waits until the standby has replayed the primary's position behind the commit, then reads. */
  private static Optional<Arrival> arrival(
      Connection writer, Connection reader, LabRows rows, Instant deadline)
      throws SQLException, InterruptedException {
    var wanted = StandbySql.position(writer);
    long start = System.nanoTime();
    var end = Instant.now().plus(PATIENCE);
    if (!StandbySql.awaitReplay(reader, wanted, end.isBefore(deadline) ? end : deadline)) {
      return Optional.empty();
    }
    long millis = (System.nanoTime() - start) / 1_000_000;
    return Optional.of(new Arrival(wanted, millis, rows.compare(LabSchema.read(reader))));
  }

  private List<StandbyCopies.ReadService> services() {
    return new ReadServices(cluster, namespace).of(standbys);
  }

  private PodConnection open(DatabaseSet set, String pod, Instant deadline)
      throws ScenarioException, InterruptedException {
    return PodConnection.open(cluster, namespace, set, pod, credentials, deadline);
  }
}
