package io.tlengine.pgcheck.scenario;

import io.tlengine.pgcheck.fact.CrashRun.Gap;
import java.util.ArrayList;
import java.util.List;

/**
 * A round of writers with a kill in it, from their view; times are System.nanoTime().
 *
 * @param tunnelIncluded they wrote through a port-forward, whose own delay is in every time
 * @param acknowledgements in order
 * @param began when the writers began
 * @param asked when the kill was asked for
 * @param killed when the command that killed had ended
 * @param again when the next write was acknowledged
 */
public record WriterRound(
    boolean tunnelIncluded,
    List<Long> acknowledgements,
    long began,
    long asked,
    long killed,
    long again) {

  private static final long MILLI = 1_000_000;

  /** A shorter time without an acknowledged write is a slow moment of the machine. */
  static final long SHORTEST_GAP_MILLIS = 100;

  public WriterRound {
    acknowledgements = List.copyOf(acknowledgements);
  }

  int inLast100Millis() {
    return (int)
        acknowledgements.stream().filter(t -> t <= asked && t >= asked - 100 * MILLI).count();
  }

  int duringKill() {
    return (int) acknowledgements.stream().filter(t -> t > asked).count();
  }

  /** From the last acknowledgement to the kill; 0 when there were some while it was made. */
  long silentMillis() {
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

  public long recoveryMillis() {
    return (again - killed) / MILLI;
  }

  /** Times without an acknowledged write, until the first one behind the crash. */
  public List<Gap> gaps() {
    var gaps = new ArrayList<Gap>();
    long last = began;
    for (long time : acknowledgements) {
      add(gaps, last, time);
      last = time;
    }
    add(gaps, last, again);
    return gaps;
  }

  private void add(List<Gap> gaps, long from, long to) {
    long millis = (to - from) / MILLI;
    if (millis >= SHORTEST_GAP_MILLIS) {
      gaps.add(new Gap((from - began) / MILLI, millis));
    }
  }
}
