package io.tlengine.pgcheck.scenario;

/** Where a scenario says what it is doing, one line a step. */
@FunctionalInterface
public interface Progress {
  void step(String line);
}
