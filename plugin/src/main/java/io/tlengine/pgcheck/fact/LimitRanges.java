package io.tlengine.pgcheck.fact;

import io.fabric8.kubernetes.api.model.LimitRange;
import java.util.List;

/** The namespace's limit ranges (v1 LimitRange). */
public record LimitRanges(String namespace, List<LimitRange> items) {

  public LimitRanges {
    items = List.copyOf(items);
  }
}
