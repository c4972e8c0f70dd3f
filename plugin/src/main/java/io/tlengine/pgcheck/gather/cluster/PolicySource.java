package io.tlengine.pgcheck.gather.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.tlengine.pgcheck.fact.DisruptionBudgets;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.NetworkPolicies;
import io.tlengine.pgcheck.gather.api.Reads;
import io.tlengine.pgcheck.gather.rbac.ApiRight;
import io.tlengine.pgcheck.gather.rbac.Rights;
import io.tlengine.pgcheck.gather.source.FactSource;
import io.tlengine.pgcheck.gather.source.Look;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Disruption budgets and network policies of the release, and the policies already there. */
public final class PolicySource implements FactSource {

  private static final ApiRight LIST_POLICIES =
      ApiRight.inNamespace("networking.k8s.io", "networkpolicies", "list");

  /** Helm's mark of ownership. */
  private static final String RELEASE_ANNOTATION = "meta.helm.sh/release-name";

  @Override
  public Map<FactKey<?>, Rights> brings() {
    return Map.of(
        FactKey.DISRUPTION_BUDGETS, Rights.none(),
        FactKey.NETWORK_POLICIES, Rights.of(LIST_POLICIES));
  }

  @Override
  public Facts gather(Look look) {
    var planned = planned(look, NetworkPolicy.class);
    return look.none()
        .with(
            FactKey.DISRUPTION_BUDGETS,
            Fact.known(new DisruptionBudgets(planned(look, PodDisruptionBudget.class))))
        .with(
            FactKey.NETWORK_POLICIES,
            // In a new namespace there are no others.
            look.newNamespace()
                ? Fact.known(new NetworkPolicies(look.namespace(), planned))
                : Reads.fact(
                    LIST_POLICIES,
                    look.namespace(),
                    () ->
                        new NetworkPolicies(
                            look.namespace(),
                            Stream.concat(planned.stream(), others(look, planned)).toList())));
  }

  private static <T extends HasMetadata> List<T> planned(Look look, Class<T> type) {
    return look.manifests().stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** The policies of the namespace that the release neither makes anew nor takes away. */
  private static Stream<NetworkPolicy> others(Look look, List<NetworkPolicy> planned) {
    var names = planned.stream().map(p -> p.getMetadata().getName()).collect(Collectors.toSet());
    return look
        .cluster()
        .client()
        .network()
        .v1()
        .networkPolicies()
        .inNamespace(look.namespace())
        .list()
        .getItems()
        .stream()
        .filter(p -> !names.contains(p.getMetadata().getName()))
        .filter(
            p ->
                p.getMetadata().getAnnotations() == null
                    || !look.arguments()
                        .release()
                        .equals(p.getMetadata().getAnnotations().get(RELEASE_ANNOTATION)));
  }
}
