package io.tlengine.pgcheck.check.cluster;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.check.cluster.Placing.Group;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.LimitRanges;
import io.tlengine.pgcheck.fact.NodeRules;
import io.tlengine.pgcheck.fact.Nodes;
import io.tlengine.pgcheck.fact.Nodes.Node;
import io.tlengine.pgcheck.plan.Amounts;
import io.tlengine.pgcheck.plan.PodShape;
import io.tlengine.pgcheck.plan.Workload;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Some node could hold each pod of the plan (selector, required node affinity, taints, size), and
 * all pods together fit into what the nodes have free; the release's own pods count as free. Sizes
 * are effective requests (Kubernetes documentation, "Sidecar Containers", resource sharing).
 */
public final class PodsFitNodesCheck implements Check {

  private static final String WATCH =
      "what is taken: kubectl describe nodes; or let the install tell: kubectl get events -A"
          + " --field-selector reason=FailedScheduling";

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-305",
        "pods-fit-nodes",
        Severity.ERROR,
        "no node could hold a pod, or all pods together do not fit into what is free");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.PLAN, FactKey.NODES);
  }

  @Override
  public Set<FactKey<?>> uses() {
    return Set.of(FactKey.LIMIT_RANGES);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var nodes = facts.get(FactKey.NODES);
    var limits = facts.find(FactKey.LIMIT_RANGES).orElse(new LimitRanges("", List.of()));
    var workloads =
        facts.get(FactKey.PLAN).workloads().stream()
            .filter(w -> !w.kind().equals("DaemonSet"))
            .filter(w -> w.hook().filter(Workload.Hook::test).isEmpty())
            .toList();
    if (workloads.isEmpty()) {
      return new Outcome.Skipped("the release makes no pods");
    }
    var findings = new ArrayList<Finding>();
    workloads.forEach(w -> never(w, size(w, limits), nodes).ifPresent(findings::add));
    if (!findings.isEmpty()) {
      return nodes.more() || elastic(nodes)
          ? new Outcome.Unknown(
              findings.getFirst().message()
                  + (nodes.more()
                      ? "; there are more nodes than were looked at"
                      : "; but nodes may be added, or are virtual"),
              WATCH)
          : Outcome.of(findings, evidence("nodes", nodes.items().size()));
    }
    if (nodes.gap().isPresent()) {
      return new Outcome.Unknown(nodes.gap().get(), nodes.grant());
    }
    return together(workloads, limits, nodes);
  }

  /** What would keep it off every node, even if they were all empty. */
  private static Optional<Finding> never(Workload workload, Amounts size, Nodes nodes) {
    var refusals = new ArrayList<String>();
    for (var node : nodes.items()) {
      var refusal =
          NodeRules.never(workload.pod(), node)
              .or(() -> tooLarge(size, node.allocatable(), "has only "));
      if (refusal.isEmpty()) {
        return Optional.empty();
      }
      refusals.add(node.name() + ": " + refusal.get());
    }
    return Optional.of(
        Finding.error(
            workload.id(),
            "no node could ever hold a pod of " + workload.id() + ", which asks for " + text(size),
            some(refusals),
            "ask for less or change selector, affinity and tolerations in the chart's values, or"
                + " label a node: kubectl label node NODE KEY=VALUE; see: kubectl get nodes"
                + " --show-labels"));
  }

  private static Outcome together(List<Workload> workloads, LimitRanges limits, Nodes nodes) {
    var seen = nodes.items().stream().filter(n -> n.taken().isPresent()).toList();
    var room =
        seen.stream().map(n -> n.allocatable().minus(n.taken().orElse(Amounts.NONE))).toList();
    // Hooks are over before the next one begins; a CronJob's pods come and go.
    var lasting =
        workloads.stream().filter(w -> w.hook().isEmpty() && !w.kind().equals("CronJob")).toList();
    var groups = lasting.stream().map(w -> group(w, limits, seen)).toList();
    int pods = lasting.stream().mapToInt(Workload::replicas).sum();
    var all =
        groups.stream().map(g -> g.each().times(g.pods())).reduce(Amounts.NONE, Amounts::plus);
    return switch (Placing.place(room, groups)) {
      case FITS ->
          new Outcome.Passed(
              evidence("pods", pods, "asks", text(all), "nodes", nodes.items().size()));
      case UNDECIDED ->
          new Outcome.Unknown("there are too many ways to place " + pods + " pods", WATCH);
      case DOES_NOT_FIT -> {
        var message =
            "the release's "
                + pods
                + (pods == 1 ? " pod does" : " pods together do")
                + " not fit into what is free on the nodes: "
                + text(all)
                + " in all";
        var free = new ArrayList<String>();
        for (int i = 0; i < seen.size(); i++) {
          free.add(free(lasting, seen.get(i), room.get(i)));
        }
        boolean open = elastic(nodes) || nodes.more() || unseen(lasting, nodes);
        yield open
            ? new Outcome.Unknown(
                message + "; but nodes may be added, or not all were looked at", WATCH)
            : new Outcome.Failed(
                List.of(
                    Finding.error(
                        "Nodes",
                        message,
                        free.isEmpty() ? "no node takes them at the moment" : some(free),
                        "free room or add a node, or ask for less in the chart's values (replicas,"
                            + " resources.requests); what takes it: kubectl describe nodes")),
                evidence("nodes", nodes.items().size()));
      }
    };
  }

  private static Group group(Workload workload, LimitRanges limits, List<Node> seen) {
    return new Group(
        workload.replicas(),
        size(workload, limits),
        IntStream.range(0, seen.size())
            .filter(i -> NodeRules.now(workload.pod(), seen.get(i)).isEmpty())
            .boxed()
            .collect(Collectors.toSet()));
  }

  private static Amounts size(Workload workload, LimitRanges limits) {
    return PodShape.of(LimitDefaults.apply(workload.pod(), limits))
        .requests()
        .plus(Amounts.of("pods", BigDecimal.ONE));
  }

  private static Optional<String> tooLarge(Amounts size, Amounts room, String what) {
    return size.byName().entrySet().stream()
        .filter(e -> e.getValue().signum() > 0 && e.getValue().compareTo(room.get(e.getKey())) > 0)
        .findFirst()
        .map(e -> "it " + what + Amounts.text(e.getKey(), room.get(e.getKey())) + " " + e.getKey());
  }

  private static String free(List<Workload> lasting, Node node, Amounts room) {
    var refusal =
        lasting.stream()
            .map(w -> NodeRules.now(w.pod(), node).orElse(""))
            .filter(r -> !r.isEmpty())
            .findFirst();
    return node.name()
        + ": "
        + Amounts.text("cpu", room.get("cpu"))
        + " cpu, "
        + Amounts.text("memory", room.get("memory"))
        + " memory, "
        + Amounts.text("pods", room.get("pods"))
        + " pods free"
        + refusal.map(r -> " (" + r + ")").orElse("");
  }

  private static boolean elastic(Nodes nodes) {
    return nodes.items().stream().anyMatch(Node::elastic);
  }

  /** Nodes that would take a pod and whose pods were not looked at. */
  private static boolean unseen(List<Workload> lasting, Nodes nodes) {
    return nodes.items().stream()
        .filter(n -> n.taken().isEmpty())
        .anyMatch(n -> lasting.stream().anyMatch(w -> NodeRules.now(w.pod(), n).isEmpty()));
  }

  private static String text(Amounts size) {
    var parts =
        size.byName().entrySet().stream()
            .filter(e -> !e.getKey().equals("pods") && e.getValue().signum() > 0)
            .sorted(Map.Entry.comparingByKey())
            .map(e -> Amounts.text(e.getKey(), e.getValue()) + " " + e.getKey())
            .toList();
    return parts.isEmpty() ? "nothing" : String.join(", ", parts);
  }

  /** The first few: a large cluster has too many to read. */
  private static String some(List<String> lines) {
    int most = 5;
    return String.join("; ", lines.subList(0, Math.min(most, lines.size())))
        + (lines.size() > most ? "; and " + (lines.size() - most) + " more" : "");
  }
}
