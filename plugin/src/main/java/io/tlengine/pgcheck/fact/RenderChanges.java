package io.tlengine.pgcheck.fact;

import java.util.List;

/**
 * Where a second rendering with the same arguments differs from the first.
 *
 * @param paths object and field, as {@code Secret/db data.password}; never a value, since it may be
 *     a random password
 */
public record RenderChanges(List<String> paths) {
  public RenderChanges {
    paths = List.copyOf(paths);
  }
}
