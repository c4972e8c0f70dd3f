package io.tlengine.pgcheck.gather.source;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several reads at the same time, since most of each is waiting. */
public final class Parallel {

  private Parallel() {}

  /** The answers in the order of the reads; the first exception, if there was one. */
  public static <T> List<T> all(List<? extends Callable<T>> reads) {
    List<Future<T>> answers;
    // Closing the executor waits for all of them.
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      answers = reads.stream().<Future<T>>map(threads::submit).toList();
    }
    return answers.stream().map(Parallel::get).toList();
  }

  private static <T> T get(Future<T> answer) {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
