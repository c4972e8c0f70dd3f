package io.tlengine.pgcheck.scenario.restore;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.gather.failure.GatherException.Kind;
import io.tlengine.pgcheck.gather.helm.Helm;
import io.tlengine.pgcheck.scenario.journal.Changes;
import io.tlengine.pgcheck.scenario.journal.Holder;
import io.tlengine.pgcheck.scenario.journal.Journal;
import io.tlengine.pgcheck.scenario.journal.JournalStore;
import io.tlengine.pgcheck.scenario.journal.RunLease;
import io.tlengine.pgcheck.scenario.journal.Target;
import io.tlengine.pgcheck.scenario.progress.Progress;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.progress.Uninterrupted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The time in which one run alone may change a release: from taking its Lease until everything is
 * put back. What an earlier, killed run left is put back first.
 */
public final class ReleaseRun {

  /**
   * Longer than the two minutes that a pod of charts/tl-engine may take to stop, and shorter than
   * what a program that was told to end is given.
   */
  private static final Duration PUT_BACK = Duration.ofSeconds(140);

  private final Cluster cluster;
  private final Helm helm;
  private final String namespace;
  private final Target target;
  private final Progress progress;
  private final JournalStore store;

  public ReleaseRun(
      Cluster cluster, Helm helm, String namespace, Target target, Progress progress) {
    this.cluster = cluster;
    this.helm = helm;
    this.namespace = namespace;
    this.target = target;
    this.progress = progress;
    this.store = new JournalStore(cluster, namespace);
  }

  /** What is done while the Lease is held. */
  @FunctionalInterface
  public interface Work<T> {
    T with(Changes changes) throws ScenarioException, InterruptedException;
  }

  /**
   * What came of it.
   *
   * @param notPutBack what is still to be put back, one line each
   */
  public record Done<T>(T result, List<String> notPutBack) {}

  /** Whether an earlier run has left something to put back: then who it was. */
  public boolean somethingLeft() throws ScenarioException {
    return store.read(target.name()).isPresent();
  }

  /** What has a journal in the namespace, for a name that has none. */
  public List<String> journals() {
    return store.releases();
  }

  /**
   * Does the work, and puts everything back, whatever happens.
   *
   * @param patience how long to wait for another run's Lease to run out
   * @throws GatherException when another run holds the Lease, or what an earlier one left cannot be
   *     put back
   */
  public <T> Done<T> run(Duration patience, Work<T> work)
      throws ScenarioException, InterruptedException {
    var holder = Holder.self();
    var lease = acquire(holder, patience);
    try {
      putBackLeft();
      var changes = new Changes(lease, store, Journal.empty(target, holder));
      T result;
      try {
        result = work.with(changes);
      } catch (ScenarioException | InterruptedException | RuntimeException e) {
        putBack(changes, lease);
        throw e;
      }
      return new Done<>(result, putBack(changes, lease));
    } finally {
      Uninterrupted.call(
          () -> {
            lease.close();
            return List.of();
          });
    }
  }

  private RunLease acquire(Holder holder, Duration patience)
      throws ScenarioException, InterruptedException {
    try {
      return RunLease.acquire(cluster, namespace, target.name(), holder, patience);
    } catch (InterruptedException e) {
      Uninterrupted.call(
          () -> {
            RunLease.drop(cluster, namespace, target.name(), holder);
            return List.of();
          });
      throw e;
    }
  }

  private void putBackLeft() throws ScenarioException, InterruptedException {
    var left = store.read(target.name()).orElse(null);
    if (left == null) {
      return;
    }
    progress.step(
        "an earlier run was ended before it put everything back ("
            + left.journal().holder()
            + "); doing that first");
    var failures = Uninterrupted.call(() -> putBack(left.journal(), left.since()));
    if (!failures.isEmpty()) {
      throw new GatherException(
          Kind.OUT_OF_REACH,
          "what an earlier run left could not be put back: "
              + String.join("; ", failures)
              + "; "
              + again());
    }
  }

  private List<String> putBack(Changes changes, RunLease lease) {
    if (changes.journal().entries().isEmpty()) {
      return List.of();
    }
    try {
      lease.check();
    } catch (ScenarioException e) {
      if (!lease.regained()) {
        progress.step(
            e.getMessage()
                + "; whoever has it puts back what was changed; if nobody has done so: "
                + restore());
        return List.of(e.getMessage());
      }
    }
    return Uninterrupted.call(() -> putBack(changes.journal(), changes.since()));
  }

  private List<String> putBack(Journal journal, Instant since) {
    var failures =
        new PutBack(cluster, helm, namespace, progress, Instant.now().plus(PUT_BACK))
            .run(journal, since);
    if (failures.isEmpty()) {
      try {
        store.delete(journal);
        return List.of();
      } catch (KubernetesClientException | ScenarioException e) {
        return List.of("the journal could not be deleted: " + Failure.of(e));
      }
    }
    progress.step("not everything is as before; " + again());
    return failures;
  }

  private String again() {
    return "again, when the cause is gone: " + restore();
  }

  private String restore() {
    return "helm pgcheck persistence " + target.arguments() + " --restore -n " + namespace;
  }
}
