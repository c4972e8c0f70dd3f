package io.tlengine.pgcheck.fact;

import io.tlengine.pgcheck.plan.PodShape;
import java.util.List;
import java.util.Set;

/**
 * What the release has in its namespace already, and so does not need once more.
 *
 * @param pods its pods that still run or are about to
 * @param claims the names of all claims of the namespace
 */
public record NamespaceUse(List<OwnPod> pods, Set<String> claims) {

  public NamespaceUse {
    pods = List.copyOf(pods);
    claims = Set.copyOf(claims);
  }

  /**
   * @param workload as in messages: StatefulSet/postgres
   */
  public record OwnPod(String name, String workload, PodShape shape) {}
}
