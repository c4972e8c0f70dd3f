package io.tlengine.pgcheck.fact;

import java.util.List;

/**
 * What Helm and the cluster already have under the release's names.
 *
 * @param exists Helm knows the release
 * @param status as {@code helm status} says it, for example deployed or pending-install; empty when
 *     it does not exist
 * @param revision of the last one, 0 when it does not exist
 * @param backTo the revision to come back to, where one hangs: the last that was deployed, else the
 *     last that ended; 0: nobody knows one, or none hangs
 * @param takenNames objects of the plan that exist and are not this release's
 */
public record ReleaseFacts(
    boolean exists, String status, int revision, int backTo, List<TakenName> takenNames) {

  public ReleaseFacts {
    takenNames = List.copyOf(takenNames);
  }

  /**
   * An object that exists under a name of the plan.
   *
   * @param owner who made it, in words: "the release shop/tl", "Argo CD", "nobody's release"
   * @param byArgoCd it carries Argo CD's tracking
   */
  public record TakenName(String kind, String name, String owner, boolean byArgoCd) {
    public String id() {
      return kind + "/" + name;
    }
  }
}
