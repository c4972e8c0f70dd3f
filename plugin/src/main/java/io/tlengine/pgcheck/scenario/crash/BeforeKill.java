package io.tlengine.pgcheck.scenario.crash;

import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.server.LabSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A server before one of its processes is ended, to tell afterwards that it crashed. */
record BeforeKill(Instant time, LabSchema.Identity identity, ServerProcesses.Listing list) {

  private static final String RECOVERY = "automatic recovery in progress";

  static BeforeKill of(Connection connection, ServerProcesses processes)
      throws SQLException, ScenarioException, InterruptedException {
    var identity = LabSchema.identity(connection);
    return new BeforeKill(Instant.now(), identity, processes.list(identity.backend()));
  }

  /**
   * How it is known that the server that answers now has crashed since; empty when it is not.
   *
   * @param log the server's, since then
   */
  Optional<String> proof(Connection connection, ServerProcesses processes, List<String> log)
      throws SQLException, ScenarioException, InterruptedException {
    var now = LabSchema.identity(connection);
    boolean logged = log.stream().anyMatch(l -> l.contains(RECOVERY));
    if (!now.systemIdentifier().equals(identity.systemIdentifier())) {
      return Optional.of(
          "another database answers now: system identifier "
              + now.systemIdentifier()
              + ", before "
              + identity.systemIdentifier());
    }
    if (!now.serverStart().equals(identity.serverStart())) {
      // A new postmaster: only its log tells a crash from an orderly stop.
      return logged
          ? Optional.of("the server was started anew; its log: " + RECOVERY)
          : Optional.empty();
    }
    var later = processes.list(now.backend());
    return list.allReplacedIn(later)
        ? Optional.of(
            "every process of the server was replaced (checkpointer "
                + list.child(ServerProcesses.CHECKPOINTER).orElse("?")
                + " by "
                + later.child(ServerProcesses.CHECKPOINTER).orElse("?")
                + "), the server itself was not"
                + (logged ? "; its log: " + RECOVERY : ""))
        : Optional.empty();
  }
}
