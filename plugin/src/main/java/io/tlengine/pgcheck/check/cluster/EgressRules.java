package io.tlengine.pgcheck.check.cluster;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a pod's policies let out (networking.k8s.io/v1 NetworkPolicy): without one that selects it
 * everything, else the union of their rules.
 *
 * @param policies those that select the pod for egress
 */
record EgressRules(List<NetworkPolicy> policies) {

  enum Verdict {
    NO,
    /** It depends on labels or addresses that are not known here. */
    MAYBE,
    YES
  }

  static EgressRules of(List<NetworkPolicy> all, Map<String, String> podLabels) {
    return new EgressRules(
        all.stream()
            .filter(EgressRules::forEgress)
            .filter(p -> Selectors.matches(p.getSpec().getPodSelector(), podLabels))
            .toList());
  }

  /**
   * @param protocol TCP or UDP
   * @param portName the port's name at the pod that is reached, or an empty text
   * @param peer whether a rule's peer is the one that is to be reached
   */
  Verdict lets(
      int port, String protocol, String portName, Function<NetworkPolicyPeer, Verdict> peer) {
    if (policies.isEmpty()) {
      return Verdict.YES;
    }
    var best = Verdict.NO;
    for (var policy : policies) {
      for (var rule : policy.getSpec().getEgress()) {
        var verdict = ports(rule, port, protocol, portName) ? peers(rule, peer) : Verdict.NO;
        best = verdict.compareTo(best) > 0 ? verdict : best;
      }
    }
    return best;
  }

  List<String> names() {
    return policies.stream().map(p -> p.getMetadata().getName()).toList();
  }

  /** Without policyTypes a policy is for egress exactly when it has egress rules. */
  private static boolean forEgress(NetworkPolicy policy) {
    var types = policy.getSpec().getPolicyTypes();
    return types.isEmpty() ? !policy.getSpec().getEgress().isEmpty() : types.contains("Egress");
  }

  private static Verdict peers(
      NetworkPolicyEgressRule rule, Function<NetworkPolicyPeer, Verdict> peer) {
    return rule.getTo().isEmpty()
        ? Verdict.YES
        : rule.getTo().stream().map(peer).max(Enum::compareTo).orElse(Verdict.NO);
  }

  private static boolean ports(
      NetworkPolicyEgressRule rule, int port, String protocol, String portName) {
    return rule.getPorts().isEmpty()
        || rule.getPorts().stream().anyMatch(p -> covers(p, port, protocol, portName));
  }

  private static boolean covers(
      NetworkPolicyPort rule, int port, String protocol, String portName) {
    var wanted = rule.getProtocol() == null ? "TCP" : rule.getProtocol();
    if (!wanted.equals(protocol)) {
      return false;
    }
    if (rule.getPort() == null) {
      return true;
    }
    var number = rule.getPort().getIntVal();
    if (number == null) {
      return !portName.isEmpty() && portName.equals(rule.getPort().getStrVal());
    }
    return rule.getEndPort() == null ? number == port : number <= port && port <= rule.getEndPort();
  }
}
