package io.tlengine.pgcheck.fact;

import java.util.List;

/**
 * The first connection after nobody had been connected for a while.
 *
 * @param waitedMillis how long nothing of ours was connected
 * @param warmMillis how long a connection took before
 * @param connectMillis how long this one took, from its first packet to a session
 * @param serverChanged pg_postmaster_start_time() is another one than before the wait
 * @param serverAgeMillis how long the server had been running then, by its own clock
 * @param rows what became of the rows, read through this connection
 */
public record ColdStart(
    long waitedMillis,
    long warmMillis,
    long connectMillis,
    boolean serverChanged,
    long serverAgeMillis,
    List<RowSet> rows) {

  /** The server's clock and ours are read at slightly different times. */
  private static final long TOLERANCE_MILLIS = 1_000;

  public ColdStart {
    rows = List.copyOf(rows);
  }

  /** This connection woke it: it had not been running when the connection was begun. */
  public boolean proven() {
    return serverChanged && serverAgeMillis <= connectMillis + TOLERANCE_MILLIS;
  }
}
