package io.tlengine.pgcheck.scenario.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class UninterruptedTest {

  @Test
  void whoWasInterruptedBeforeStillDoesIt() {
    Thread.currentThread().interrupt();

    boolean told = Uninterrupted.call(() -> Thread.currentThread().isInterrupted());

    assertFalse(told, "the work is not interrupted");
    assertTrue(Thread.interrupted(), "the caller is");
  }

  @Test
  void anInterruptMeanwhileWaitsForTheEnd() {
    var caller = Thread.currentThread();

    var done =
        Uninterrupted.call(
            () -> {
              caller.interrupt();
              while (caller.isInterrupted()) {
                // Until the caller has noticed, which makes it wait again.
                Thread.onSpinWait();
              }
              return "done";
            });

    assertEquals("done", done);
    assertTrue(Thread.interrupted());
  }

  @Test
  void whatFailsIsSaid() {
    var failure =
        assertThrows(
            IllegalStateException.class,
            () ->
                Uninterrupted.call(
                    () -> {
                      throw new java.io.IOException("no");
                    }));
    assertTrue(failure.toString().endsWith("java.io.IOException: no"), failure::toString);
  }
}
