package io.tlengine.pgcheck.fact;

import java.util.Set;

/**
 * A Secret that the plan refers to, without its values.
 *
 * @param namespace where it was looked for
 * @param exists whether the API server knows it
 * @param keys the keys it holds
 * @param neededKeys the keys that the plan's containers refer to
 * @param renderedByChart the chart makes it, so it need not exist before the install
 */
public record SecretFacts(
    String namespace,
    String name,
    boolean exists,
    Set<String> keys,
    Set<String> neededKeys,
    boolean renderedByChart) {

  public SecretFacts {
    keys = Set.copyOf(keys);
    neededKeys = Set.copyOf(neededKeys);
  }
}
