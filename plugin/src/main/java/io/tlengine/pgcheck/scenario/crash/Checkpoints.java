package io.tlengine.pgcheck.scenario.crash;

import io.tlengine.pgcheck.fact.CrashRun.Checkpoint;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/**
 * Asks the server for one checkpoint after another, so that a kill comes in the middle of one. The
 * application's role may seldom do that; the superuser on the container's own socket may.
 */
final class Checkpoints {

  private static final Duration ONE = Duration.ofSeconds(30);
  private static final Duration MANY = Duration.ofSeconds(60);
  private static final String SUPERUSER = "psql -XqAt -U postgres -d postgres -v ON_ERROR_STOP=1 ";

  /** It ends by the crash, and by its number when there is none. */
  private static final String LOOP =
      "i=0; while [ $i -lt 3000 ]; do echo 'CHECKPOINT;'; i=$((i+1)); done | " + SUPERUSER;

  private final CrashServer server;
  private final Way way;

  private enum Way {
    OWN_ROLE,
    SUPERUSER_IN_CONTAINER,
    NONE
  }

  private Checkpoints(CrashServer server, Way way) {
    this.server = server;
    this.way = way;
  }

  /** Finds out who may ask, by asking once. */
  static Checkpoints on(CrashServer server, Connection connection) throws InterruptedException {
    try (var statement = connection.createStatement()) {
      statement.execute("CHECKPOINT");
      return new Checkpoints(server, Way.OWN_ROLE);
    } catch (SQLException e) {
      try {
        var ran = server.shell().run(ONE, List.of("sh", "-c", SUPERUSER + "-c CHECKPOINT"));
        return new Checkpoints(server, ran.code() == 0 ? Way.SUPERUSER_IN_CONTAINER : Way.NONE);
      } catch (ScenarioException no) {
        return new Checkpoints(server, Way.NONE);
      }
    }
  }

  /** Begins to ask, without an end but the server's; returns when the first one has come. */
  Checkpoint begin() throws InterruptedException {
    if (way == Way.NONE) {
      return Checkpoint.NOT_ALLOWED;
    }
    try (var connection = server.connect();
        var statement = connection.createStatement()) {
      var before = lastCheckpoint(statement);
      // A second one is asked for while the first one runs, so that there is no pause between them.
      begin(way);
      begin(way);
      long end = System.nanoTime() + ONE.toNanos();
      while (lastCheckpoint(statement).equals(before) && System.nanoTime() < end) {
        statement.execute("SELECT pg_sleep(0.02)");
      }
    } catch (SQLException | ScenarioException e) {
      // The log says in the end whether one ran.
    }
    return Checkpoint.ASKED;
  }

  /** pg_control_checkpoint() may be asked by every role. */
  private static String lastCheckpoint(Statement statement) throws SQLException {
    try (var row =
        statement.executeQuery("SELECT checkpoint_lsn::text FROM pg_control_checkpoint()")) {
      return row.next() ? row.getString(1) : "";
    }
  }

  private void begin(Way way) {
    switch (way) {
      case OWN_ROLE -> Thread.ofVirtual().start(this::askByOwnRole);
      case SUPERUSER_IN_CONTAINER -> Thread.ofVirtual().start(this::askInContainer);
      case NONE -> {}
    }
  }

  /** One checkpoint, now; nothing when nobody may ask. */
  void once() throws InterruptedException {
    switch (way) {
      case OWN_ROLE -> {
        try (var connection = server.connect();
            var statement = connection.createStatement()) {
          statement.execute("CHECKPOINT");
        } catch (SQLException | ScenarioException e) {
          // The reading that follows does not rest on it.
        }
      }
      case SUPERUSER_IN_CONTAINER -> {
        try {
          server.shell().run(ONE, List.of("sh", "-c", SUPERUSER + "-c CHECKPOINT"));
        } catch (ScenarioException e) {
          // As above.
        }
      }
      case NONE -> {}
    }
  }

  private void askByOwnRole() {
    try (var connection = server.connect();
        var statement = connection.createStatement()) {
      long end = System.nanoTime() + MANY.toNanos();
      while (System.nanoTime() < end) {
        statement.execute("CHECKPOINT");
      }
    } catch (SQLException | ScenarioException e) {
      // The crash ends it: that is what it is for.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void askInContainer() {
    try {
      server.shell().run(MANY, List.of("sh", "-c", LOOP));
    } catch (ScenarioException e) {
      // The crash ends it: that is what it is for.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the log shows a checkpoint that had begun and not ended at the last kill. */
  static boolean runningAtKill(List<String> log) {
    boolean open = false;
    boolean answer = false;
    for (var line : log) {
      if (line.contains("checkpoint starting")) {
        open = true;
      } else if (line.contains("checkpoint complete")) {
        open = false;
      } else if (line.contains("was terminated by signal 9")) {
        answer = open;
        open = false;
      }
    }
    return answer;
  }
}
