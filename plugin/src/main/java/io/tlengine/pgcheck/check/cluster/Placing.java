package io.tlengine.pgcheck.check.cluster;

import io.tlengine.pgcheck.plan.Amounts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Whether pods fit on nodes together: tries every way, so that a "no" is sure; up to a bound,
 * beyond which nobody knows.
 */
final class Placing {

  enum Verdict {
    FITS,
    DOES_NOT_FIT,
    /** Too many ways to try. */
    UNDECIDED
  }

  /**
   * Pods that are alike.
   *
   * @param nodes where they may go, as indexes
   */
  record Group(int pods, Amounts each, Set<Integer> nodes) {}

  private static final int MOST_STEPS = 100_000;

  private final List<Amounts> room;
  private final List<Group> pods = new ArrayList<>();
  private int steps = 0;

  private Placing(List<Amounts> room) {
    this.room = new ArrayList<>(room);
  }

  static Verdict place(List<Amounts> room, List<Group> groups) {
    var placing = new Placing(room);
    // The largest first: what does not fit shows early.
    groups.stream()
        .sorted(Comparator.comparing((Group g) -> g.each().get("memory")).reversed())
        .forEach(
            g -> {
              for (int i = 0; i < g.pods(); i++) {
                placing.pods.add(g);
              }
            });
    boolean fits = placing.place(0, 0);
    return fits
        ? Verdict.FITS
        : placing.steps > MOST_STEPS ? Verdict.UNDECIDED : Verdict.DOES_NOT_FIT;
  }

  /**
   * @param from pods that are alike are interchangeable: each goes to the node of the one before it
   *     or a later one
   */
  private boolean place(int pod, int from) {
    if (pod == pods.size()) {
      return true;
    }
    var group = pods.get(pod);
    for (int node = from; node < room.size(); node++) {
      if (++steps > MOST_STEPS) {
        return false;
      }
      var left = room.get(node);
      if (group.nodes().contains(node) && group.each().within(left)) {
        room.set(node, left.minus(group.each()));
        boolean alike = pod + 1 < pods.size() && pods.get(pod + 1).equals(group);
        if (place(pod + 1, alike ? node : 0)) {
          return true;
        }
        room.set(node, left);
      }
    }
    return false;
  }
}
