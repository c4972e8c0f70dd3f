package io.tlengine.pgcheck.check.storage;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import io.tlengine.pgcheck.fact.StorageClasses.StorageClassFact;
import io.tlengine.pgcheck.fact.StorageNodes.StorageNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes a pod may be scheduled to, as far as its own rules say: spec.nodeSelector, required
 * node affinity, taints and tolerations (v1 PodSpec). How full they are is not asked.
 */
final class NodeFit {

  private NodeFit() {}

  static boolean eligible(PodSpec pod, StorageNode node) {
    return tolerates(pod, node) && selects(pod, node);
  }

  /** The class may make volumes for this node (StorageClass allowedTopologies). */
  static boolean allowed(StorageClassFact storageClass, StorageNode node) {
    return storageClass.topologies().isEmpty()
        || storageClass.topologies().stream()
            .anyMatch(
                term ->
                    term.entrySet().stream()
                        .allMatch(e -> e.getValue().contains(node.labels().get(e.getKey()))));
  }

  /** A selector on a node's labels; none selects nothing here, as an empty one does not. */
  static boolean matches(@Nullable LabelSelector selector, Map<String, String> labels) {
    if (selector == null) {
      return false;
    }
    var wanted = selector.getMatchLabels();
    return (wanted == null
            || wanted.entrySet().stream()
                .allMatch(e -> e.getValue().equals(labels.get(e.getKey()))))
        && selector.getMatchExpressions().stream().allMatch(r -> matches(r, labels));
  }

  private static boolean matches(LabelSelectorRequirement rule, Map<String, String> labels) {
    return compare(rule.getOperator(), labels.get(rule.getKey()), rule.getValues());
  }

  private static boolean tolerates(PodSpec pod, StorageNode node) {
    if (node.unschedulable() && !tolerated(pod, cordon())) {
      return false;
    }
    return node.taints().stream()
        .filter(t -> !"PreferNoSchedule".equals(t.getEffect()))
        .allMatch(t -> tolerated(pod, t));
  }

  /** What a cordoned node has, whether or not the taint has been set yet. */
  private static Taint cordon() {
    return new Taint("NoSchedule", "node.kubernetes.io/unschedulable", null, null);
  }

  private static boolean tolerated(PodSpec pod, Taint taint) {
    return pod.getTolerations().stream().anyMatch(t -> tolerates(t, taint));
  }

  private static boolean tolerates(Toleration toleration, Taint taint) {
    boolean effect =
        blank(toleration.getEffect()) || toleration.getEffect().equals(taint.getEffect());
    boolean exists = "Exists".equals(toleration.getOperator());
    if (blank(toleration.getKey())) {
      return effect && exists;
    }
    return effect
        && toleration.getKey().equals(taint.getKey())
        && (exists
            || Objects.toString(toleration.getValue(), "")
                .equals(Objects.toString(taint.getValue(), "")));
  }

  private static boolean selects(PodSpec pod, StorageNode node) {
    var selector = pod.getNodeSelector();
    if (selector != null
        && !selector.entrySet().stream()
            .allMatch(e -> e.getValue().equals(node.labels().get(e.getKey())))) {
      return false;
    }
    var affinity = pod.getAffinity();
    var required =
        affinity == null || affinity.getNodeAffinity() == null
            ? null
            : affinity.getNodeAffinity().getRequiredDuringSchedulingIgnoredDuringExecution();
    return required == null
        || required.getNodeSelectorTerms().stream().anyMatch(t -> matches(t, node));
  }

  /** An empty term selects nothing. */
  private static boolean matches(NodeSelectorTerm term, StorageNode node) {
    if (term.getMatchExpressions().isEmpty() && term.getMatchFields().isEmpty()) {
      return false;
    }
    return term.getMatchExpressions().stream()
            .allMatch(r -> matches(r, node.labels().get(r.getKey())))
        && term.getMatchFields().stream().allMatch(r -> matches(r, node.name()));
  }

  private static boolean matches(NodeSelectorRequirement rule, @Nullable String value) {
    return compare(rule.getOperator(), value, rule.getValues());
  }

  private static boolean compare(String operator, @Nullable String value, List<String> wanted) {
    return switch (operator) {
      case "In" -> value != null && wanted.contains(value);
      case "NotIn" -> value == null || !wanted.contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      case "Gt" -> number(value) > number(wanted.getFirst());
      case "Lt" -> value != null && number(value) < number(wanted.getFirst());
      // A new operator: the node is not left out because this tool does not know it.
      default -> true;
    };
  }

  private static long number(@Nullable String value) {
    return value != null && value.matches("-?\\d{1,18}") ? Long.parseLong(value) : Long.MIN_VALUE;
  }

  private static boolean blank(@Nullable String text) {
    return text == null || text.isEmpty();
  }
}
