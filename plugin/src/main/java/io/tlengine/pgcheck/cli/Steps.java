package io.tlengine.pgcheck.cli;

import io.tlengine.pgcheck.scenario.Progress;
import java.io.PrintWriter;
import java.util.Locale;

/** Prints a scenario's steps with the seconds since {@link #begin}. */
final class Steps implements Progress {

  private static final double NANOS_PER_SECOND = 1e9;

  private final PrintWriter to;
  private long start = System.nanoTime();

  Steps(PrintWriter to) {
    this.to = to;
  }

  /** The clock runs from the user's consent, not from the question. */
  void begin() {
    start = System.nanoTime();
  }

  @Override
  public void step(String line) {
    to.println(
        String.format(
            Locale.ROOT, "%6.1f s  %s", (System.nanoTime() - start) / NANOS_PER_SECOND, line));
    to.flush();
  }
}
