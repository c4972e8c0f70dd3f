package io.tlengine.pgcheck.scenario.progress;

import io.tlengine.pgcheck.fact.CrashRun.Gap;
import java.util.ArrayList;
import java.util.List;

/**
 * A round of writers with a kill in it, from their view; times are System.nanoTime().
 *
 * @param tunnelIncluded they wrote through a port-forward, whose own delay is in every time
 * @param acknowledgements until the crash, in order
 * @param began when the writers began
 * @param asked when the kill was asked for
 * @param killed when the command that killed had ended
 * @param again when the first write behind the crash was acknowledged
 * @param served that there was one; false when its table was gone, and so was the end of the wait
 */
public record WriterRound(
    boolean tunnelIncluded,
    List<Long> acknowledgements,
    long began,
    long asked,
    long killed,
    long again,
    boolean served) {

  private static final long MILLI = 1_000_000;

  /** A shorter time without an acknowledged write is a slow moment of the machine. */
  static final long SHORTEST_GAP_MILLIS = 100;

  public WriterRound {
    acknowledgements = List.copyOf(acknowledgements);
  }

  /** All of this round, the one behind the crash with them, as in the ledger. */
  public int acknowledged() {
    return acknowledgements.size() + afterRecovery();
  }

  /** Writes that were acknowledged once the server was back. */
  public int afterRecovery() {
    return served ? 1 : 0;
  }

  /** Writes that were acknowledged until the kill was asked for. */
  public int beforeKill() {
    return acknowledgements.size() - duringKill();
  }

  /** Of those, the ones right before it: the load that the kill met. */
  public int inLast100Millis() {
    return (int)
        acknowledgements.stream().filter(t -> t <= asked && t >= asked - 100 * MILLI).count();
  }

  /** Writes that were acknowledged between the kill being asked for and the crash. */
  public int duringKill() {
    return (int) acknowledgements.stream().filter(t -> t > asked).count();
  }

  /** From the last acknowledgement to the kill; 0 when there were some while it was made. */
  public long silentMillis() {
    return acknowledgements.isEmpty()
        ? (asked - began) / MILLI
        : Math.max(0, (asked - acknowledgements.getLast()) / MILLI);
  }

  public long perSecond() {
    return acknowledgements.isEmpty()
        ? 0
        : Math.round(
            acknowledgements.size() * 1e9 / Math.max(1, acknowledgements.getLast() - began));
  }

  /**
   * The server goes on for a moment behind the kill, until it notices, and a tunnel delivers late:
   * it has nothing to recover from before the last write that it acknowledged.
   */
  public long recoveryMillis() {
    return (again - Math.max(killed, lastBeforeCrash())) / MILLI;
  }

  private long lastBeforeCrash() {
    return acknowledgements.isEmpty() ? began : acknowledgements.getLast();
  }

  /** Times without an acknowledged write; the last one is that of the crash, however short. */
  public List<Gap> gaps() {
    var gaps = new ArrayList<Gap>();
    long last = began;
    for (long time : acknowledgements) {
      var gap = gap(last, time);
      if (gap.millis() >= SHORTEST_GAP_MILLIS) {
        gaps.add(gap);
      }
      last = time;
    }
    gaps.add(gap(last, again));
    return gaps;
  }

  private Gap gap(long from, long to) {
    return new Gap((from - began) / MILLI, (to - from) / MILLI);
  }
}
