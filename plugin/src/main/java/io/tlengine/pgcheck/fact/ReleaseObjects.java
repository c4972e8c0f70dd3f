package io.tlengine.pgcheck.fact;

import java.util.List;
import java.util.Optional;

/** The objects that the release makes, as the API server knows their kinds. */
public record ReleaseObjects(List<ReleaseObject> items) {

  public ReleaseObjects {
    items = List.copyOf(items);
  }

  /**
   * @param resource the plural, for example deployments
   * @param namespace empty when the kind is of the whole cluster
   * @param exists it is there already; empty when you may not look
   */
  public record ReleaseObject(
      String kind,
      String name,
      String group,
      String resource,
      Optional<String> namespace,
      boolean hook,
      Optional<Boolean> exists) {

    public String id() {
      return kind + "/" + name;
    }
  }
}
