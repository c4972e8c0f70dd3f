package io.tlengine.pgcheck.check;

import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import java.util.Set;

/** One rule with one code. It judges facts and does nothing else. */
public interface Check {

  CheckInfo info();

  /** The facts without which it cannot be judged. */
  Set<FactKey<?>> needs();

  /** Judges; every declared fact is known when the runner calls this. */
  Outcome evaluate(Facts.View facts);
}
