package io.tlengine.pgcheck.scenario.progress;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** What has to come to its end although the program was told to end: the way back. */
public final class Uninterrupted {

  private Uninterrupted() {}

  /**
   * Does it on a thread of its own: a signal that came before, or comes now, does not stop it. The
   * caller is interrupted afterwards.
   */
  public static <T> T call(Callable<T> work) {
    var task = new FutureTask<>(work);
    Thread.ofPlatform().name("put back").start(task);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof RuntimeException known) {
            throw known;
          }
          throw new IllegalStateException(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The same for work without an answer. */
  public static void run(Runnable work) {
    call(
        () -> {
          work.run();
          return true;
        });
  }
}
