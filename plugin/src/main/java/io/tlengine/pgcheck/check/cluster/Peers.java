package io.tlengine.pgcheck.check.cluster;

import io.fabric8.kubernetes.api.model.networking.v1.IPBlock;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.tlengine.pgcheck.check.cluster.EgressRules.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Whether a peer of a rule is the cluster's DNS, a pod of the namespace, or an address outside. */
final class Peers {

  /** Every namespace has its name as a label (since Kubernetes 1.22). */
  private static final String NAME_LABEL = "kubernetes.io/metadata.name";

  private static final String DNS_NAMESPACE = "kube-system";
  private static final Pattern IPV4 =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
  private static final int BYTE = 256;
  private static final int IPV4_BITS = 32;

  private Peers() {}

  /**
   * The DNS pods' labels and addresses differ from cluster to cluster; their namespace does not.
   */
  static Verdict dns(NetworkPolicyPeer peer, String namespace) {
    if (peer.getIpBlock() != null) {
      return Verdict.MAYBE;
    }
    if (peer.getNamespaceSelector() == null) {
      return namespace.equals(DNS_NAMESPACE) ? Verdict.MAYBE : Verdict.NO;
    }
    var where = namespaceMatch(peer, DNS_NAMESPACE);
    return where == Verdict.YES && peer.getPodSelector() != null ? Verdict.MAYBE : where;
  }

  /** A pod of the release, in its own namespace. */
  static Verdict pod(NetworkPolicyPeer peer, String namespace, Map<String, String> labels) {
    if (peer.getIpBlock() != null) {
      return Verdict.MAYBE;
    }
    if (peer.getPodSelector() != null && !Selectors.matches(peer.getPodSelector(), labels)) {
      return Verdict.NO;
    }
    return peer.getNamespaceSelector() == null ? Verdict.YES : namespaceMatch(peer, namespace);
  }

  /**
   * @param addresses of the database's host, as far as they are known
   * @param outside the host is certainly no pod of this cluster
   */
  static Verdict address(NetworkPolicyPeer peer, List<String> addresses, boolean outside) {
    if (peer.getIpBlock() == null) {
      return outside ? Verdict.NO : Verdict.MAYBE;
    }
    if (addresses.isEmpty()) {
      return Verdict.MAYBE;
    }
    return addresses.stream()
        .map(a -> contains(peer.getIpBlock(), a))
        .max(Enum::compareTo)
        .orElse(Verdict.MAYBE);
  }

  private static Verdict namespaceMatch(NetworkPolicyPeer peer, String name) {
    var selector = peer.getNamespaceSelector();
    if (selector == null || Selectors.empty(selector)) {
      return Verdict.YES;
    }
    var wanted =
        selector.getMatchLabels() == null ? null : selector.getMatchLabels().get(NAME_LABEL);
    if (wanted != null && !wanted.equals(name)) {
      return Verdict.NO;
    }
    boolean nameAlone =
        wanted != null
            && selector.getMatchLabels().size() == 1
            && selector.getMatchExpressions().isEmpty();
    return nameAlone ? Verdict.YES : Verdict.MAYBE;
  }

  private static Verdict contains(IPBlock block, String address) {
    var in = within(block.getCidr(), address);
    if (in.isEmpty()) {
      return Verdict.MAYBE;
    }
    boolean out = block.getExcept().stream().anyMatch(e -> within(e, address).orElse(false));
    return in.get() && !out ? Verdict.YES : Verdict.NO;
  }

  /** Empty when one of them is no IPv4. */
  private static Optional<Boolean> within(String cidr, String address) {
    int slash = cidr.indexOf('/');
    var network = ipv4(slash < 0 ? cidr : cidr.substring(0, slash));
    var host = ipv4(address);
    if (network.isEmpty() != host.isEmpty()) {
      // The other family.
      return Optional.of(false);
    }
    var bits = slash < 0 ? "32" : cidr.substring(slash + 1);
    if (network.isEmpty() || !bits.matches("\\d{1,2}")) {
      return Optional.empty();
    }
    int shift = Math.clamp(IPV4_BITS - Integer.parseInt(bits), 0, IPV4_BITS);
    return Optional.of(network.getAsLong() >>> shift == host.orElse(-1) >>> shift);
  }

  private static OptionalLong ipv4(String text) {
    var parts = IPV4.matcher(text);
    if (!parts.matches()) {
      return OptionalLong.empty();
    }
    long number = 0;
    for (int i = 1; i <= parts.groupCount(); i++) {
      number = number * BYTE + Integer.parseInt(parts.group(i));
    }
    return OptionalLong.of(number);
  }
}
