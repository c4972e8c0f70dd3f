package io.tlengine.pgcheck.fact;

import java.util.List;
import java.util.Optional;

/**
 * What the standbys of a replicated database showed.
 *
 * @param namespace of them all
 * @param primary the pod that writes
 * @param primaryLost why nothing could be written there; empty when it could
 */
public record StandbyCopies(
    String namespace,
    String primary,
    Optional<String> primaryLost,
    List<Standby> standbys,
    List<ReadService> services) {

  public StandbyCopies {
    standbys = List.copyOf(standbys);
    services = List.copyOf(services);
  }

  /**
   * One standby.
   *
   * @param inRecovery pg_is_in_recovery(); a server that is not has been promoted
   * @param sameDatabase its system identifier is the primary's; true where that is not known
   * @param replayed pg_last_wal_replay_lsn() when it was last asked
   * @param replayedAt pg_last_xact_replay_timestamp() then, empty when nothing was replayed
   * @param before the rows' arrival while it ran
   * @param afterRestart the arrival of other rows, written while it was away
   * @param trouble why an arrival is missing
   */
  public record Standby(
      String pod,
      boolean inRecovery,
      boolean sameDatabase,
      String replayed,
      String replayedAt,
      Optional<Arrival> before,
      Optional<Arrival> afterRestart,
      Optional<String> trouble) {}

  /**
   * Rows that came through.
   *
   * @param wanted the primary's WAL position behind the commit
   * @param millis until the standby had replayed it
   */
  public record Arrival(String wanted, long millis, List<RowSet> rows) {
    public Arrival {
      rows = List.copyOf(rows);
    }
  }

  /**
   * A Service with a standby behind it, other than the headless ones.
   *
   * @param strangers pods behind it that are no standbys
   */
  public record ReadService(String name, List<String> standbys, List<String> strangers) {
    public ReadService {
      standbys = List.copyOf(standbys);
      strangers = List.copyOf(strangers);
    }
  }
}
