package io.tlengine.pgcheck.gather;

import java.util.Objects;

/** No run is possible: one line that says what is wrong, where, and what to do. */
public final class GatherException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Who is at fault, which decides the exit code. */
  public enum Kind {
    /** Wrong arguments, an unreadable kubeconfig, no such release: exit 2. */
    USAGE,
    /** The API server does not answer from here: exit 4. */
    OUT_OF_REACH
  }

  private final Kind kind;

  public GatherException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNullElse(super.getMessage(), "");
  }

  public Kind kind() {
    return kind;
  }
}
