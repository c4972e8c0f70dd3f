package io.tlengine.pgcheck.fact;

import java.util.List;
import java.util.Optional;

/**
 * What lies in the claims that an earlier install left, and which server the planned image has.
 * Majors are written as PG_VERSION has them: 17, or 9.6.
 *
 * @param items those that a pod was to look into
 */
public record OldData(List<OnClaim> items) {

  public OldData {
    items = List.copyOf(items);
  }

  public record OnClaim(String claim, Look look) {}

  /** How far a look came. */
  public sealed interface Look {

    /**
     * A pod has looked.
     *
     * @param directories the data directories in the volume
     * @param closed directories that the database's user may not read
     * @param servers the majors of the image's servers: more than one when it has several
     */
    record Seen(List<Directory> directories, List<String> closed, List<String> servers)
        implements Look {
      public Seen {
        directories = List.copyOf(directories);
        closed = List.copyOf(closed);
        servers = List.copyOf(servers);
      }
    }

    /** No pod could look, or none was let near. */
    record Unseen(String why) implements Look {}
  }

  /**
   * @param path in the volume; empty for its root
   */
  public record Directory(String path, String major) {}

  public Optional<Look> of(String claim) {
    return items.stream().filter(i -> i.claim().equals(claim)).findFirst().map(OnClaim::look);
  }
}
