package io.tlengine.pgcheck.gather.cluster;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.NodeRules;
import io.tlengine.pgcheck.fact.Nodes;
import io.tlengine.pgcheck.fact.Nodes.Node;
import io.tlengine.pgcheck.gather.api.Reads;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.gather.rbac.ApiRight;
import io.tlengine.pgcheck.gather.rbac.Rights;
import io.tlengine.pgcheck.gather.source.FactSource;
import io.tlengine.pgcheck.gather.source.Look;
import io.tlengine.pgcheck.gather.source.Parallel;
import io.tlengine.pgcheck.plan.Amounts;
import io.tlengine.pgcheck.plan.PodShape;
import java.math.BigDecimal;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * Nodes and the room on them. Of a large cluster only some nodes' pods are looked at: when the
 * release fits there, it fits.
 */
public final class NodeSource implements FactSource {

  private static final ApiRight LIST_NODES = ApiRight.inCluster("", "nodes", "list");
  private static final ApiRight LIST_PODS = ApiRight.inCluster("", "pods", "list");
  private static final long MOST_NODES = 500;
  private static final int NODES_WITH_PODS = 20;

  /** Node groups that an autoscaler or a provider may let grow, and nodes that are none. */
  private static final List<String> ELASTIC_LABELS =
      List.of(
          "karpenter.sh/nodepool",
          "karpenter.sh/provisioner-name",
          "eks.amazonaws.com/nodegroup",
          "eks.amazonaws.com/compute-type",
          "alpha.eksctl.io/nodegroup-name",
          "cloud.google.com/gke-nodepool",
          "kubernetes.azure.com/agentpool",
          "doks.digitalocean.com/node-pool",
          "k8s.scaleway.com/pool-name");

  private static final String AUTOSCALER_ANNOTATIONS = "cluster-autoscaler.kubernetes.io/";

  @Override
  public Map<FactKey<?>, Rights> brings() {
    return Map.of(FactKey.NODES, Rights.of(LIST_NODES, LIST_PODS));
  }

  @Override
  public Facts gather(Look look) {
    return look.none()
        .with(FactKey.NODES, Reads.fact(LIST_NODES, look.namespace(), () -> nodes(look)));
  }

  private static Nodes nodes(Look look) {
    var list =
        look.cluster()
            .client()
            .nodes()
            .list(new ListOptionsBuilder().withLimit(MOST_NODES).build());
    var nodes = list.getItems().stream().map(NodeSource::node).toList();
    var continued = list.getMetadata() == null ? null : list.getMetadata().getContinue();
    boolean more = continued != null && !continued.isEmpty();
    var useful =
        nodes.stream()
            .filter(
                n ->
                    look.plan().workloads().stream()
                        .anyMatch(w -> NodeRules.now(w.pod(), n).isEmpty()))
            .limit(NODES_WITH_PODS)
            .toList();
    var seen = new ArrayList<>(nodes);
    try {
      var taken =
          Parallel.all(
              useful.stream().map(n -> (Callable<Amounts>) () -> taken(look, n.name())).toList());
      for (int i = 0; i < taken.size(); i++) {
        seen.set(nodes.indexOf(useful.get(i)), with(useful.get(i), taken.get(i)));
      }
      return new Nodes(seen, more, Optional.empty(), "");
    } catch (KubernetesClientException e) {
      return e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
          ? new Nodes(
              nodes,
              more,
              Optional.of("you may not " + LIST_PODS.action("")),
              Failure.remedy(e, LIST_PODS.grant("")))
          : new Nodes(
              nodes,
              more,
              Optional.of("could not " + LIST_PODS.action("") + ": " + Failure.of(e)),
              "run again");
    }
  }

  /** The requests of the pods on the node that are not the release's own. */
  private static Amounts taken(Look look, String node) {
    return look
        .cluster()
        .client()
        .pods()
        .inAnyNamespace()
        .withField("spec.nodeName", node)
        .list()
        .getItems()
        .stream()
        .filter(OwnPods::running)
        .filter(p -> OwnPods.workload(look, p).isEmpty())
        .map(p -> PodShape.of(p.getSpec()).requests().plus(Amounts.of("pods", BigDecimal.ONE)))
        .reduce(Amounts.NONE, Amounts::plus);
  }

  private static Node node(io.fabric8.kubernetes.api.model.Node node) {
    var metadata = node.getMetadata();
    var labels = Objects.requireNonNullElse(metadata.getLabels(), Map.<String, String>of());
    var annotations =
        Objects.requireNonNullElse(metadata.getAnnotations(), Map.<String, String>of());
    boolean elastic =
        ELASTIC_LABELS.stream().anyMatch(labels::containsKey)
            || "virtual-kubelet".equals(labels.get("type"))
            || Stream.concat(labels.keySet().stream(), annotations.keySet().stream())
                .anyMatch(k -> k.startsWith(AUTOSCALER_ANNOTATIONS));
    return new Node(
        metadata.getName(),
        labels,
        node.getSpec().getTaints(),
        Boolean.TRUE.equals(node.getSpec().getUnschedulable()),
        Amounts.of(node.getStatus().getAllocatable()),
        Optional.empty(),
        elastic);
  }

  private static Node with(Node node, Amounts taken) {
    return new Node(
        node.name(),
        node.labels(),
        node.taints(),
        node.unschedulable(),
        node.allocatable(),
        Optional.of(taken),
        node.elastic());
  }
}
