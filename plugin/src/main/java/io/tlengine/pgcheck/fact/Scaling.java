package io.tlengine.pgcheck.fact;

import java.util.List;
import java.util.Optional;

/**
 * What the scaling scenario saw: a StatefulSet was brought to each of a row of numbers of pods.
 *
 * @param namespace of the StatefulSet
 * @param independent each pod has data of its own; otherwise they are copies of one primary
 * @param ordered podManagementPolicy is OrderedReady
 * @param path the numbers of pods, beginning and ending with the one that was found
 * @param pods those that were gone for a while and came back
 * @param moves one for each step of the path
 * @param replication of a set of copies, before and after
 * @param trouble why it could not be carried through; then the path is not complete
 */
public record Scaling(
    String namespace,
    String set,
    boolean independent,
    boolean ordered,
    List<Integer> path,
    List<ReturnedPod> pods,
    List<Move> moves,
    Optional<Replication> replication,
    Optional<String> trouble) {

  public Scaling {
    path = List.copyOf(path);
    pods = List.copyOf(pods);
    moves = List.copyOf(moves);
  }

  /**
   * A pod that was scaled away and back.
   *
   * @param claimWhileGone the UID of its claim while there was no such pod; empty: it was not there
   * @param rows what became of the rows that were written there, or on the primary
   */
  public record ReturnedPod(
      String pod,
      PodDeletion.Instance before,
      Optional<String> claimWhileGone,
      PodDeletion.Instance after,
      List<RowSet> rows) {

    public ReturnedPod {
      rows = List.copyOf(rows);
    }
  }

  /**
   * From one number of pods to the next.
   *
   * @param events in the order of the API server's watch
   * @param complete the watch saw everything: it was never interrupted
   */
  public record Move(int from, int to, List<PodEvent> events, boolean complete) {
    public Move {
      events = List.copyOf(events);
    }
  }

  /** Something that became of the pod with this ordinal. */
  public record PodEvent(int ordinal, Kind kind) {
    /** In the order of a pod's life. */
    public enum Kind {
      MADE,
      READY,
      /** It was told to end. */
      ENDING,
      GONE
    }
  }

  /**
   * What a primary says of its standbys.
   *
   * @param before replication slots by name, before the scaling
   * @param lost slots that are no longer there, or are no longer used, at the end
   * @param synchronousBefore its synchronous_standby_names before the scaling
   * @param synchronousAfter and at the end
   */
  public record Replication(
      List<String> before, List<String> lost, String synchronousBefore, String synchronousAfter) {
    public Replication {
      before = List.copyOf(before);
      lost = List.copyOf(lost);
    }
  }
}
