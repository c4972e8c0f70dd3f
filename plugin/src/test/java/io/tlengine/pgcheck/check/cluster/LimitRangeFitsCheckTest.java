package io.tlengine.pgcheck.check.cluster;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.cluster.Room.claim;
import static io.tlengine.pgcheck.check.cluster.Room.container;
import static io.tlengine.pgcheck.check.cluster.Room.deployment;
import static io.tlengine.pgcheck.check.cluster.Room.limitRange;
import static io.tlengine.pgcheck.check.cluster.Room.plan;
import static io.tlengine.pgcheck.check.cluster.Room.quantities;
import static io.tlengine.pgcheck.check.cluster.Room.workload;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.LimitRangeItem;
import io.fabric8.kubernetes.api.model.LimitRangeItemBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.LimitRanges;
import io.tlengine.pgcheck.fact.NamespaceUse;
import io.tlengine.pgcheck.plan.Plan;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LimitRangeFitsCheckTest {

  private static Outcome judge(Plan plan, LimitRangeItem... items) {
    return judge(plan, Set.of(), items);
  }

  private static Outcome judge(Plan plan, Set<String> claims, LimitRangeItem... items) {
    var check = new LimitRangeFitsCheck();
    return check.evaluate(
        Room.facts(plan)
            .with(FactKey.NAMESPACE_USE, Fact.known(new NamespaceUse(List.of(), claims)))
            .with(
                FactKey.LIMIT_RANGES,
                Fact.known(
                    new LimitRanges(
                        "shop", items.length == 0 ? List.of() : List.of(limitRange(items)))))
            .view(check.needs()));
  }

  private static LimitRangeItemBuilder type(String type) {
    return new LimitRangeItemBuilder().withType(type);
  }

  @Test
  void withoutALimitRangeThereIsNothingToLookAt() {
    assertSkipped("the namespace has no limit range", judge(plan(deployment(1))));
  }

  @Test
  void aContainerBelowTheLeastIsFound() {
    var least = type("Container").withMin(quantities("cpu", "200m")).build();

    var finding = onlyFinding(judge(plan(deployment(1, "cpu", "100m")), least));

    assertEquals(
        "the container main of Deployment/app asks for 100m of cpu; the limit range bounds wants at"
            + " least 200m of cpu",
        finding.message());
    assertTrue(
        finding
            .remedy()
            .contains(
                "kubectl patch limitrange bounds -n shop --type=json -p"
                    + " '[{\"op\":\"replace\",\"path\":\"/spec/limits/0/min/cpu\",\"value\":\"100m\"}]'"),
        finding.remedy());
    passed(judge(plan(deployment(1, "cpu", "200m")), least));
  }

  @Test
  void aMostNeedsALimitAndDefaultsGiveOne() {
    var most = type("Container").withMax(quantities("memory", "1Gi"));

    onlyFinding(judge(plan(deployment(1, "memory", "512Mi")), most.build()));
    passed(
        judge(
            plan(deployment(1, "memory", "512Mi")),
            most.withDefault(quantities("memory", "1Gi")).build()));
  }

  @Test
  void theRatioOfLimitToRequestIsBounded() {
    var ratio = type("Container").withMaxLimitRequestRatio(quantities("cpu", "2")).build();
    var pod =
        new PodSpecBuilder()
            .withContainers(container(quantities("cpu", "100m"), quantities("cpu", "300m")))
            .build();

    assertTrue(
        onlyFinding(judge(plan(workload("Job", "j", 1, pod)), ratio))
            .message()
            .contains("has a limit of 3 times its request for cpu"));
  }

  @Test
  void aPodIsTheSumOfItsContainers() {
    var most = type("Pod").withMax(quantities("cpu", "1")).build();
    var half = container(Map.of(), quantities("cpu", "600m"));
    var one = new PodSpecBuilder().withContainers(half).build();
    var two = new PodSpecBuilder().withContainers(half, half).build();

    passed(judge(plan(workload("Deployment", "app", 1, one)), most));
    assertTrue(
        onlyFinding(judge(plan(workload("Deployment", "app", 1, two)), most))
            .message()
            .startsWith("a pod of Deployment/app asks for 1200m of cpu"));
  }

  @Test
  void aNewClaimMustFitAndAnOldOneNeedNot() {
    var bounds =
        type("PersistentVolumeClaim")
            .withMin(quantities("storage", "1Gi"))
            .withMax(quantities("storage", "2Gi"))
            .build();
    var large = plan(List.of(claim("data-db-0", "5Gi"), claim("data-db-1", "5Gi")));

    assertEquals(
        "the claims of StatefulSet/db asks for 5Gi of storage; the limit range bounds wants at most"
            + " 2Gi of storage",
        onlyFinding(judge(large, bounds)).message());
    passed(judge(plan(List.of(claim("data-db-0", "1Gi"))), bounds));
    passed(judge(large, Set.of("data-db-0", "data-db-1"), bounds));
  }
}
