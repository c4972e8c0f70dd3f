package io.tlengine.pgcheck.scenario.crash;

import io.tlengine.pgcheck.scenario.pod.Shell;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** The server whose processes are ended. */
interface CrashServer {
  Connection connect() throws SQLException, ScenarioException, InterruptedException;

  /** Connections go through a port-forward, whose own delay is in every time that is measured. */
  boolean tunnelled();

  Shell shell();

  /** Its log since then; empty where it cannot be read. */
  List<String> logSince(Instant time);
}
