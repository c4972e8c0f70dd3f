package io.tlengine.pgcheck.check.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.LimitRangeItem;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.tlengine.pgcheck.fact.LimitRanges;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A pod as admission leaves it: what a container does not say is filled in from the limit ranges of
 * type Container (v1 LimitRangeItem default and defaultRequest).
 */
final class LimitDefaults {

  private LimitDefaults() {}

  static PodSpec apply(PodSpec spec, LimitRanges ranges) {
    var copy = new PodSpecBuilder(spec).build();
    Stream.concat(copy.getInitContainers().stream(), copy.getContainers().stream())
        .forEach(c -> fill(c, ranges));
    return copy;
  }

  private static void fill(Container container, LimitRanges ranges) {
    var old = container.getResources();
    var limits = copy(old == null ? null : old.getLimits());
    var requests = copy(old == null ? null : old.getRequests());
    // The API server sets a missing request to the limit that is written, before any default.
    limits.forEach(requests::putIfAbsent);
    ranges.items().stream()
        .flatMap(r -> r.getSpec().getLimits().stream())
        .filter(i -> i.getType().equals("Container"))
        .forEach(i -> fill(i, limits, requests));
    var filled = new ResourceRequirements();
    filled.setLimits(limits);
    filled.setRequests(requests);
    container.setResources(filled);
  }

  private static void fill(
      LimitRangeItem item, Map<String, Quantity> limits, Map<String, Quantity> requests) {
    copy(item.getDefault()).forEach(limits::putIfAbsent);
    copy(item.getDefaultRequest()).forEach(requests::putIfAbsent);
  }

  private static Map<String, Quantity> copy(
      @org.jspecify.annotations.Nullable Map<String, Quantity> amounts) {
    return amounts == null ? new LinkedHashMap<>() : new LinkedHashMap<>(amounts);
  }
}
