package io.tlengine.pgcheck.scenario;

import java.util.Objects;

/** The scenario cannot begin or go on; nothing more is changed. The message says what to do. */
public final class ScenarioException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String remedy;

  public ScenarioException(String message, String remedy) {
    super(message);
    this.remedy = remedy;
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNullElse(super.getMessage(), "");
  }

  public String remedy() {
    return remedy;
  }
}
