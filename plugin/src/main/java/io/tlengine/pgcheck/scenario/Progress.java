package io.tlengine.pgcheck.scenario;

/** Where a scenario says what it is doing, one line a step. */
@FunctionalInterface
public interface Progress {
  void step(String line);

  /** What follows is about this pod, until another one is named. */
  default void about(String pod) {}

  /** Between two steps: so many writes of the present phase were acknowledged so far. */
  default void acknowledged(int writes) {}
}
