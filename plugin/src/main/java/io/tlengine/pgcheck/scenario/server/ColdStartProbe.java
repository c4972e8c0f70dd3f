package io.tlengine.pgcheck.scenario.server;

import io.tlengine.pgcheck.fact.ColdStart;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits without a connection, then connects and looks whether that started the server. */
public final class ColdStartProbe {

  private static final String AGE =
      "SELECT (extract(epoch FROM clock_timestamp() - pg_postmaster_start_time()) * 1000)::bigint";

  private ColdStartProbe() {}

  /** Opens a connection; the caller closes it. */
  @FunctionalInterface
  public interface Connector {
    Connection open() throws SQLException;
  }

  /**
   * @param before pg_postmaster_start_time() of the last connection, which is closed
   * @param warmMillis how long that one took
   */
  public static ColdStart observe(
      Connector connector, Duration wait, String before, long warmMillis, LabRows rows)
      throws SQLException, InterruptedException {
    long slept = System.nanoTime();
    TimeUnit.NANOSECONDS.sleep(wait.toNanos());
    long start = System.nanoTime();
    try (var connection = connector.open()) {
      long connected = millis(start);
      long age = age(connection);
      var identity = LabSchema.identity(connection);
      return new ColdStart(
          TimeUnit.NANOSECONDS.toMillis(start - slept),
          warmMillis,
          connected,
          !identity.serverStart().equals(before),
          age,
          rows.compare(LabSchema.read(connection)));
    }
  }

  private static long age(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(AGE)) {
      result.next();
      return result.getLong(1);
    }
  }

  private static long millis(long startNanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
  }
}
