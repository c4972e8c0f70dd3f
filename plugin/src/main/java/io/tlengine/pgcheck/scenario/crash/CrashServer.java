package io.tlengine.pgcheck.scenario.crash;

import io.tlengine.pgcheck.scenario.pod.Shell;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The server whose processes are ended. */
interface CrashServer {

  /** Between two attempts to connect. */
  long PAUSE_MILLIS = 50;

  Connection connect() throws SQLException, ScenarioException, InterruptedException;

  /** Connections go through a port-forward, whose own delay is in every time that is measured. */
  boolean tunnelled();

  Shell shell();

  /** Its log since then; empty where it cannot be read. */
  List<String> logSince(Instant time);

  /** A new connection as soon as the server takes one. */
  default Connection connectAgain(Instant deadline)
      throws ScenarioException, SQLException, InterruptedException {
    while (true) {
      try {
        return connect();
      } catch (SQLException e) {
        if (Instant.now().isAfter(deadline)) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    }
  }
}
