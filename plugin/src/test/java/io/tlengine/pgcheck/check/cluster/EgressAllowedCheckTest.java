package io.tlengine.pgcheck.check.cluster;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.findings;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static io.tlengine.pgcheck.check.cluster.Room.plan;
import static io.tlengine.pgcheck.check.cluster.Room.pod;
import static io.tlengine.pgcheck.check.cluster.Room.workload;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.NetworkPolicies;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.Plan.DatabaseMode;
import io.tlengine.pgcheck.plan.Workload;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EgressAllowedCheckTest {

  private static final NetworkPolicyEgressRule DNS = rule(List.of(), port("UDP", 53));

  private static Workload client() {
    var container =
        new ContainerBuilder().withName("main").addNewEnv().withName("DATABASE_URL").endEnv();
    return workload(
        "Deployment", "app", 1, new PodSpecBuilder().withContainers(container.build()).build());
  }

  /** With db.example.com at 203.0.113.7. */
  private static Outcome external(NetworkPolicy... policies) {
    return judge(plan(client()), true, policies);
  }

  private static Outcome inCluster(NetworkPolicy... policies) {
    var set =
        new DatabaseSet(
            "db",
            1,
            0,
            "main",
            5432,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    var plan =
        new Plan(
            DatabaseMode.STATEFULSET,
            List.of(),
            List.of(set),
            List.of(),
            List.of(),
            List.of(client(), workload("StatefulSet", "db", 1, pod())),
            List.of(),
            List.of(),
            List.of(),
            Optional.empty());
    return judge(plan, false, policies);
  }

  private static Outcome judge(Plan plan, boolean connected, NetworkPolicy... policies) {
    var check = new EgressAllowedCheck();
    var facts =
        Room.facts(plan)
            .with(
                FactKey.NETWORK_POLICIES,
                Fact.known(new NetworkPolicies("shop", Arrays.asList(policies))));
    if (connected) {
      facts = facts.with(FactKey.CONNECTION, Fact.known(Situations.connection().facts()));
    }
    return check.evaluate(facts.view(check.facts()));
  }

  private static NetworkPolicy policy(String app, NetworkPolicyEgressRule... rules) {
    return new NetworkPolicyBuilder()
        .withNewMetadata()
        .withName("closed")
        .endMetadata()
        .withNewSpec()
        .withNewPodSelector()
        .withMatchLabels(app.isEmpty() ? Map.of() : Map.of("app", app))
        .endPodSelector()
        .withPolicyTypes("Egress")
        .withEgress(rules)
        .endSpec()
        .build();
  }

  private static NetworkPolicyPort port(String protocol, int number) {
    return new NetworkPolicyPort(null, new IntOrString(number), protocol);
  }

  private static NetworkPolicyEgressRule rule(
      List<NetworkPolicyPeer> to, NetworkPolicyPort... ports) {
    return new NetworkPolicyEgressRuleBuilder().withTo(to).withPorts(ports).build();
  }

  private static NetworkPolicyPeer block(String cidr, String... except) {
    return new NetworkPolicyPeerBuilder()
        .withNewIpBlock()
        .withCidr(cidr)
        .withExcept(except)
        .endIpBlock()
        .build();
  }

  private static NetworkPolicyPeer pods(String app) {
    return new NetworkPolicyPeerBuilder()
        .withNewPodSelector()
        .withMatchLabels(Map.of("app", app))
        .endPodSelector()
        .build();
  }

  private static NetworkPolicyPeer namespace(Map<String, String> labels) {
    return new NetworkPolicyPeerBuilder()
        .withNewNamespaceSelector()
        .withMatchLabels(labels)
        .endNamespaceSelector()
        .build();
  }

  @Test
  void withoutAPolicyThatSelectsThePodsEverythingIsAllowed() {
    assertEquals(0, passed(external()).get("underPolicies"));
    passed(external(policy("other")));
    var ingressOnly =
        new NetworkPolicyBuilder(policy("app")).editSpec().withPolicyTypes("Ingress").endSpec();
    passed(external(ingressOnly.build()));
  }

  @Test
  void anEmptyPolicyClosesBoth() {
    assertEquals(2, findings(external(policy(""))).size());
  }

  @Test
  void dnsAloneDoesNotReachTheDatabase() {
    var finding = onlyFinding(external(policy("app", DNS)));

    assertEquals(
        "the network policies that select Deployment/app (closed) do not let it reach the database"
            + " (db.example.com:5432)",
        finding.message());
    assertEquals(
        "add a policy that lets it: echo '{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy,"
            + " metadata: {name: app-to-database}, spec: {podSelector: {matchLabels: {app:"
            + " \"app\"}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr:"
            + " 203.0.113.7/32}}], ports: [{port: 5432}]}]}}' | kubectl apply -n shop -f -",
        finding.remedy());
  }

  @Test
  void theDatabaseAloneLeavesItsNameUnresolved() {
    assertTrue(
        onlyFinding(external(policy("app", rule(List.of(), port("TCP", 5432)))))
            .message()
            .contains("DNS (port 53)"));
  }

  @Test
  void rulesOfSeveralPoliciesAreAddedUp() {
    passed(external(policy("app", DNS), policy("", rule(List.of(), port("TCP", 5432)))));
  }

  @Test
  void theAddressMustLieInABlockAndInNoException() {
    passed(external(policy("app", DNS, rule(List.of(block("203.0.113.0/24")), port("TCP", 5432)))));
    onlyFinding(
        external(policy("app", DNS, rule(List.of(block("192.0.2.0/24")), port("TCP", 5432)))));
    onlyFinding(
        external(
            policy(
                "app",
                DNS,
                rule(List.of(block("203.0.113.0/24", "203.0.113.7/32")), port("TCP", 5432)))));
  }

  @Test
  void aRangeOfPortsAndARuleWithoutPortsCount() {
    var range = new NetworkPolicyPort(6000, new IntOrString(5000), "TCP");

    passed(external(policy("app", DNS, rule(List.of(), range))));
    passed(external(policy("app", rule(List.of()))));
    onlyFinding(external(policy("app", DNS, rule(List.of(), port("TCP", 5433)))));
  }

  @Test
  void aSelectorOfPodsIsNoAddressOutside() {
    onlyFinding(external(policy("app", DNS, rule(List.of(pods("db")), port("TCP", 5432)))));
  }

  @Test
  void inTheClusterThePodsLabelsDecide() {
    passed(inCluster(policy("app", DNS, rule(List.of(pods("db")), port("TCP", 5432)))));
    onlyFinding(inCluster(policy("app", DNS, rule(List.of(pods("web")), port("TCP", 5432)))));
    passed(
        inCluster(
            policy(
                "app",
                DNS,
                rule(
                    List.of(namespace(Map.of("kubernetes.io/metadata.name", "shop"))),
                    port("TCP", 5432)))));
    onlyFinding(
        inCluster(
            policy(
                "app",
                DNS,
                rule(
                    List.of(namespace(Map.of("kubernetes.io/metadata.name", "other"))),
                    port("TCP", 5432)))));
  }

  @Test
  void labelsOfANamespaceThatAreNotKnownLeaveItOpen() {
    var outcome =
        unknown(
            inCluster(
                policy(
                    "app",
                    DNS,
                    rule(List.of(namespace(Map.of("team", "data"))), port("TCP", 5432)))));

    assertTrue(outcome.why().contains("labels"), outcome.why());
  }

  @Test
  void dnsInItsOwnNamespaceIsNotReachedByPodsOfThisOne() {
    var database = rule(List.of(), port("TCP", 5432));

    onlyFinding(external(policy("app", database, rule(List.of(pods("dns")), port("UDP", 53)))));
    passed(
        external(
            policy(
                "app",
                database,
                rule(
                    List.of(namespace(Map.of("kubernetes.io/metadata.name", "kube-system"))),
                    port("UDP", 53)))));
  }

  @Test
  void anUnknownAddressLeavesABlockOpen() {
    var policy = policy("app", DNS, rule(List.of(block("192.0.2.0/24")), port("TCP", 5432)));

    unknown(judge(plan(client()), false, policy));
  }

  @Test
  void aReleaseWithoutClientsIsSkipped() {
    assertSkipped(
        "no pod of the release is a client of the database",
        judge(plan(workload("Deployment", "web", 1, pod())), false));
  }
}
