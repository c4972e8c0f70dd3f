package io.tlengine.pgcheck.scenario.statefulset;

import java.util.ArrayList;
import java.util.List;

/** Which numbers of pods a set is brought to. */
public final class ScalingPath {

  /** The lab scales to this many. */
  private static final int LAB = 3;

  private ScalingPath() {}

  /** Each pod has data of its own: down to 1, out to the lab's 3, all away, and back. */
  public static List<Integer> independent(int replicas) {
    int peak = Math.max(LAB, replicas);
    return withoutRepeats(List.of(replicas, Math.min(1, replicas), peak, 0, peak, replicas));
  }

  /** Copies of a primary: the first one stays, so that reading goes on. */
  public static List<Integer> copies(int replicas) {
    return withoutRepeats(List.of(replicas, 1, replicas));
  }

  private static List<Integer> withoutRepeats(List<Integer> path) {
    var result = new ArrayList<Integer>();
    for (var number : path) {
      if (result.isEmpty() || !result.getLast().equals(number)) {
        result.add(number);
      }
    }
    return result;
  }
}
