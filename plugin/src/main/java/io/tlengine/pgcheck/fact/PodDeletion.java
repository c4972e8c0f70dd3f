package io.tlengine.pgcheck.fact;

import java.util.List;
import java.util.Optional;

/**
 * What the pod deletion scenario saw: the database's pods deleted one after another, then all of
 * them at once. A database of one pod has one deletion, which is both.
 *
 * @param namespace of the StatefulSet
 * @param set the StatefulSet
 * @param rounds in order; what comes after one that went wrong is left out
 * @param obstacle why the rounds that are missing were not made
 */
public record PodDeletion(
    String namespace,
    String set,
    Software software,
    List<Round> rounds,
    Optional<String> obstacle) {

  public PodDeletion {
    rounds = List.copyOf(rounds);
  }

  /** Pods that were deleted at the same time. */
  public record Round(List<DeletedPod> pods) {
    public Round {
      pods = List.copyOf(pods);
    }

    public boolean together() {
      return pods.size() > 1;
    }
  }

  /**
   * One pod, deleted by us: the deletion named its UID and was accepted.
   *
   * @param after empty when its successor did not answer in time; then {@code trouble} says why
   * @param goneMillis from the deletion's request until the pod was gone
   * @param readyMillis from the deletion's request until the successor was ready
   * @param servedMillis from the deletion's request until the successor answered, through the
   *     tunnel: the time without service
   */
  public record DeletedPod(
      String pod,
      Instance before,
      Optional<Instance> after,
      Optional<String> trouble,
      List<RowSet> rows,
      long goneMillis,
      long readyMillis,
      long servedMillis) {

    public DeletedPod {
      rows = List.copyOf(rows);
    }
  }

  /**
   * The server in a pod at one time.
   *
   * @param podUid metadata.uid of the pod
   * @param claim the claim that holds the data directory; empty when it lies on no claim
   * @param claimUid its metadata.uid
   * @param volume its spec.volumeName
   * @param systemIdentifier pg_control_system().system_identifier, made by initdb; Redis has none
   */
  public record Instance(
      String podUid,
      String node,
      Optional<String> claim,
      Optional<String> claimUid,
      Optional<String> volume,
      Optional<String> systemIdentifier) {}
}
