package io.tlengine.pgcheck.gather.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * Whether a manifest has the fields without which its kind means nothing, and which the API server
 * demands (required fields of the Kubernetes API reference). Readers of a plan rely on them.
 */
final class Structure {

  /** apimachinery, pkg/api/resource/quantity.go. */
  private static final Pattern QUANTITY =
      Pattern.compile(
          "[+-]?(\\d{1,40}(\\.\\d{0,40})?|\\.\\d{1,40})([KMGTPE]i|[numkMGTPE]|[eE][+-]?\\d{1,2})?");

  /** Where a kind has its pods' spec. */
  private static final Map<String, String> POD_SPEC =
      Map.of(
          "Pod", "/spec",
          "StatefulSet", "/spec/template/spec",
          "Deployment", "/spec/template/spec",
          "DaemonSet", "/spec/template/spec",
          "Job", "/spec/template/spec",
          "CronJob", "/spec/jobTemplate/spec/template/spec");

  /** Where other kinds have what they are about. */
  private static final Map<String, String> BODY =
      Map.of(
          "Service", "/spec",
          "PersistentVolumeClaim", "/spec",
          "PodDisruptionBudget", "/spec",
          "NetworkPolicy", "/spec",
          "HorizontalPodAutoscaler", "/spec/scaleTargetRef/name");

  private Structure() {}

  /** Takes fields whose value is null out of every map; whether there were any. */
  static boolean dropNullFields(JsonNode node) {
    boolean dropped =
        node instanceof ObjectNode object
            && object.properties().removeIf(f -> f.getValue().isNull());
    for (var child : node) {
      dropped |= dropNullFields(child);
    }
    return dropped;
  }

  static boolean complete(JsonNode object) {
    var kind = object.path("kind").asText();
    var body = BODY.get(kind);
    var pods = POD_SPEC.get(kind);
    return noNulls(object)
        && quantities(object)
        && (body == null || !object.at(body).isMissingNode())
        && (pods == null || podSpec(object.at(pods)))
        && (!kind.equals("CronJob") || object.at("/spec/schedule").isTextual())
        && all(object.at("/spec/volumeClaimTemplates"), Structure::claimTemplate);
  }

  /** No element of a list is null. */
  private static boolean noNulls(JsonNode node) {
    return !node.isNull()
        && StreamSupport.stream(node.spliterator(), false).allMatch(Structure::noNulls);
  }

  /** Every field of that name is a map of quantities, wherever it is. */
  private static boolean quantities(JsonNode node) {
    return StreamSupport.stream(node.spliterator(), false).allMatch(Structure::quantities)
        && all(node.path("requests"), Structure::quantity)
        && all(node.path("limits"), Structure::quantity);
  }

  private static boolean quantity(JsonNode value) {
    return value.isValueNode() && QUANTITY.matcher(value.asText()).matches();
  }

  private static boolean podSpec(JsonNode spec) {
    return spec.path("containers").size() > 0
        && all(spec.path("containers"), Structure::container)
        && all(spec.path("initContainers"), Structure::container)
        && all(spec.path("volumes"), v -> named(v));
  }

  private static boolean container(JsonNode container) {
    return named(container)
        && all(
            container.path("env"), e -> named(e) && all(e.path("valueFrom"), Structure::reference))
        && all(container.path("ports"), p -> p.path("containerPort").isIntegralNumber())
        && all(container.path("volumeMounts"), m -> named(m) && m.path("mountPath").isTextual());
  }

  /** To a key of a Secret or ConfigMap, or to something else, which has no key. */
  private static boolean reference(JsonNode reference) {
    return reference.has("fieldPath")
        || reference.has("resource")
        || (named(reference) && reference.path("key").isTextual());
  }

  private static boolean claimTemplate(JsonNode template) {
    return named(template.path("metadata")) && template.path("spec").isObject();
  }

  private static boolean named(JsonNode node) {
    return !node.path("name").asText("").isBlank();
  }

  private static boolean all(JsonNode of, java.util.function.Predicate<JsonNode> test) {
    return StreamSupport.stream(of.spliterator(), false).allMatch(test);
  }
}
