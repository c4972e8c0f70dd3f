package io.tlengine.pgcheck.gather.helm;

import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.Upgrade;
import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.gather.rbac.ApiRight;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What Helm knows of a release. It is asked at once, while the cluster is still being connected to,
 * and one answer serves the whole run.
 */
public final class ReleaseStatus implements AutoCloseable {

  /** Helm keeps its releases there. */
  public static final ApiRight LIST_SECRETS = ApiRight.inNamespace("", "secrets", "list");

  private final String namespace;
  private final ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();
  private final Future<Helm.Result> answer;

  public ReleaseStatus(Helm helm, String release, String namespace, Duration timeout) {
    this.namespace = namespace;
    var line = List.of("status", release, "--namespace", namespace, "--output", "json");
    answer = thread.submit(() -> helm.run(line, InputStream.nullInputStream(), timeout));
  }

  /**
   * Waits for Helm's answer.
   *
   * @throws GatherException as {@link Helm#run}
   */
  public Helm.Result result() {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof GatherException g ? g : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GatherException(GatherException.Kind.OUT_OF_REACH, "interrupted");
    }
  }

  /** Why Helm cannot say whether the release exists; empty when it can. */
  public Optional<Gap> gap() {
    var status = result();
    if (status.code() == 0 || status.err().contains("not found")) {
      return Optional.empty();
    }
    return Optional.of(
        new Gap(
            "helm status failed: " + status.cause(),
            status.cause().contains("forbidden")
                ? LIST_SECRETS.grant(namespace).after(status.err())
                : "run again"));
  }

  /** What it is, and what to do about it. */
  public record Gap(String reason, String remedy) {

    public <T> Fact<T> fact() {
      return Fact.unavailable(reason, remedy);
    }
  }

  /** Whether the release is new, for those whose answer depends on it. */
  public Fact<Upgrade> upgrade() {
    return gap().map(Gap::<Upgrade>fact).orElseGet(() -> Fact.known(new Upgrade(installed())));
  }

  /** The release exists, so this is an upgrade; as far as Helm can say. */
  public boolean installed() {
    return result().code() == 0;
  }

  /**
   * The same for rendering.
   *
   * @throws GatherException OUT_OF_REACH when the values of the release shall be used again and
   *     Helm cannot say whether there is one: another plan would be judged
   */
  public boolean installed(HelmArguments arguments) {
    var gap = arguments.reuseValues() ? gap() : Optional.<Gap>empty();
    if (gap.isPresent()) {
      throw new GatherException(
          GatherException.Kind.OUT_OF_REACH, gap.get().reason(), gap.get().remedy());
    }
    return installed();
  }

  /** Ends a helm that still runs. */
  @Override
  public void close() {
    thread.shutdownNow();
    thread.close();
  }
}
