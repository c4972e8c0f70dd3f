package io.tlengine.pgcheck.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Plain lines, and on a terminal one more below them that says what is going on now; it is gone at
 * the end. It has no colours.
 */
final class LiveLine implements AutoCloseable {

  private static final Duration REFRESH = Duration.ofMillis(100);
  private static final String CLEAR = "\r\u001b[K";

  // A terminal that is narrower cuts the line off; wrapped, it could not be cleared (DECAWM).
  private static final String NO_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";

  private final PrintWriter to;
  private final boolean terminal;
  private final Supplier<String> now;
  private boolean shown;

  /**
   * @param terminal a terminal that knows the ANSI sequences
   * @param now what the line says
   */
  LiveLine(PrintWriter to, boolean terminal, Supplier<String> now) {
    this.to = to;
    this.terminal = terminal;
    this.now = now;
  }

  synchronized void begin() {
    if (terminal && !shown) {
      shown = true;
      Thread.ofVirtual().start(this::keepShowing);
    }
  }

  /** A line that stays. */
  synchronized void print(String line) {
    to.println((shown ? CLEAR : "") + line);
    to.flush();
  }

  private void keepShowing() {
    // Outside the lock: whoever knows what goes on may be printing.
    while (show(now.get())) {
      LockSupport.parkNanos(REFRESH.toNanos());
    }
  }

  private synchronized boolean show(String text) {
    if (shown) {
      to.print(CLEAR + NO_WRAP + text + WRAP);
      to.flush();
    }
    return shown;
  }

  @Override
  public synchronized void close() {
    if (shown) {
      shown = false;
      to.print(CLEAR);
      to.flush();
    }
  }
}
