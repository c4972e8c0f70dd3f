package io.tlengine.pgcheck.scenario;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** The server whose processes are ended. */
interface CrashServer {
  Connection connect() throws SQLException, ScenarioException, InterruptedException;

  Shell shell();

  /** Its log since then; empty where it cannot be read. */
  List<String> logSince(Instant time);
}
