package io.tlengine.pgcheck.scenario.server;

import io.fabric8.kubernetes.client.LocalPortForward;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.connection.Login;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A JDBC connection to one pod, through a port-forward of the API server. */
public final class PodConnection implements LabServer {

  private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(300);

  private final LocalPortForward forward;
  private final Connection jdbc;

  private PodConnection(LocalPortForward forward, Connection jdbc) {
    this.forward = forward;
    this.jdbc = jdbc;
  }

  /**
   * Connects; a server that does not answer yet is asked again until the deadline.
   *
   * @throws ScenarioException when the deadline has passed, with the server's last answer
   */
  public static PodConnection open(
      Cluster cluster,
      String namespace,
      DatabaseSet set,
      String pod,
      Credentials credentials,
      Instant deadline)
      throws ScenarioException, InterruptedException {
    while (true) {
      var forward =
          cluster.client().pods().inNamespace(namespace).withName(pod).portForward(set.port());
      try {
        var url = credentials.url(set, forward.getLocalPort());
        return new PodConnection(forward, Login.connect(url, LOGIN_TIMEOUT));
      } catch (SQLException e) {
        close(forward);
        boolean wrong = String.valueOf(e.getSQLState()).startsWith("28");
        if (wrong || Instant.now().plus(PAUSE).isAfter(deadline)) {
          throw new ScenarioException(
              "cannot log in to "
                  + pod
                  + ": "
                  + Failure.of(e)
                  + " (SQLSTATE "
                  + e.getSQLState()
                  + ")",
              wrong
                  ? "the Secret's password is not the database's; a database of charts/tl-engine takes"
                      + " it over when its pod starts: kubectl rollout restart statefulset/"
                      + set.name()
                      + " -n "
                      + namespace
                  : "kubectl logs " + pod + " -n " + namespace + " -c " + set.container());
        }
        Thread.sleep(PAUSE);
      } catch (ScenarioException e) {
        close(forward);
        throw e;
      }
    }
  }

  /** The connection itself, for what rows alone do not say. */
  public Connection jdbc() {
    return jdbc;
  }

  @Override
  public Optional<String> systemIdentifier() throws SQLException {
    return Optional.of(LabSchema.identity(jdbc).systemIdentifier());
  }

  @Override
  public void write(LabRows rows) throws SQLException, ScenarioException {
    LabSchema.write(jdbc, rows);
  }

  @Override
  public LabRows read() throws SQLException {
    return LabSchema.read(jdbc);
  }

  @Override
  public Optional<String> others() throws SQLException {
    return LabSchema.others(jdbc);
  }

  @Override
  public void remove() throws SQLException, ScenarioException {
    LabSchema.dropOwn(jdbc);
  }

  @Override
  public void close() {
    try {
      jdbc.close();
    } catch (SQLException e) {
      // The server may be gone already, which is what the scenario is about.
    }
    close(forward);
  }

  private static void close(LocalPortForward forward) {
    try {
      forward.close();
    } catch (IOException e) {
      // A tunnel to a pod that is gone cannot be closed in an orderly way.
    }
  }
}
