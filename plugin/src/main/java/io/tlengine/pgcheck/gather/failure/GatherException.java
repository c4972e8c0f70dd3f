package io.tlengine.pgcheck.gather.failure;

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
  private final String reason;
  private final String remedy;

  public GatherException(Kind kind, String message) {
    this(kind, message, "");
  }

  /** In two parts, for those who can show them apart. */
  public GatherException(Kind kind, String reason, String remedy) {
    super(remedy.isEmpty() ? reason : reason + "; try: " + remedy);
    this.kind = kind;
    this.reason = reason;
    this.remedy = remedy;
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNullElse(super.getMessage(), "");
  }

  public Kind kind() {
    return kind;
  }

  public String reason() {
    return reason;
  }

  /** What to do; empty where the reason says it. */
  public String remedy() {
    return remedy;
  }
}
