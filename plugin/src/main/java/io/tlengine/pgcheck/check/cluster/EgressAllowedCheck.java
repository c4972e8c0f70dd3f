package io.tlengine.pgcheck.check.cluster;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.check.cluster.EgressRules.Verdict;
import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.ConnectionFacts.NameLookup;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.Plan.DatabaseMode;
import io.tlengine.pgcheck.plan.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The network policies that select the database's clients let DNS and the database's port out.
 * Whether the network enforces policies at all is not looked at.
 */
public final class EgressAllowedCheck implements Check {

  private static final int DNS_PORT = 53;
  private static final int POSTGRES_PORT = 5432;
  private static final String DNS_RULE =
      "{ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]}";

  /** Labels that another version of the chart gives another value. */
  private static final Set<String> OF_THE_VERSION =
      Set.of("helm.sh/chart", "app.kubernetes.io/version", "app.kubernetes.io/managed-by");

  private static final Set<String> CLIENT_VARIABLES = Set.of("DATABASE_URL", "PGHOST");

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-310",
        "egress-allowed",
        Severity.ERROR,
        "a network policy does not let the application reach DNS or the database's port");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.PLAN, FactKey.NETWORK_POLICIES);
  }

  @Override
  public Set<FactKey<?>> uses() {
    return Set.of(FactKey.CONNECTION);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var plan = facts.get(FactKey.PLAN);
    var policies = facts.get(FactKey.NETWORK_POLICIES);
    var clients = plan.workloads().stream().filter(w -> client(w, plan)).toList();
    if (clients.isEmpty()) {
      return new Outcome.Skipped("no pod of the release is a client of the database");
    }
    var target = target(plan, facts.find(FactKey.CONNECTION), policies.namespace());
    var findings = new ArrayList<Finding>();
    var open = new ArrayList<String>();
    int selected = 0;
    for (var client : clients) {
      var rules = EgressRules.of(policies.items(), client.podLabels());
      selected += rules.policies().isEmpty() ? 0 : 1;
      if (target.byName()) {
        judge(
            client,
            rules,
            dns(rules, policies.namespace()),
            "DNS (port 53)",
            remedy(client, "dns", DNS_RULE, policies.namespace()),
            findings,
            open);
      }
      judge(
          client,
          rules,
          rules.lets(target.port(), "TCP", target.portName(), target.peer()),
          "the database (" + target.text() + ")",
          remedy(client, "database", target.rule(), policies.namespace()),
          findings,
          open);
    }
    if (findings.isEmpty() && !open.isEmpty()) {
      return new Outcome.Unknown(
          String.join("; ", open),
          "let a pod with these labels try: psql \"$DATABASE_URL\" -c '\\q'");
    }
    return Outcome.of(findings, evidence("clients", clients.size(), "underPolicies", selected));
  }

  /**
   * What a client is to reach.
   *
   * @param byName its name must be resolved first
   * @param rule the egress rule that would let it out
   */
  private record Target(
      int port,
      String portName,
      boolean byName,
      String text,
      String rule,
      Function<NetworkPolicyPeer, Verdict> peer) {}

  private static Target target(Plan plan, Optional<ConnectionFacts> connection, String namespace) {
    if (plan.mode() == DatabaseMode.STATEFULSET) {
      var set = plan.sets().getFirst();
      var pod =
          plan.workloads().stream()
              .filter(w -> w.kind().equals("StatefulSet") && w.name().equals(set.name()))
              .findFirst();
      var labels = pod.map(Workload::podLabels).orElse(Map.of());
      return new Target(
          set.port(),
          pod.map(w -> portName(w, set)).orElse(""),
          true,
          "StatefulSet/" + set.name() + " port " + set.port(),
          "{to: [{podSelector: {}}], ports: [{port: " + set.port() + "}]}",
          p -> Peers.pod(p, namespace, labels));
    }
    if (connection.isEmpty()) {
      return new Target(
          POSTGRES_PORT,
          "",
          true,
          "port " + POSTGRES_PORT,
          "{ports: [{port: " + POSTGRES_PORT + "}]}",
          p -> Verdict.MAYBE);
    }
    var to = connection.get().target();
    var resolved =
        connection.get().name() instanceof NameLookup.Resolved r
            ? r
            : new NameLookup.Resolved(List.of(), false, 0);
    // A name in a public domain is no Service of the cluster.
    boolean outside =
        to.host().contains(".")
            && !to.host().matches(".*\\.(svc|local|internal)\\.?|.*\\.svc\\..*");
    return new Target(
        to.port(),
        "",
        !resolved.literal(),
        to.address(),
        "{to: ["
            + String.join(
                ", ",
                resolved.addresses().stream()
                    .filter(a -> !a.contains(":"))
                    .map(a -> "{ipBlock: {cidr: " + a + "/32}}")
                    .toList())
            + "], ports: [{port: "
            + to.port()
            + "}]}",
        p -> Peers.address(p, resolved.addresses(), outside));
  }

  private static String portName(Workload set, DatabaseSet database) {
    return set.containers()
        .flatMap(c -> c.getPorts().stream())
        .filter(p -> p.getContainerPort() == database.port() && p.getName() != null)
        .map(ContainerPort::getName)
        .findFirst()
        .orElse("");
  }

  /** Most queries go by UDP, and long answers by TCP: either makes names resolve. */
  private static Verdict dns(EgressRules rules, String namespace) {
    var udp = rules.lets(DNS_PORT, "UDP", "dns", p -> Peers.dns(p, namespace));
    // Where the DNS pods are cannot be seen from the policy: that some rule is meant for them will
    // do.
    return udp == Verdict.MAYBE ? Verdict.YES : udp;
  }

  private static void judge(
      Workload client,
      EgressRules rules,
      Verdict verdict,
      String what,
      String remedy,
      List<Finding> findings,
      List<String> open) {
    var names = String.join(", ", rules.names());
    switch (verdict) {
      case YES -> {}
      case MAYBE ->
          open.add(
              "whether "
                  + names
                  + " lets "
                  + client.id()
                  + " reach "
                  + what
                  + " depends on addresses or labels that are not known here");
      case NO ->
          findings.add(
              Finding.error(
                  "NetworkPolicy/" + rules.names().getFirst(),
                  "the network policies that select "
                      + client.id()
                      + " ("
                      + names
                      + ") do not let it reach "
                      + what,
                  "",
                  remedy));
    }
  }

  /** A policy beside those that are there: what any of them lets out goes out. */
  private static String remedy(Workload client, String what, String rule, String namespace) {
    var labels =
        client.podLabels().entrySet().stream()
            .filter(l -> !OF_THE_VERSION.contains(l.getKey()))
            .sorted(Map.Entry.comparingByKey())
            .map(l -> l.getKey() + ": \"" + l.getValue() + "\"")
            .collect(Collectors.joining(", "));
    return "add a policy that lets it: echo '{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy,"
        + " metadata: {name: "
        + client.name()
        + "-to-"
        + what
        + "}, spec: {podSelector: {matchLabels: {"
        + labels
        + "}}, policyTypes: [Egress], egress: ["
        + rule
        + "]}}' | kubectl apply -n "
        + namespace
        + " -f -";
  }

  /** A pod that is told where the database is; the database's own pods are no clients of it. */
  private static boolean client(Workload workload, Plan plan) {
    boolean server =
        workload.kind().equals("StatefulSet")
            && plan.sets().stream().anyMatch(s -> s.name().equals(workload.name()));
    return !server
        && workload.hook().filter(Workload.Hook::test).isEmpty()
        && workload
            .containers()
            .flatMap(c -> c.getEnv().stream())
            .anyMatch(e -> CLIENT_VARIABLES.contains(e.getName()));
  }
}
