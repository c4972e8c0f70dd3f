package io.tlengine.pgcheck.scenario;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.scenario.journal.Changes;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.time.Duration;
import java.util.List;

/**
 * One way to shake a running release: it says what it is going to change, changes it, and brings
 * the fact that a check judges. What it changes it announces to {@link Changes} before, so that the
 * run can put it back.
 */
public interface Scenario<T> {

  /** In which way a release is changed, which decides when it must not be. */
  enum Change {
    /** Pods end and their controller makes new ones. */
    REPLACES_PODS,
    SCALES,
    UNINSTALLS
  }

  /** The fact that it brings. */
  FactKey<T> brings();

  /** What it is going to change, one line each, for the user to agree to. */
  List<String> changes();

  /** The gravest change that it makes. */
  default Change change() {
    return Change.REPLACES_PODS;
  }

  /** Whether it is run only where its code is named with --only. */
  default boolean onlyWhenNamed() {
    return false;
  }

  /**
   * Runs it.
   *
   * @throws ScenarioException before anything was changed: nothing is shown
   * @throws InterruptedException when the program was told to end
   */
  T run(Changes changes, Duration timeout) throws ScenarioException, InterruptedException;

  /** Runs it; one that refused to begin has shown nothing, so its fact is not available. */
  default Fact<T> observe(Changes changes, Duration timeout) throws InterruptedException {
    try {
      return Fact.known(run(changes, timeout));
    } catch (ScenarioException e) {
      return Fact.unavailable(e.getMessage(), e.remedy());
    } catch (KubernetesClientException e) {
      if (Thread.interrupted() || e.getCause() instanceof InterruptedException) {
        throw new InterruptedException();
      }
      return Fact.unavailable(
          "the Kubernetes API refused, or failed: " + Failure.of(e),
          Failure.grant(e).orElse("kubectl get events -A; run again"));
    }
  }
}
