package io.tlengine.pgcheck.scenario.crash;

import io.tlengine.pgcheck.fact.CrashRun;
import io.tlengine.pgcheck.fact.CrashRun.Checkpoint;
import io.tlengine.pgcheck.fact.CrashRun.FinalRead;
import io.tlengine.pgcheck.fact.CrashRun.Kill;
import io.tlengine.pgcheck.fact.CrashRun.Obstacle;
import io.tlengine.pgcheck.fact.CrashRun.Session;
import io.tlengine.pgcheck.fact.SettledRows;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.scenario.progress.Progress;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.progress.WriterRound;
import io.tlengine.pgcheck.scenario.server.LabSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The rounds of the kill scenario, on whatever runs the server: writers begin, a process of the
 * server is ended among them, the server recovers, every row is read.
 */
public final class CrashLab {

  /** Connections that write at the same time. */
  public static final int WRITERS = 16;

  /** What each round waits for before its kill. */
  static final int ACKNOWLEDGED_WANTED = 1_000;

  private static final Duration LOAD_LIMIT = Duration.ofSeconds(30);
  private static final int RANDOM_MILLIS = 1_000;
  private static final Duration END_OF_WRITERS = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(50);

  /** Asked before each kill. */
  @FunctionalInterface
  public interface Permission {
    void ask() throws ScenarioException;
  }

  private final CrashServer server;
  private final Permission permission;
  private final ServerProcesses processes;
  private final Progress progress;
  private final Instant deadline;
  private final Ledger ledger;
  private Session session = new Session("", "", Map.of());
  private final List<Kill> kills = new ArrayList<>();
  private int writers;

  public CrashLab(
      CrashServer server,
      Ledger ledger,
      Permission permission,
      Progress progress,
      Instant deadline) {
    this.server = server;
    this.processes = new ServerProcesses(server.shell());
    this.ledger = ledger;
    this.permission = permission;
    this.progress = progress;
    this.deadline = deadline;
  }

  /** One round for each victim, then one more restart and the last look. */
  public CrashRun run(String namespace, String set, String pod, List<Victim> victims)
      throws ScenarioException, InterruptedException {
    Checkpoints checkpoints;
    try (var connection = server.connect()) {
      session = CrashTable.session(connection);
      // Whether a kill is possible is found out before anything is written.
      processes.list(LabSchema.identity(connection).backend());
      checkpoints = Checkpoints.on(server, connection);
      CrashTable.create(connection);
    } catch (SQLException e) {
      throw new ScenarioException(
          "the table could not be made, and nothing was killed: " + Failure.of(e),
          "kubectl logs " + pod + " -n " + namespace);
    } catch (ScenarioException e) {
      if (session.settings().isEmpty()) {
        throw e;
      }
      return result(namespace, set, pod, Optional.empty(), Optional.of(e));
    }
    try {
      for (var victim : victims) {
        var kill = round(victim, checkpoints);
        kills.add(kill);
        if (kill.checkpoint() == Checkpoint.ASKED) {
          // It came between two of them: once more.
          kills.add(round(victim, checkpoints));
        }
      }
      return result(namespace, set, pod, Optional.of(lastLook(checkpoints)), Optional.empty());
    } catch (SQLException e) {
      return result(
          namespace,
          set,
          pod,
          Optional.empty(),
          Optional.of(
              new ScenarioException(
                  "the rows could not be read again: " + Failure.of(e),
                  "look at the server's log, then run again")));
    } catch (ScenarioException e) {
      return result(namespace, set, pod, Optional.empty(), Optional.of(e));
    }
  }

  private CrashRun result(
      String namespace,
      String set,
      String pod,
      Optional<FinalRead> last,
      Optional<ScenarioException> obstacle) {
    return new CrashRun(
        namespace,
        set,
        pod,
        writers,
        server.tunnelled(),
        session,
        kills,
        last,
        obstacle.map(e -> new Obstacle(e.getMessage(), e.remedy())));
  }

  private Kill round(Victim victim, Checkpoints checkpoints)
      throws ScenarioException, SQLException, InterruptedException {
    var connections = connections();
    writers = connections.size();
    var before = BeforeKill.of(connections.getFirst(), processes);
    var process = process(victim, before.list(), before.identity());
    long began = System.nanoTime();
    try (var running = Writers.start(ledger, connections)) {
      awaitLoad(running);
      var checkpoint = Checkpoint.NOT_ASKED;
      if (victim == Victim.CHECKPOINTER) {
        checkpoint = checkpoints.begin();
      }
      // At a random moment, which the way of the command makes more random still.
      running.awaitEnd(ThreadLocalRandom.current().nextInt(RANDOM_MILLIS));
      permission.ask();
      long asked = System.nanoTime();
      processes.kill(before.list(), process);
      long killed = System.nanoTime();
      progress.step(
          "ended "
              + victim.text()
              + " by SIGKILL after "
              + running.acknowledgedUntil(asked)
              + " acknowledged writes");
      var again = firstWrite();
      // The tunnel tells of a broken connection a second later than the server is back.
      if (!running.awaitEnd(END_OF_WRITERS.toMillis())) {
        throw new ScenarioException(
            "the writers went on after "
                + victim.text()
                + " was ended, so the server did not crash",
            "look at the server's log for 'terminated by signal 9'");
      }
      var acknowledged = new ArrayList<>(running.acknowledgements());
      if (!acknowledged.isEmpty() && acknowledged.getLast() > again.nanos()) {
        // It was let in before the server noticed the kill, as they were: one of theirs.
        if (again.acknowledged()) {
          acknowledged.add(again.nanos());
          acknowledged.sort(null);
        }
        again = firstWrite();
      }
      var times =
          new WriterRound(
              server.tunnelled(),
              acknowledged,
              began,
              asked,
              killed,
              again.nanos(),
              again.acknowledged());
      progress.wrote(times);
      progress.step("the server accepts writes again after " + times.recoveryMillis() + " ms");
      return behind(victim, checkpoint, before, times);
    }
  }

  /**
   * The first write through a new connection.
   *
   * @param nanos System.nanoTime() of its acknowledgement, or of what came instead
   * @param acknowledged false: there is nothing to write to
   */
  private record FirstWrite(long nanos, boolean acknowledged) {}

  private FirstWrite firstWrite() throws ScenarioException, SQLException, InterruptedException {
    while (true) {
      try (var connection = server.connectAgain(deadline)) {
        if (!CrashTable.exists(connection)) {
          // The data is gone: the reading is going to say so.
          return new FirstWrite(System.nanoTime(), false);
        }
        try (var insert = connection.prepareStatement(Writers.INSERT)) {
          if (Writers.writeRow(insert, ledger)) {
            return new FirstWrite(System.nanoTime(), true);
          }
        }
      } catch (SQLException e) {
        // Logged in just before the server noticed the kill; a later refusal is the last word.
        if (Instant.now().isAfter(deadline) || !Writers.undecided(e)) {
          throw e;
        }
      }
    }
  }

  /** After the crash: the proof of it, and the rows. */
  private Kill behind(Victim victim, Checkpoint checkpoint, BeforeKill before, WriterRound times)
      throws ScenarioException, SQLException, InterruptedException {
    try (var connection = server.connectAgain(deadline)) {
      var log = server.logSince(before.time());
      var proof = before.proof(connection, processes, log);
      var rows = read(connection);
      progress.step(
          "read back "
              + (rows.kept() + rows.recovered())
              + " rows, "
              + rows.lost().size()
              + " of "
              + rows.acknowledged()
              + " acknowledged ones lost");
      return new Kill(
          victim.text(),
          checkpoint == Checkpoint.ASKED && Checkpoints.runningAtKill(log)
              ? Checkpoint.RUNNING
              : checkpoint,
          times.beforeKill(),
          times.inLast100Millis(),
          times.duringKill(),
          times.afterRecovery(),
          times.silentMillis(),
          times.perSecond(),
          times.recoveryMillis(),
          times.gaps(),
          proof,
          Optional.of(rows));
    }
  }

  /** A row that WAL replay served once is not proof for later: one more checkpoint and crash. */
  private FinalRead lastLook(Checkpoints checkpoints)
      throws ScenarioException, SQLException, InterruptedException {
    checkpoints.once();
    BeforeKill before;
    try (var victim = server.connectAgain(deadline);
        var witness = server.connect()) {
      before = BeforeKill.of(victim, processes);
      permission.ask();
      processes.kill(before.list(), String.valueOf(before.identity().backend()));
      awaitBreak(witness);
    }
    try (var connection = server.connectAgain(deadline)) {
      var proof = before.proof(connection, processes, server.logSince(before.time()));
      var rows = read(connection);
      var reading = CrashTable.thoroughly(connection, "on".equals(session.value("data_checksums")));
      progress.step("read everything once more after another restart: " + reading.depth());
      return new FinalRead(proof, rows, reading.depth(), reading.damage());
    }
  }

  /** When the server has noticed the kill, it ends its other sessions. */
  private void awaitBreak(Connection witness) throws InterruptedException {
    try {
      while (Instant.now().isBefore(deadline)) {
        LabSchema.identity(witness);
        TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
      }
    } catch (SQLException e) {
      // Broken, as it should be.
    }
  }

  private SettledRows read(Connection connection) throws SQLException {
    return Settlement.settle(ledger.read(), CrashTable.read(connection));
  }

  private String process(Victim victim, ServerProcesses.Listing list, LabSchema.Identity identity)
      throws ScenarioException {
    var process =
        switch (victim) {
          case OWN_BACKEND -> Optional.of(String.valueOf(identity.backend()));
          case CHECKPOINTER -> list.child(ServerProcesses.CHECKPOINTER);
          case WAL_WRITER -> list.child(ServerProcesses.WAL_WRITER);
        };
    return process.orElseThrow(
        () ->
            new ScenarioException(
                "the server has no process that is " + victim.text() + ", so nothing was killed",
                "the server's processes must be visible in its container"));
  }

  private List<Connection> connections()
      throws SQLException, ScenarioException, InterruptedException {
    var connections = new ArrayList<Connection>();
    connections.add(server.connectAgain(deadline));
    try {
      while (connections.size() < WRITERS) {
        connections.add(server.connect());
      }
    } catch (SQLException e) {
      // The server's limit of connections: fewer writers write as well.
      if (!"53300".equals(e.getSQLState())) {
        throw e;
      }
    }
    return connections;
  }

  private void awaitLoad(Writers running) throws ScenarioException, InterruptedException {
    var limit = Instant.now().plus(LOAD_LIMIT);
    while (running.acknowledged() < ACKNOWLEDGED_WANTED
        && Instant.now().isBefore(limit)
        && Instant.now().isBefore(deadline)) {
      if (running.awaitEnd(PAUSE.toMillis())) {
        break;
      }
      progress.acknowledged(running.acknowledged());
    }
    if (running.acknowledged() == 0 || !running.running()) {
      throw new ScenarioException(
          "the writers ended before anything was killed: "
              + running.troubles().stream().findFirst().orElse("no write was acknowledged"),
          "look at the server's log, then run again");
    }
  }
}
