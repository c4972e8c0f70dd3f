package io.tlengine.pgcheck.scenario;

import java.util.List;

/**
 * Figures from the writers' view, in System.nanoTime().
 *
 * @param began when the writers began
 * @param asked when the kill was asked for
 * @param killed when the command that killed had ended
 * @param again when the next write was acknowledged
 */
record CrashTiming(List<Long> acknowledgements, long began, long asked, long killed, long again) {

  private static final long MILLI = 1_000_000;

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

  long perSecond() {
    return acknowledgements.isEmpty()
        ? 0
        : Math.round(
            acknowledgements.size() * 1e9 / Math.max(1, acknowledgements.getLast() - began));
  }

  long recoveryMillis() {
    return (again - killed) / MILLI;
  }

  long longestGapMillis() {
    long longest = 0;
    long last = acknowledgements.isEmpty() ? began : acknowledgements.getFirst();
    for (long time : acknowledgements) {
      longest = Math.max(longest, time - last);
      last = time;
    }
    return Math.max(longest, again - last) / MILLI;
  }
}
