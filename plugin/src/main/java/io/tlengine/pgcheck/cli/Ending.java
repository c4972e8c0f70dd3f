package io.tlengine.pgcheck.cli;

import io.tlengine.pgcheck.gather.helm.HelmEnvironment;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a scenario when the program is told to end: its thread is interrupted and given
 * time to put back what it changed. Helm does not pass signals on, and Ctrl-C ends helm first, so
 * the end of the helm that called us counts as a signal.
 */
final class Ending implements AutoCloseable {

  private static final Duration CLEAN_UP = Duration.ofSeconds(150);
  private static final int EXIT_CODE_OF_SIGTERM = 143;

  private final HelmEnvironment environment;
  private final Steps steps;
  private final CountDownLatch done = new CountDownLatch(1);
  private @Nullable Thread hook;
  private @Nullable CompletableFuture<Void> parentEnd;

  Ending(HelmEnvironment environment, Steps steps) {
    this.environment = environment;
    this.steps = steps;
  }

  /** From now on, an end of the program interrupts this thread and waits for {@link #close}. */
  void guard(Thread worker) {
    if (hook != null) {
      return;
    }
    hook =
        new Thread(
            () -> {
              steps.step("told to end: putting back what was changed ...");
              worker.interrupt();
              try {
                done.await(CLEAN_UP.toMillis(), TimeUnit.MILLISECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    Runtime.getRuntime().addShutdownHook(hook);
    if (environment.calledByHelm()) {
      var parent = ProcessHandle.current().parent();
      if (!pid(parent).equals(environment.caller().or(() -> pid(parent)))) {
        // helm has ended before now, and left this program to another parent.
        exit();
      }
      parent.ifPresent(helm -> parentEnd = helm.onExit().thenRun(Ending::exit));
    }
  }

  private static Optional<Long> pid(Optional<ProcessHandle> process) {
    return process.map(ProcessHandle::pid);
  }

  @Override
  public void close() {
    if (parentEnd != null) {
      parentEnd.cancel(false);
    }
    done.countDown();
    if (hook != null) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The program is ending already, and the hook has just been let go.
      }
    }
  }

  /**
   * On a thread of its own: the caller is a worker of the common pool, which exit() would block,
   * and on a small machine that pool has no other for the requests of the clean-up.
   */
  private static void exit() {
    Thread.ofPlatform().start(() -> System.exit(EXIT_CODE_OF_SIGTERM));
  }
}
