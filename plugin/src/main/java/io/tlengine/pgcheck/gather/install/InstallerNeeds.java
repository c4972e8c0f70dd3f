package io.tlengine.pgcheck.gather.install;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.tlengine.pgcheck.gather.helm.HelmArguments.Apply;
import io.tlengine.pgcheck.gather.rbac.ApiRight;
import io.tlengine.pgcheck.gather.source.Look;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What Helm does at the API server in an install or upgrade: it looks for each object, makes it or
 * changes it, deletes hooks, waits for their end, and keeps the release in Secrets (Helm,
 * pkg/action and pkg/storage/driver; tried out with both majors).
 */
final class InstallerNeeds {

  private static final String HOOK = "helm.sh/hook";
  private static final Set<String> MAKE_PODS =
      Set.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet");

  private InstallerNeeds() {}

  /**
   * One thing that the installing user must be allowed to do.
   *
   * @param namespace empty for the whole cluster
   * @param why the first object or step that takes it
   */
  record Need(String verb, String group, String resource, Optional<String> namespace, String why) {

    ApiRight right() {
      return new ApiRight(namespace.isEmpty(), group, resource, verb);
    }
  }

  static boolean hook(HasMetadata object) {
    return !events(object).isEmpty();
  }

  /** {@code helm test} runs it, and no install does. */
  static boolean test(HasMetadata object) {
    return events(object).startsWith("test");
  }

  private static String events(HasMetadata object) {
    var annotations = object.getMetadata().getAnnotations();
    return annotations == null ? "" : Objects.requireNonNullElse(annotations.get(HOOK), "").strip();
  }

  /**
   * @param exists by object; empty when it is not known, which asks for both
   * @param serverSideApply Helm 4 patches what it makes, too
   */
  static List<Need> of(
      Look look,
      ApiKinds kinds,
      Map<HasMetadata, Optional<Boolean>> exists,
      boolean serverSideApply) {
    var needs = new LinkedHashMap<ApiKey, Need>();
    for (var object : look.manifests()) {
      if (kinds.knows(object) && !test(object)) {
        verbs(object, exists.getOrDefault(object, Optional.empty()), serverSideApply)
            .forEach(
                verb ->
                    add(
                        needs,
                        new Need(
                            verb,
                            ApiKinds.group(object),
                            kinds.resource(object),
                            kinds.namespace(object),
                            object.getKind() + "/" + object.getMetadata().getName())));
        if (!hook(object)) {
          waiting(look.arguments().apply(), object, kinds, serverSideApply)
              .forEach(need -> add(needs, need));
        }
      }
    }
    for (var verb : List.of("get", "list", "create", "update", "delete")) {
      add(
          needs,
          new Need(
              verb, "", "secrets", Optional.of(look.namespace()), "Helm's record of the release"));
    }
    return List.copyOf(needs.values());
  }

  /**
   * What --wait looks at: Helm 3 at a Deployment's ReplicaSets, Helm 4 at all objects, and at the
   * pods of those that make some.
   */
  private static List<Need> waiting(
      Apply apply, HasMetadata object, ApiKinds kinds, boolean helm4) {
    if (!apply.waits()) {
      return List.of();
    }
    var namespace = kinds.namespace(object);
    var why = "--wait on " + object.getKind() + "/" + object.getMetadata().getName();
    var needs = new ArrayList<Need>();
    if (object.getKind().equals("Deployment")) {
      needs.add(new Need("list", "apps", "replicasets", namespace, why));
    }
    if (helm4 && apply.watches()) {
      for (var verb : List.of("list", "watch")) {
        needs.add(new Need(verb, ApiKinds.group(object), kinds.resource(object), namespace, why));
      }
      if (MAKE_PODS.contains(object.getKind())) {
        needs.add(new Need("list", "", "pods", namespace, why));
      }
    }
    return needs;
  }

  private record ApiKey(String verb, String group, String resource, Optional<String> namespace) {}

  private static void add(Map<ApiKey, Need> needs, Need need) {
    needs.putIfAbsent(
        new ApiKey(need.verb(), need.group(), need.resource(), need.namespace()), need);
  }

  private static List<String> verbs(
      HasMetadata object, Optional<Boolean> exists, boolean serverSideApply) {
    var verbs = new ArrayList<>(List.of("get"));
    if (hook(object)) {
      // Made anew each time, and watched to its end when it can end.
      verbs.addAll(List.of("create", "delete"));
      if (object.getKind().equals("Job") || object.getKind().equals("Pod")) {
        verbs.addAll(List.of("list", "watch"));
      }
    } else {
      if (!exists.orElse(false)) {
        verbs.add("create");
      }
      if (exists.orElse(true)) {
        verbs.add("patch");
      }
    }
    if (serverSideApply && !verbs.contains("patch")) {
      verbs.add("patch");
    }
    return verbs;
  }
}
