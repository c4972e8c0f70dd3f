package io.tlengine.pgcheck.gather;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;

/** What a release keeps in the cluster: its objects but for hooks, which Helm makes room for. */
final class OrdinaryObjects {

  private static final String HOOK = "helm.sh/hook";

  private OrdinaryObjects() {}

  /** To do this with the kinds that this chart makes; another chart's may need more. */
  static List<ApiRight> rights(String verb) {
    return Stream.of(
            "/secrets",
            "/configmaps",
            "/services",
            "/serviceaccounts",
            "apps/deployments",
            "apps/statefulsets",
            "batch/jobs",
            "autoscaling/horizontalpodautoscalers",
            "policy/poddisruptionbudgets",
            "networking.k8s.io/networkpolicies")
        .map(kind -> kind.split("/", 2))
        .map(kind -> ApiRight.inNamespace(kind[0], kind[1], verb))
        .toList();
  }

  static List<HasMetadata> of(Look look) {
    return look.manifests().stream().filter(m -> !hook(m)).toList();
  }

  /** Asks about all of them at the same time. */
  static <T> List<T> each(
      List<HasMetadata> objects, Function<HasMetadata, ? extends Collection<T>> question) {
    return Parallel.all(
            objects.stream().map(o -> (Callable<Collection<T>>) () -> question.apply(o)).toList())
        .stream()
        .flatMap(Collection::stream)
        .toList();
  }

  private static boolean hook(HasMetadata object) {
    var annotations = object.getMetadata().getAnnotations();
    return annotations != null && annotations.containsKey(HOOK);
  }
}
