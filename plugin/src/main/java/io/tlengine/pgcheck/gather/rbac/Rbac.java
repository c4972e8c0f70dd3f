package io.tlengine.pgcheck.gather.rbac;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Rights as the Role and the ClusterRole that give them, in YAML for kubectl apply. */
public final class Rbac {

  private static final String NAME = "pgcheck-preflight";

  private Rbac() {}

  /** Of Role and ClusterRole only the one that a right takes. */
  public static String yaml(Collection<ApiRight> rights, String namespace) {
    var yaml = new StringBuilder();
    append(yaml, rights, namespace, false);
    append(yaml, rights, namespace, true);
    return yaml.toString();
  }

  private static void append(
      StringBuilder yaml, Collection<ApiRight> rights, String namespace, boolean clusterWide) {
    // Resources of one group with the same verbs share a rule.
    Map<String, TreeSet<String>> verbs = new TreeMap<>();
    rights.stream()
        .filter(r -> r.clusterWide() == clusterWide)
        .forEach(
            r ->
                verbs
                    .computeIfAbsent(r.group() + " " + r.resource(), k -> new TreeSet<>())
                    .add(r.verb()));
    if (verbs.isEmpty()) {
      return;
    }
    Map<String, TreeSet<String>> resources = new TreeMap<>();
    verbs.forEach(
        (resource, of) -> {
          int blank = resource.indexOf(' ');
          resources
              .computeIfAbsent(resource.substring(0, blank) + " " + list(of), k -> new TreeSet<>())
              .add(resource.substring(blank + 1));
        });
    yaml.append("apiVersion: rbac.authorization.k8s.io/v1\n")
        .append("kind: ")
        .append(clusterWide ? "ClusterRole" : "Role")
        .append("\nmetadata:\n  name: " + NAME + "\n")
        .append(clusterWide ? "" : "  namespace: " + namespace + "\n")
        .append("rules:\n");
    resources.forEach(
        (key, of) -> {
          int blank = key.indexOf(' ');
          yaml.append("  - apiGroups: ")
              .append(list(List.of(key.substring(0, blank))))
              .append("\n    resources: ")
              .append(list(of))
              .append("\n    verbs: ")
              .append(key.substring(blank + 1))
              .append('\n');
        });
    yaml.append("---\n");
  }

  private static String list(Collection<String> words) {
    return "[" + String.join(", ", words.stream().map(w -> '"' + w + '"').toList()) + "]";
  }
}
