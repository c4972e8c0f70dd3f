package io.tlengine.pgcheck.gather;

import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import java.util.Set;

/**
 * One place to look at, for one or more facts. Sources run at the same time; one whose facts nobody
 * wants is not asked.
 */
interface FactSource {

  Set<FactKey<?>> brings();

  /** Looks; a fact that could not be seen is returned as unavailable, with what to grant. */
  Facts gather(Look look);
}
