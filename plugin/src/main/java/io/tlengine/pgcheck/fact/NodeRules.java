package io.tlengine.pgcheck.fact;

import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Whether a node takes a pod, by everything but size: name, selector, required node affinity,
 * taints (Kubernetes documentation, "Assigning Pods to Nodes" and "Taints and Tolerations").
 */
public final class NodeRules {

  /** Taints that the cluster sets and takes away by itself, with the node's condition. */
  private static final String PASSING_TAINTS = "node.kubernetes.io/";

  private static final String CORDONED = "node.kubernetes.io/unschedulable";

  private NodeRules() {}

  /** Why the node would not take the pod even when it is well and empty. */
  public static Optional<String> never(PodSpec pod, Nodes.Node node) {
    if (pod.getNodeName() != null && !pod.getNodeName().equals(node.name())) {
      return Optional.of("spec.nodeName is " + pod.getNodeName());
    }
    for (var wanted : orEmpty(pod.getNodeSelector()).entrySet()) {
      if (!wanted.getValue().equals(node.labels().get(wanted.getKey()))) {
        return Optional.of(
            "its selector wants the label " + wanted.getKey() + "=" + wanted.getValue());
      }
    }
    if (!affine(pod, node)) {
      return Optional.of("its required node affinity does not match");
    }
    return node.taints().stream()
        .filter(t -> !t.getKey().startsWith(PASSING_TAINTS))
        .filter(t -> keepsOff(pod, t))
        .findFirst()
        .map(t -> "it does not tolerate the taint " + text(t));
  }

  /** Why the node does not take the pod at the moment, its size apart. */
  public static Optional<String> now(PodSpec pod, Nodes.Node node) {
    var never = never(pod, node);
    if (never.isPresent()) {
      return never;
    }
    if (node.unschedulable() && !tolerates(pod, taint(CORDONED))) {
      return Optional.of("it is cordoned");
    }
    return node.taints().stream()
        .filter(t -> keepsOff(pod, t))
        .findFirst()
        .map(t -> "it has the taint " + text(t));
  }

  private static Taint taint(String key) {
    return new Taint("NoSchedule", key, null, null);
  }

  private static String text(Taint taint) {
    return taint.getKey()
        + (taint.getValue() == null || taint.getValue().isEmpty() ? "" : "=" + taint.getValue())
        + ":"
        + taint.getEffect();
  }

  private static boolean keepsOff(PodSpec pod, Taint taint) {
    return !Objects.equals(taint.getEffect(), "PreferNoSchedule") && !tolerates(pod, taint);
  }

  private static boolean tolerates(PodSpec pod, Taint taint) {
    return pod.getTolerations().stream().anyMatch(t -> matches(t, taint));
  }

  private static boolean matches(Toleration toleration, Taint taint) {
    var effect = toleration.getEffect();
    if (effect != null && !effect.isEmpty() && !effect.equals(taint.getEffect())) {
      return false;
    }
    boolean exists = "Exists".equals(toleration.getOperator());
    var key = toleration.getKey();
    if (key == null || key.isEmpty()) {
      return exists;
    }
    return key.equals(taint.getKey())
        && (exists
            || Objects.requireNonNullElse(toleration.getValue(), "")
                .equals(Objects.requireNonNullElse(taint.getValue(), "")));
  }

  private static boolean affine(PodSpec pod, Nodes.Node node) {
    var affinity = pod.getAffinity() == null ? null : pod.getAffinity().getNodeAffinity();
    var required =
        affinity == null ? null : affinity.getRequiredDuringSchedulingIgnoredDuringExecution();
    return required == null
        || required.getNodeSelectorTerms().stream().anyMatch(t -> matches(t, node));
  }

  private static boolean matches(NodeSelectorTerm term, Nodes.Node node) {
    if (term.getMatchExpressions().isEmpty() && term.getMatchFields().isEmpty()) {
      return false;
    }
    return term.getMatchExpressions().stream().allMatch(r -> matches(r, node.labels()))
        && term.getMatchFields().stream()
            .allMatch(r -> matches(r, Map.of("metadata.name", node.name())));
  }

  private static boolean matches(NodeSelectorRequirement wanted, Map<String, String> labels) {
    var value = labels.get(wanted.getKey());
    List<String> values = wanted.getValues();
    return switch (wanted.getOperator()) {
      case "In" -> value != null && values.contains(value);
      case "NotIn" -> value == null || !values.contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      case "Gt" -> compare(value, values) > 0;
      case "Lt" -> compare(value, values) < 0;
      // An operator that did not exist when this was written: not a reason to say no.
      default -> true;
    };
  }

  /** Both as numbers; 0, which is neither greater nor less, when one is none. */
  private static int compare(@org.jspecify.annotations.Nullable String value, List<String> values) {
    var number = "-?\\d{1,18}";
    return value != null
            && values.size() == 1
            && value.matches(number)
            && values.getFirst().matches(number)
        ? Long.compare(Long.parseLong(value), Long.parseLong(values.getFirst()))
        : 0;
  }

  private static Map<String, String> orEmpty(
      @org.jspecify.annotations.Nullable Map<String, String> map) {
    return map == null ? Map.of() : map;
  }
}
