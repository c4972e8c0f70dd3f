package io.tlengine.pgcheck.scenario.server;

import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.sql.SQLException;
import java.util.Optional;

/** A running server in a pod, and the rows that a scenario keeps in it. */
public interface LabServer extends AutoCloseable {

  /** Which database this is; empty for software that does not know. */
  Optional<String> systemIdentifier() throws SQLException;

  /**
   * Writes the rows, in place of those of an earlier run.
   *
   * @throws ScenarioException when the place for them is somebody else's, or the server refuses
   */
  void write(LabRows rows) throws SQLException, ScenarioException, InterruptedException;

  /** Every row that is there. */
  LabRows read() throws SQLException, ScenarioException, InterruptedException;

  /** What is in it beside those rows, in words; empty when there is nothing. */
  Optional<String> others() throws SQLException, ScenarioException, InterruptedException;

  /** Removes the rows and their place. */
  void remove() throws SQLException, ScenarioException, InterruptedException;

  @Override
  void close();
}
