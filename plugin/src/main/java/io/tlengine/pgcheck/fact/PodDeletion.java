package io.tlengine.pgcheck.fact;

import java.util.List;
import java.util.Optional;

/**
 * What the pod deletion scenario saw: the database before, the deletion, the database after.
 *
 * @param set the StatefulSet
 * @param pod the pod that was deleted
 * @param after empty when the successor did not become ready in time; then {@code trouble} says why
 * @param deletedMillis from the deletion's request until the pod was gone
 * @param readyMillis from the deletion's request until the successor was ready
 */
public record PodDeletion(
    String set,
    String pod,
    Instance before,
    Optional<Instance> after,
    Optional<String> trouble,
    List<RowSet> rows,
    long deletedMillis,
    long readyMillis) {

  public PodDeletion {
    rows = List.copyOf(rows);
  }

  /**
   * The database server at one time.
   *
   * @param podUid metadata.uid of the pod
   * @param claim the claim that holds the data directory; empty when it lies on no claim
   * @param claimUid its metadata.uid
   * @param volume its spec.volumeName
   * @param systemIdentifier pg_control_system().system_identifier, made by initdb
   */
  public record Instance(
      String podUid,
      String node,
      Optional<String> claim,
      Optional<String> claimUid,
      Optional<String> volume,
      String systemIdentifier) {}
}
