package io.tlengine.pgcheck.fact;

import java.util.List;
import java.util.Optional;

/**
 * What became of a real claim, and of what one pod wrote to it and the next one read.
 *
 * @param claim the planned claim that it copies
 * @param storageClass that the claim got, or named
 * @param size requested
 */
public record VolumeProbe(String claim, String storageClass, String size, Ending ending) {

  /** How far it came. */
  public sealed interface Ending {

    /**
     * The second pod read what the first one wrote.
     *
     * @param provisioningMillis from the creation of the claim until it was bound; with
     *     WaitForFirstConsumer that includes the scheduling of the pod
     * @param flushMicros how long single writes of 8 KiB with fsync took, sorted
     * @param fileSystemBytes the size of the file system that the claim gave, if df told it
     */
    record Kept(
        long provisioningMillis,
        List<Long> flushMicros,
        Optional<Long> fileSystemBytes,
        String writtenOn,
        String readOn)
        implements Ending {
      public Kept {
        flushMicros = List.copyOf(flushMicros);
      }
    }

    /** The second pod read something else. */
    record Lost(String written, String read) implements Ending {}

    /** No volume came in time. */
    record NotProvisioned(long waitedMillis, String said) implements Ending {}

    /** The volume came, and could not be mounted, written or read. */
    record NotUsable(String step, String said) implements Ending {}

    /** Something else stood in the way, so nothing was shown about the volume. */
    record Undecided(String reason, String remedy) implements Ending {}
  }
}
