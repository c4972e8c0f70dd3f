package io.tlengine.pgcheck.check.cluster;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.Map;

/**
 * Label selectors (meta/v1 LabelSelector): an empty one takes everything, a missing one nothing.
 */
final class Selectors {

  private Selectors() {}

  static boolean matches(
      @org.jspecify.annotations.Nullable LabelSelector selector, Map<String, String> labels) {
    if (selector == null) {
      return false;
    }
    var wanted = selector.getMatchLabels();
    return (wanted == null || labels.entrySet().containsAll(wanted.entrySet()))
        && selector.getMatchExpressions().stream().allMatch(r -> matches(r, labels));
  }

  static boolean empty(LabelSelector selector) {
    return (selector.getMatchLabels() == null || selector.getMatchLabels().isEmpty())
        && selector.getMatchExpressions().isEmpty();
  }

  private static boolean matches(LabelSelectorRequirement wanted, Map<String, String> labels) {
    var value = labels.get(wanted.getKey());
    return switch (wanted.getOperator()) {
      case "In" -> value != null && wanted.getValues().contains(value);
      case "NotIn" -> value == null || !wanted.getValues().contains(value);
      case "Exists" -> value != null;
      default -> value == null;
    };
  }
}
