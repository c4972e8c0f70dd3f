package io.tlengine.pgcheck.scenario.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.fact.CrashRun;
import io.tlengine.pgcheck.fact.CrashRun.Kill;
import io.tlengine.pgcheck.gather.connection.Login;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.plan.DatabaseUrl.MalformedUrlException;
import io.tlengine.pgcheck.postgres.Postgres;
import io.tlengine.pgcheck.postgres.PostgresExtension;
import io.tlengine.pgcheck.postgres.PostgresServer;
import io.tlengine.pgcheck.scenario.crash.Ledger.Answer;
import io.tlengine.pgcheck.scenario.pod.Shell;
import io.tlengine.pgcheck.scenario.progress.Progress;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.server.LabSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real servers, real kills. What may be lost is held back, so that it is lost every time. */
@ExtendWith(PostgresExtension.class)
class CrashLabIT {

  private static final List<String> DURABLE = List.of("fsync=on");

  /** A server beside this process, as the pod's would be behind its tunnel. */
  private static final class Beside implements CrashServer {
    private final PostgresServer server;
    private final Shell shell;
    private final List<String> log = new ArrayList<>();

    Beside(PostgresServer server, Shell shell) {
      this.server = server;
      this.shell = shell;
    }

    @Override
    public Connection connect() throws SQLException {
      try {
        return Login.connect(
            DatabaseUrl.parse(
                Postgres.url(
                    Postgres.USER,
                    Postgres.PASSWORD,
                    "127.0.0.1",
                    server.port(),
                    Postgres.DATABASE,
                    "sslmode=disable")),
            Duration.ofSeconds(10));
      } catch (MalformedUrlException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public boolean tunnelled() {
      return false;
    }

    @Override
    public Shell shell() {
      return shell;
    }

    @Override
    public List<String> logSince(Instant time) {
      log.addAll(server.logSoFar());
      return log;
    }
  }

  private static Shell.Ran run(Duration timeout, List<String> command) {
    var ran = PostgresServer.runBeside(command);
    return new Shell.Ran(ran.code(), ran.out(), ran.err());
  }

  private static CrashRun crash(
      Postgres postgres,
      int major,
      List<String> settings,
      Shell shell,
      Progress progress,
      Victim... victims)
      throws ScenarioException, InterruptedException, SQLException {
    try (var server = postgres.own(major, settings);
        var ledger = Ledger.create()) {
      var beside = new Beside(server, shell);
      var run =
          new CrashLab(beside, ledger, () -> {}, progress, Instant.now().plusSeconds(90))
              .run("shop", "postgres", "postgres-0", List.of(victims));
      try (var connection = beside.connect()) {
        LabSchema.dropOwn(connection);
      }
      return run;
    }
  }

  private static CrashRun crash(
      Postgres postgres, int major, List<String> settings, Victim... victims)
      throws ScenarioException, InterruptedException, SQLException {
    return crash(postgres, major, settings, CrashLabIT::run, line -> {}, victims);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void acknowledgedRowsSurviveAKillOfEachKind(int major, Postgres postgres) throws Exception {
    var run = crash(postgres, major, DURABLE, Victim.values());

    assertEquals(run.kills(), run.counting(), run::toString);
    assertEquals(3, run.kills().stream().map(Kill::victim).distinct().count(), run::toString);
    int sum = 0;
    for (var kill : run.kills()) {
      sum += kill.acknowledged();
      assertEquals(sum, kill.rows().orElseThrow().acknowledged(), run::toString);
      assertTrue(kill.recoveryMillis() <= kill.longestGapMillis(), kill::toString);
      assertTrue(kill.acknowledged() >= CrashLab.ACKNOWLEDGED_WANTED, kill::toString);
      assertTrue(kill.proof().orElse("").contains("every process"), kill::toString);
      assertTrue(kill.proof().orElse("").contains("automatic recovery"), kill::toString);
    }
    var last = run.finalRead().orElseThrow();
    assertEquals(sum, last.rows().acknowledged());
    assertEquals(last.rows().acknowledged(), last.rows().kept());
    assertTrue(last.rows().rows("all").intact());
    assertTrue(last.restartProof().isPresent());
    assertTrue(last.damage().isEmpty());
    assertEquals("on", run.session().value("fsync"));
  }

  /** The negative control of the whole: commits that are acknowledged before they are written. */
  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void whatWasHeldBackIsLost(int major, Postgres postgres) throws Exception {
    var run =
        crash(
            postgres,
            major,
            List.of(
                "fsync=on",
                "synchronous_commit=off",
                "wal_writer_delay=10s",
                "wal_writer_flush_after=1GB"),
            Victim.OWN_BACKEND);

    var rows = run.kills().getFirst().rows().orElseThrow();
    assertFalse(rows.lost().isEmpty(), run::toString);
    assertEquals(rows.acknowledged(), rows.kept() + rows.lost().size());
    assertEquals("off", run.session().value("synchronous_commit"));
  }

  /** A kill cannot show it: nothing is lost, and the setting is what tells. */
  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void withoutFlushesAKillLosesNothing(int major, Postgres postgres) throws Exception {
    var run = crash(postgres, major, List.of("fsync=off"), Victim.OWN_BACKEND);

    assertTrue(run.finalRead().orElseThrow().rows().rows("all").intact());
    assertEquals("off", run.session().value("fsync"));
  }

  @Test
  void whatSomebodyElseDoesToTheRowsIsNoticed(Postgres postgres) throws Exception {
    try (var own = postgres.own(17, DURABLE);
        var ledger = Ledger.create()) {
      var server = new Beside(own, CrashLabIT::run);
      Progress meddle =
          line -> {
            if (line.contains("accepts writes again")) {
              try (var connection = server.connect();
                  var statement = connection.createStatement()) {
                statement.execute(
                    "UPDATE pgcheck_lab.ledger SET payload = 'x' WHERE id ="
                        + " (SELECT id FROM pgcheck_lab.ledger LIMIT 1)");
                statement.execute(
                    "INSERT INTO pgcheck_lab.ledger VALUES (gen_random_uuid(), 'theirs')");
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            }
          };
      var run =
          new CrashLab(server, ledger, () -> {}, meddle, Instant.now().plusSeconds(60))
              .run("shop", "postgres", "postgres-0", List.of(Victim.OWN_BACKEND));

      var rows = run.kills().getFirst().rows().orElseThrow();
      assertEquals(1, rows.altered().size(), run::toString);
      assertEquals(1, rows.unexpected().size(), run::toString);
    }
  }

  @Test
  void whereNoCommandCanBeRunNothingIsKilledAndTheSettingsAreKnown(Postgres postgres)
      throws Exception {
    var run =
        crash(
            postgres,
            17,
            List.of("fsync=off"),
            (timeout, command) -> {
              throw new ScenarioException("you may not run a command in postgres-0", "a role");
            },
            line -> {},
            Victim.OWN_BACKEND);

    assertEquals(List.of(), run.kills());
    assertEquals("you may not run a command in postgres-0", run.obstacle().orElseThrow().reason());
    assertEquals("off", run.session().value("fsync"));
  }

  /** As {@code kill -9 1} by exec: it says that it has, and has not. */
  @Test
  void aKillThatKillsNothingIsNoKill(Postgres postgres) throws Exception {
    var run =
        crash(
            postgres,
            17,
            DURABLE,
            (timeout, command) ->
                command.contains("server-kill") ? new Shell.Ran(0, "", "") : run(timeout, command),
            line -> {},
            Victim.OWN_BACKEND);

    assertEquals(List.of(), run.kills().stream().filter(Kill::counts).toList());
    assertTrue(run.obstacle().orElseThrow().reason().contains("did not crash"), run::toString);
  }

  /** Whoever swallows an error in between reports no row, and that is no acknowledgement. */
  @Test
  void aSwallowedErrorIsNoAcknowledgement(Postgres postgres) throws Exception {
    try (var server = postgres.own(17, DURABLE);
        var ledger = Ledger.create();
        var connection = new Beside(server, CrashLabIT::run).connect()) {
      CrashTable.create(connection);
      try (var statement = connection.createStatement()) {
        statement.execute(
            "CREATE RULE swallow AS ON INSERT TO pgcheck_lab.ledger DO INSTEAD NOTHING");
      }
      try (var insert = connection.prepareStatement(Writers.INSERT)) {
        assertFalse(Writers.writeRow(insert, ledger));
      }
      try (var statement = connection.createStatement()) {
        statement.execute("DROP TABLE pgcheck_lab.ledger");
      }
      try (var insert = connection.prepareStatement(Writers.INSERT)) {
        assertThrows(SQLException.class, () -> Writers.writeRow(insert, ledger));
      }

      assertEquals(
          List.of(Answer.UNDECIDED, Answer.REFUSED),
          ledger.read().stream().map(Ledger.Entry::answer).toList());
      var rows = Settlement.settle(ledger.read(), CrashTable.read(connection));
      assertEquals(0, rows.acknowledged());
      assertEquals(List.of(), rows.lost());
    }
  }
}
