package io.tlengine.pgcheck.gather;

import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What Helm knows of a release. It is asked at once, while the cluster is still being connected to,
 * and one answer serves the whole run.
 */
public final class ReleaseStatus implements AutoCloseable {

  private final ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();
  private final Future<Helm.Result> answer;

  public ReleaseStatus(Helm helm, String release, String namespace, Duration timeout) {
    var line = List.of("status", release, "--namespace", namespace, "--output", "json");
    answer = thread.submit(() -> helm.run(line, InputStream.nullInputStream(), timeout));
  }

  /**
   * Waits for Helm's answer.
   *
   * @throws GatherException as {@link Helm#run}
   */
  Helm.Result result() {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof GatherException g ? g : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GatherException(GatherException.Kind.OUT_OF_REACH, "interrupted");
    }
  }

  /** The release exists, so this is an upgrade. */
  public boolean installed() {
    return result().code() == 0;
  }

  /** Ends a helm that still runs. */
  @Override
  public void close() {
    thread.shutdownNow();
    thread.close();
  }
}
