package io.tlengine.pgcheck.check;

import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One rule with one code. It judges facts and does nothing else. */
public interface Check {

  CheckInfo info();

  /** The facts without which it cannot be judged. */
  Set<FactKey<?>> needs();

  /** Facts that it takes into account where they are known ({@link Facts.View#find}). */
  default Set<FactKey<?>> uses() {
    return Set.of();
  }

  /** All facts that it looks at. */
  default Set<FactKey<?>> facts() {
    return Stream.concat(needs().stream(), uses().stream()).collect(Collectors.toSet());
  }

  /** Judges; every declared fact is known when the runner calls this. */
  Outcome evaluate(Facts.View facts);
}
