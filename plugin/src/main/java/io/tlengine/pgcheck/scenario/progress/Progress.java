package io.tlengine.pgcheck.scenario.progress;

/** Where a scenario says what it is doing, one line a step. */
@FunctionalInterface
public interface Progress {
  /** What has just been done. */
  void step(String line);

  /** What follows is about this pod, until another one is named. */
  default void about(String pod) {}

  /** Between two steps: so many writes were acknowledged so far. */
  default void acknowledged(int writes) {}

  /** A round of writers is over. */
  default void wrote(WriterRound round) {}
}
