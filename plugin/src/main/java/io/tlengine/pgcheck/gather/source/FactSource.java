package io.tlengine.pgcheck.gather.source;

import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.gather.rbac.Rights;
import java.util.Map;

/**
 * One place to look at, for one or more facts. Sources run at the same time; one whose facts nobody
 * wants is not asked.
 */
public interface FactSource {

  /**
   * The facts it brings, each with all rights to the API that it takes to bring it. A test grants
   * exactly these and wants a complete run.
   */
  Map<FactKey<?>, Rights> brings();

  /** The same for one release: a fact that does not apply to it takes no right. */
  default Map<FactKey<?>, Rights> brings(Look look) {
    return brings();
  }

  /** Looks; a fact that could not be seen is returned as unavailable, with what to grant. */
  Facts gather(Look look);
}
