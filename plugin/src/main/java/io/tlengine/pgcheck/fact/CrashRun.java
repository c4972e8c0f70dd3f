package io.tlengine.pgcheck.fact;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the kill scenario saw: writers, and processes of the server ended by SIGKILL among them.
 *
 * @param namespace of the StatefulSet
 * @param set the StatefulSet
 * @param writers how many connections wrote at the same time, one row in flight each
 * @param tunnelIncluded they wrote through a port-forward, whose own delay is in every time below
 * @param session as whom the application writes, and the settings that it has
 * @param finalRead the rows after one more restart; empty when they could not be read
 * @param obstacle what stood in the way of the kills that are missing
 */
public record CrashRun(
    String namespace,
    String set,
    String pod,
    int writers,
    boolean tunnelIncluded,
    Session session,
    List<Kill> kills,
    Optional<FinalRead> finalRead,
    Optional<Obstacle> obstacle) {

  /** An acknowledged write within this time before the kill shows that there was load. */
  private static final long LOAD_MILLIS = 200;

  public CrashRun {
    kills = List.copyOf(kills);
  }

  /**
   * The application's own session: an administrator's would not see what is set for its role.
   *
   * @param settings by name; empty when the server was never asked
   */
  public record Session(String role, String database, Map<String, Setting> settings) {

    public Session {
      settings = Map.copyOf(settings);
    }

    /** The value of a setting; empty when this server has none of that name. */
    public String value(String name) {
      var setting = settings.get(name);
      return setting == null ? "" : setting.value();
    }
  }

  /**
   * A setting as pg_settings has it.
   *
   * @param source where it was made, as pg_settings.source
   */
  public record Setting(String value, String source) {}

  /** Why a kill was not possible, and what would make it so. */
  public record Obstacle(String reason, String remedy) {}

  /** Whether a checkpoint ran at the moment of a kill. */
  public enum Checkpoint {
    NOT_ASKED("no checkpoint asked for"),
    /** Asked for one after another; the log does not say whether one ran at that moment. */
    ASKED("checkpoints asked for one after another"),
    RUNNING("during a checkpoint"),
    /** The role may not ask for one, and neither may the container's user. */
    NOT_ALLOWED("no right to ask for a checkpoint");

    private final String text;

    Checkpoint(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /**
   * A time without an acknowledged write, of 100 ms or more; the one of the crash however short.
   *
   * @param afterMillis since the round's writers began
   */
  public record Gap(long afterMillis, long millis) {}

  /**
   * One round: writers, a kill among them, the rows afterwards.
   *
   * @param victim the process that was ended
   * @param acknowledgedBeforeKill writes of this round until the kill was asked for
   * @param acknowledgedInLast100Millis of these, just before
   * @param acknowledgedDuringKill from then on until the crash
   * @param acknowledgedAfterRecovery behind the crash: the write that shows that the server is back
   * @param silentMillis from the last acknowledged write to the kill
   * @param writesPerSecond acknowledged, until the crash
   * @param recoveryMillis from the kill, or from the last write acknowledged behind it, to the
   *     first one behind the crash; so it is never longer than the gap of the crash
   * @param gaps in service: times without an acknowledged write, as the writers saw them
   * @param proof how it is known that the server crashed; empty when it is not
   * @param rows every row of every round so far, read after the recovery; empty when not readable
   */
  public record Kill(
      String victim,
      Checkpoint checkpoint,
      int acknowledgedBeforeKill,
      int acknowledgedInLast100Millis,
      int acknowledgedDuringKill,
      int acknowledgedAfterRecovery,
      long silentMillis,
      long writesPerSecond,
      long recoveryMillis,
      List<Gap> gaps,
      Optional<String> proof,
      Optional<SettledRows> rows) {

    public Kill {
      gaps = List.copyOf(gaps);
    }

    /** All of this round, as the ledger has them. */
    public int acknowledged() {
      return acknowledgedBeforeKill + acknowledgedDuringKill + acknowledgedAfterRecovery;
    }

    public long longestGapMillis() {
      return gaps.stream().mapToLong(Gap::millis).max().orElse(0);
    }

    /** It shows something: a crash for sure, under load, and a look at the rows behind it. */
    public boolean counts() {
      return proof.isPresent()
          && rows.isPresent()
          && acknowledgedBeforeKill + acknowledgedDuringKill > 0
          && silentMillis <= LOAD_MILLIS;
    }
  }

  /**
   * The rows after a second restart.
   *
   * @param restartProof how it is known that the server started once more; empty when it is not
   * @param depth how thoroughly the table was read, in words
   * @param damage what the thorough reading found; empty when it found nothing
   */
  public record FinalRead(
      Optional<String> restartProof, SettledRows rows, String depth, Optional<String> damage) {}

  /** The rounds that show something. */
  public List<Kill> counting() {
    return kills.stream().filter(Kill::counts).toList();
  }
}
