package io.tlengine.pgcheck.check.cluster;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static io.tlengine.pgcheck.check.cluster.Room.amounts;
import static io.tlengine.pgcheck.check.cluster.Room.deployment;
import static io.tlengine.pgcheck.check.cluster.Room.node;
import static io.tlengine.pgcheck.check.cluster.Room.nodes;
import static io.tlengine.pgcheck.check.cluster.Room.plan;
import static io.tlengine.pgcheck.check.cluster.Room.pod;
import static io.tlengine.pgcheck.check.cluster.Room.workload;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.NodeSelectorTermBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Nodes;
import io.tlengine.pgcheck.fact.Nodes.Node;
import io.tlengine.pgcheck.plan.Amounts;
import io.tlengine.pgcheck.plan.Plan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodsFitNodesCheckTest {

  private static final Amounts LARGE = amounts("cpu", "2", "memory", "4Gi", "pods", "10");
  private static final Taint DEDICATED = new Taint("NoSchedule", "team", null, "other");

  private static Outcome judge(Plan plan, Nodes nodes) {
    var check = new PodsFitNodesCheck();
    return check.evaluate(
        Room.facts(plan).with(FactKey.NODES, Fact.known(nodes)).view(check.facts()));
  }

  private static Plan plan1(PodSpec pod) {
    return plan(workload("Deployment", "app", 1, pod));
  }

  @Test
  void whatFitsPassesWithWhatItAsksFor() {
    var evidence =
        passed(judge(plan(deployment(2, "cpu", "1")), nodes(node("a", LARGE, Amounts.NONE))));

    assertEquals("2 cpu", evidence.get("asks"));
  }

  @Test
  void aPodLargerThanEveryNodeIsFound() {
    var finding =
        onlyFinding(
            judge(plan(deployment(1, "memory", "8Gi")), nodes(node("a", LARGE, Amounts.NONE))));

    assertEquals(
        "no node could ever hold a pod of Deployment/app, which asks for 8Gi memory",
        finding.message());
    assertEquals("a: it has only 4Gi memory", finding.detail());
  }

  @Test
  void podsThatEachFitButNotTogetherAreFound() {
    var two = nodes(node("a", LARGE, Amounts.NONE), node("b", LARGE, Amounts.NONE));

    passed(judge(plan(deployment(2, "cpu", "1500m")), two));
    var finding = onlyFinding(judge(plan(deployment(3, "cpu", "1500m")), two));
    assertEquals(
        "the release's 3 pods together do not fit into what is free on the nodes: 4500m cpu in all",
        finding.message());
    assertTrue(finding.detail().contains("a: 2 cpu, 4Gi memory, 10 pods free"), finding.detail());
  }

  @Test
  void whatOthersTookIsNotFree() {
    onlyFinding(
        judge(plan(deployment(1, "cpu", "1500m")), nodes(node("a", LARGE, amounts("cpu", "1")))));
    onlyFinding(judge(plan(deployment(1)), nodes(node("a", LARGE, amounts("pods", "10")))));
  }

  @Test
  void differentPodsArePlacedSoThatAllFit() {
    // The greedy way, the large one with most memory onto the first node, would leave no room.
    var nodes =
        nodes(
            node("a", amounts("cpu", "3", "memory", "4Gi", "pods", "9"), Amounts.NONE),
            node("b", amounts("cpu", "1", "memory", "4Gi", "pods", "9"), Amounts.NONE));
    var plan =
        plan(
            workload("StatefulSet", "db", 1, pod("cpu", "1", "memory", "3Gi")),
            workload("Deployment", "app", 1, pod("cpu", "3", "memory", "1Gi")));

    passed(judge(plan, nodes));
  }

  @Test
  void aTaintThatIsNotToleratedIsFound() {
    var tainted = nodes(node("a", LARGE, Amounts.NONE, DEDICATED));
    var tolerant =
        new PodSpecBuilder(pod())
            .withTolerations(new Toleration("NoSchedule", "team", "Equal", null, "other"))
            .build();

    assertEquals(
        "a: it does not tolerate the taint team=other:NoSchedule",
        onlyFinding(judge(plan(deployment(1)), tainted)).detail());
    passed(judge(plan1(tolerant), tainted));
    passed(
        judge(
            plan(deployment(1)),
            nodes(node("a", LARGE, Amounts.NONE, new Taint("PreferNoSchedule", "x", null, "y")))));
  }

  @Test
  void aCordonedNodeTakesNothingNow() {
    var cordoned =
        new Node("a", Map.of(), List.of(), true, LARGE, Optional.of(Amounts.NONE), false);

    var finding = onlyFinding(judge(plan(deployment(1)), nodes(cordoned)));

    assertTrue(finding.message().contains("do"), finding.message());
    assertTrue(finding.detail().contains("it is cordoned"), finding.detail());
  }

  @Test
  void aSelectorThatNoNodeHasIsFound() {
    var selecting = new PodSpecBuilder(pod()).withNodeSelector(Map.of("disk", "ssd")).build();

    assertEquals(
        "a: its selector wants the label disk=ssd",
        onlyFinding(judge(plan1(selecting), nodes(node("a", LARGE, Amounts.NONE)))).detail());
  }

  @ParameterizedTest
  @CsvSource({
    "In,a,true",
    "In,b,false",
    "NotIn,a,false",
    "NotIn,b,true",
    "Exists,,true",
    "DoesNotExist,,false",
    "Gt,1,false"
  })
  void requiredAffinityIsJudgedByItsOperator(String operator, String value, boolean fits) {
    var term =
        new NodeSelectorTermBuilder()
            .addNewMatchExpression()
            .withKey("kubernetes.io/hostname")
            .withOperator(operator)
            .withValues(value == null ? List.of() : List.of(value))
            .endMatchExpression()
            .build();
    var pod =
        new PodSpecBuilder(pod())
            .withNewAffinity()
            .withNewNodeAffinity()
            .withNewRequiredDuringSchedulingIgnoredDuringExecution()
            .withNodeSelectorTerms(term)
            .endRequiredDuringSchedulingIgnoredDuringExecution()
            .endNodeAffinity()
            .endAffinity()
            .build();

    var outcome = judge(plan1(pod), nodes(node("a", LARGE, Amounts.NONE)));

    assertEquals(fits, outcome instanceof Outcome.Passed, outcome::toString);
  }

  @Test
  void whereNodesMayBeAddedItIsUnknown() {
    var elastic = new Node("a", Map.of(), List.of(), false, LARGE, Optional.of(Amounts.NONE), true);

    assertTrue(
        unknown(judge(plan(deployment(1, "cpu", "9")), nodes(elastic))).why().contains("be added"));
    unknown(judge(plan(deployment(3, "cpu", "1500m")), nodes(elastic)));
    passed(judge(plan(deployment(1, "cpu", "1")), nodes(elastic)));
  }

  @Test
  void withoutASightOfThePodsOnTheNodesItIsUnknownUnlessNoNodeCouldEver() {
    var unseen = new Node("a", Map.of(), List.of(), false, LARGE, Optional.empty(), false);
    var nodes = new Nodes(List.of(unseen), false, Optional.of("you may not list pods"), "grant it");

    assertEquals(
        new Outcome.Unknown("you may not list pods", "grant it"),
        judge(plan(deployment(1)), nodes));
    onlyFinding(judge(plan(deployment(1, "cpu", "9")), nodes));
  }

  @Test
  void nodesThatWereNotLookedAtLeaveItOpen() {
    var unseen = new Node("b", Map.of(), List.of(), false, LARGE, Optional.empty(), false);

    unknown(
        judge(plan(deployment(2, "cpu", "1500m")), nodes(node("a", LARGE, Amounts.NONE), unseen)));
    passed(judge(plan(deployment(1, "cpu", "1")), nodes(node("a", LARGE, Amounts.NONE), unseen)));
  }

  @Test
  void tooManyWaysToPlaceThemIsUnknown() {
    var many = new Node[12];
    for (int i = 0; i < many.length; i++) {
      many[i] =
          node("n" + i, amounts("cpu", "1", "memory", (10 + i) + "Gi", "pods", "9"), Amounts.NONE);
    }
    var plan =
        plan(
            // Three fit on each node, so one is too many, but every way would have to be tried.
            workload("Deployment", "a", 13, pod("cpu", "310m", "memory", "3Gi")),
            workload("Deployment", "b", 12, pod("cpu", "320m", "memory", "2Gi")),
            workload("Deployment", "c", 12, pod("cpu", "330m", "memory", "1Gi")));

    assertTrue(unknown(judge(plan, nodes(many))).why().contains("too many ways"));
  }

  @Test
  void aReleaseWithoutPodsIsSkipped() {
    assertSkipped("the release makes no pods", judge(plan(), nodes()));
  }
}
