package io.tlengine.pgcheck.fact;

import java.util.List;

/**
 * What a server-side apply of the release's objects, without force, says to other managers' fields.
 *
 * @param objects how many objects were tried
 */
public record FieldConflicts(int objects, List<FieldConflict> items) {

  public FieldConflicts {
    items = List.copyOf(items);
  }

  /**
   * @param object as in messages: Deployment/tl-engine
   * @param field as the server writes it: .spec.replicas
   * @param manager who owns it, in metadata.managedFields
   * @param live the value that it has, (not shown) when it is not a plain one
   * @param wanted the value that the chart has
   */
  public record FieldConflict(
      String object, String field, String manager, String live, String wanted) {}
}
