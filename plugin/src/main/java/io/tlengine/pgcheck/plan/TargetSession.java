package io.tlengine.pgcheck.plan;

import java.util.Arrays;
import java.util.Optional;

/** libpq's target_session_attrs: which of several servers will do. */
public enum TargetSession {
  ANY("any"),
  READ_WRITE("read-write"),
  READ_ONLY("read-only"),
  PRIMARY("primary"),
  STANDBY("standby"),
  PREFER_STANDBY("prefer-standby");

  private final String text;

  TargetSession(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }

  /** Whether a server will do. */
  public boolean accepts(boolean inRecovery, boolean readOnly) {
    return switch (this) {
      case ANY -> true;
      case READ_WRITE -> !inRecovery && !readOnly;
      case READ_ONLY -> inRecovery || readOnly;
      case PRIMARY -> !inRecovery;
      case STANDBY, PREFER_STANDBY -> inRecovery;
    };
  }

  public static Optional<TargetSession> parse(String text) {
    return Arrays.stream(values()).filter(m -> m.text.equals(text)).findFirst();
  }
}
