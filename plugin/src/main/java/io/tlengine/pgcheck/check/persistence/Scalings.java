package io.tlengine.pgcheck.check.persistence;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.fact.Scaling;

/** What the checks of the scaling scenario say in the same words. */
final class Scalings {

  static final String CANNOT_SHOW =
      "every pod was shut down cleanly: crashes, power loss and lying disks are not shown";
  static final String LEVEL = "Level: pod deleted; " + CANNOT_SHOW;

  private Scalings() {}

  /** As in "1 -> 3 -> 0 -> 3 -> 1". */
  static String path(Scaling seen) {
    return String.join(" -> ", seen.path().stream().map(String::valueOf).toList());
  }

  /** As in "909 of 909 rows kept". */
  static String rows(Scaling seen) {
    return Rows.total(seen.pods().stream().flatMap(p -> p.rows().stream()).toList());
  }

  static Outcome unfinished(Scaling seen) {
    return new Outcome.Unknown(
        "the scaling of "
            + seen.set()
            + " along "
            + path(seen)
            + " could not be carried through: "
            + seen.trouble().orElse("no reason known"),
        "kubectl describe statefulset "
            + seen.set()
            + " -n "
            + seen.namespace()
            + "; when its pods are ready, run this command again");
  }
}
