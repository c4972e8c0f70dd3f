package io.tlengine.pgcheck.gather.source;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.tlengine.pgcheck.gather.rbac.ApiRight;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;

/** What a release keeps in the cluster: its objects but for hooks, which Helm makes room for. */
public final class OrdinaryObjects {

  private static final String HOOK = "helm.sh/hook";

  private OrdinaryObjects() {}

  /** To do this with the kinds that this chart makes; another chart's may need more. */
  public static List<ApiRight> rights(String verb) {
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

  /** The rendered objects that are no hooks. */
  public static List<HasMetadata> of(Look look) {
    return look.manifests().stream().filter(m -> !hook(m)).toList();
  }

  /** Asks about all of them at the same time. */
  public static <T> List<T> each(
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
