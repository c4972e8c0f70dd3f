package io.tlengine.pgcheck.scenario;

import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import java.time.Duration;
import java.util.List;

/**
 * One way to shake a running release: it says what it is going to change, changes it, puts it back,
 * and brings the fact that a check judges.
 */
public interface Scenario<T> {

  /** The fact that it brings. */
  FactKey<T> brings();

  /** What it is going to change, one line each, for the user to agree to. */
  List<String> changes();

  /**
   * Runs it; whatever happens, what was changed is put back before this returns.
   *
   * @throws ScenarioException before anything was changed: nothing is shown
   * @throws InterruptedException when the program was told to end
   */
  T run(Duration timeout) throws ScenarioException, InterruptedException;

  /** Runs it; one that refused to begin has shown nothing, so its fact is not available. */
  default Fact<T> observe(Duration timeout) throws InterruptedException {
    try {
      return Fact.known(run(timeout));
    } catch (ScenarioException e) {
      return Fact.unavailable(e.getMessage(), e.remedy());
    }
  }
}
