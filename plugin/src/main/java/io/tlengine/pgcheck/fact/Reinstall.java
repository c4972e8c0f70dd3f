package io.tlengine.pgcheck.fact;

import io.tlengine.pgcheck.fact.PodDeletion.Instance;
import java.util.List;
import java.util.Optional;

/**
 * What the reinstall scenario saw: a Helm release was uninstalled with its history kept, and rolled
 * back to the revision that it had.
 *
 * @param namespace of the StatefulSet
 * @param revision that it had, and was rolled back to
 * @param set the StatefulSet
 * @param claimWhileGone UID of the data's claim while the release was away; empty: it was not there
 * @param after empty when the release did not come back in time; then {@code trouble} says why
 * @param awayMillis from the uninstall's start until the pod was ready again
 */
public record Reinstall(
    String namespace,
    String release,
    int revision,
    String set,
    String pod,
    Instance before,
    Optional<String> claimWhileGone,
    Optional<Instance> after,
    Optional<String> trouble,
    List<RowSet> rows,
    long awayMillis) {

  public Reinstall {
    rows = List.copyOf(rows);
  }
}
