package io.tlengine.pgcheck.scenario.progress;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.gather.failure.GatherException.Kind;
import java.util.Objects;

/** The scenario cannot begin or go on; nothing more is changed. The message says what to do. */
public final class ScenarioException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String remedy;

  public ScenarioException(String message, String remedy) {
    super(message);
    this.remedy = remedy;
  }

  /** The API server refused or did not answer, so it is not known whether the scenario could. */
  public ScenarioException(String message, String remedy, KubernetesClientException cause) {
    super(message, cause);
    this.remedy = remedy;
  }

  /**
   * For the command line, when it ends all: what could not be looked at is nobody's wrong argument.
   */
  public GatherException ending() {
    return new GatherException(
        getCause() instanceof KubernetesClientException ? Kind.OUT_OF_REACH : Kind.USAGE,
        getMessage(),
        remedy);
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNullElse(super.getMessage(), "");
  }

  public String remedy() {
    return remedy;
  }
}
