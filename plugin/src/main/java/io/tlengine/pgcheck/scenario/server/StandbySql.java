package io.tlengine.pgcheck.scenario.server;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** What a primary and its standbys say about how far they are; any role may ask. */
public final class StandbySql {

  private static final Duration PAUSE = Duration.ofMillis(20);

  private StandbySql() {}

  /**
   * @param replayed the position replayed last, "nothing" before the first
   * @param replayedAt when the last replayed transaction was committed, or an empty text
   */
  public record State(boolean inRecovery, String replayed, String replayedAt) {}

  /** Asks a server whether it is a standby, and how far it is. */
  public static State state(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var result =
            statement.executeQuery(
                "SELECT pg_is_in_recovery(), coalesce(pg_last_wal_replay_lsn()::text, 'nothing'),"
                    + " coalesce(pg_last_xact_replay_timestamp()::text, '')")) {
      result.next();
      return new State(result.getBoolean(1), result.getString(2), result.getString(3));
    }
  }

  /** The primary's WAL position now: behind every commit that it has acknowledged. */
  public static String position(Connection primary) throws SQLException {
    try (var statement = primary.createStatement();
        var result = statement.executeQuery("SELECT pg_current_wal_lsn()::text")) {
      result.next();
      return result.getString(1);
    }
  }

  /** Whether the standby replayed the position before the deadline. */
  public static boolean awaitReplay(Connection standby, String position, Instant deadline)
      throws SQLException, InterruptedException {
    try (var ask =
        standby.prepareStatement("SELECT coalesce(pg_last_wal_replay_lsn() >= ?::pg_lsn, false)")) {
      ask.setString(1, position);
      while (true) {
        try (var result = ask.executeQuery()) {
          result.next();
          if (result.getBoolean(1)) {
            return true;
          }
        }
        if (Instant.now().isAfter(deadline)) {
          return false;
        }
        TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
      }
    }
  }
}
