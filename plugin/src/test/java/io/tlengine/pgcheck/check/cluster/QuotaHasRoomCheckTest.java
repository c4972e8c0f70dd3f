package io.tlengine.pgcheck.check.cluster;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.findings;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static io.tlengine.pgcheck.check.cluster.Room.amounts;
import static io.tlengine.pgcheck.check.cluster.Room.claim;
import static io.tlengine.pgcheck.check.cluster.Room.deployment;
import static io.tlengine.pgcheck.check.cluster.Room.limitRange;
import static io.tlengine.pgcheck.check.cluster.Room.plan;
import static io.tlengine.pgcheck.check.cluster.Room.pod;
import static io.tlengine.pgcheck.check.cluster.Room.quantities;
import static io.tlengine.pgcheck.check.cluster.Room.quota;
import static io.tlengine.pgcheck.check.cluster.Room.quotas;
import static io.tlengine.pgcheck.check.cluster.Room.workload;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.LimitRangeItemBuilder;
import io.fabric8.kubernetes.api.model.ScopedResourceSelectorRequirement;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.LimitRanges;
import io.tlengine.pgcheck.fact.NamespaceUse;
import io.tlengine.pgcheck.fact.NamespaceUse.OwnPod;
import io.tlengine.pgcheck.fact.Quotas;
import io.tlengine.pgcheck.fact.Quotas.Quota;
import io.tlengine.pgcheck.fact.ReleaseObjects;
import io.tlengine.pgcheck.fact.ReleaseObjects.ReleaseObject;
import io.tlengine.pgcheck.gather.helm.Manifests;
import io.tlengine.pgcheck.plan.Amounts;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.PlanReader;
import io.tlengine.pgcheck.plan.PodShape;
import io.tlengine.pgcheck.plan.Workload.Hook;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class QuotaHasRoomCheckTest {

  private static Facts facts(Plan plan, Quota... quotas) {
    return Room.facts(plan).with(FactKey.QUOTAS, Fact.known(quotas(quotas)));
  }

  private static Outcome judge(Facts facts) {
    var check = new QuotaHasRoomCheck();
    return check.evaluate(facts.view(check.needs()));
  }

  private static Outcome judge(Plan plan, Quota... quotas) {
    return judge(facts(plan, quotas));
  }

  private static ScopedResourceSelectorRequirement scope(
      String name, String operator, String... values) {
    return new ScopedResourceSelectorRequirement(operator, name, List.of(values));
  }

  @Test
  void withoutAQuotaThereIsNothingToLookAt() {
    assertSkipped("the namespace has no quota", judge(plan(deployment(1))));
  }

  @Test
  void whatIsLeftIsComparedWithWhatIsStillNeeded() {
    var finding =
        onlyFinding(
            judge(
                plan(deployment(3, "cpu", "250m")),
                quota(amounts("requests.cpu", "1"), amounts("requests.cpu", "500m"))));

    assertEquals(
        "the quota team leaves 500m of 1 for requests.cpu, and the release still needs 750m",
        finding.message());
    assertTrue(
        finding
            .remedy()
            .startsWith(
                "kubectl patch resourcequota team -n shop --type=merge -p"
                    + " '{\"spec\":{\"hard\":{\"requests.cpu\":\"1250m\"}}}'"),
        finding.remedy());
    passed(
        judge(
            plan(deployment(2, "cpu", "250m")),
            quota(amounts("requests.cpu", "1"), amounts("requests.cpu", "500m"))));
  }

  @Test
  void theReleasesOwnPodsAndClaimsAreNotCountedTwice() {
    var own =
        new NamespaceUse(
            List.of(
                new OwnPod("app-1", "Deployment/app", PodShape.of(pod("cpu", "250m"))),
                new OwnPod("app-2", "Deployment/app", PodShape.of(pod("cpu", "250m")))),
            Set.of("data-db-0"));
    var full =
        quota(
            amounts("requests.cpu", "500m", "pods", "2", "requests.storage", "1Gi"),
            amounts("requests.cpu", "500m", "pods", "2", "requests.storage", "1Gi"));
    var plan = plan(List.of(claim("data-db-0", "1Gi")), deployment(2, "cpu", "250m"));

    passed(judge(facts(plan, full).with(FactKey.NAMESPACE_USE, Fact.known(own))));
    assertEquals(3, findings(judge(plan, full)).size());
  }

  @Test
  void claimsCountForStorageAndForTheirClass() {
    var perClass = "local-path.storageclass.storage.k8s.io/requests.storage";
    var plan = plan(List.of(claim("data-db-0", "3Gi"), claim("data-db-1", "3Gi")));

    assertTrue(
        onlyFinding(judge(plan, quota(amounts(perClass, "5Gi"), Amounts.NONE)))
            .message()
            .contains("leaves 5Gi of 5Gi for " + perClass + ", and the release still needs 6Gi"));
    onlyFinding(judge(plan, quota(amounts("persistentvolumeclaims", "1"), Amounts.NONE)));
    passed(judge(plan, quota(amounts("persistentvolumeclaims", "2"), Amounts.NONE)));
  }

  @Test
  void withoutTheDefaultClassAQuotaByClassIsUnknown() {
    var plan = plan(List.of(claim("data-db-0", "3Gi")));
    var byClass =
        quota(amounts("a.storageclass.storage.k8s.io/requests.storage", "9Gi"), Amounts.NONE);
    var gap = new Quotas.Gap("you may not list storageclasses", "kubectl create clusterrole it");
    var blind = new Quotas("shop", List.of(byClass), Optional.empty(), Optional.of(gap));

    var unknown = unknown(judge(Room.facts(plan).with(FactKey.QUOTAS, Fact.known(blind))));

    assertTrue(unknown.why().contains("you may not list storageclasses"), unknown.why());
    assertTrue(unknown.remedy().startsWith("kubectl create clusterrole it"), unknown.remedy());
  }

  @Test
  void hooksRunOneAfterTheOther() {
    var before = Optional.of(new Hook(List.of("pre-install"), 0));
    var after = Optional.of(new Hook(List.of("post-install"), 0));
    var upgrade = Optional.of(new Hook(List.of("post-upgrade"), 0));
    var test = Optional.of(new Hook(List.of("test"), 0));
    var two = quota(amounts("pods", "2"), Amounts.NONE);

    passed(
        judge(
            plan(
                deployment(1),
                workload("Job", "a", 1, pod(), before),
                workload("Job", "b", 1, pod(), after),
                workload("Job", "c", 1, pod(), after),
                workload("Pod", "t", 5, pod(), test)),
            two));
    onlyFinding(judge(plan(deployment(2), workload("Job", "b", 1, pod(), after)), two));
    passed(judge(plan(deployment(2), workload("Job", "u", 1, pod(), upgrade)), two));
  }

  @Test
  void aScopedQuotaCountsOnlyThePodsOfItsScope() {
    var none = amounts("pods", "0");
    var plan = plan(deployment(1, "cpu", "1"));

    passed(judge(plan, quota(none, Amounts.NONE, scope("BestEffort", "Exists"))));
    passed(judge(plan, quota(none, Amounts.NONE, scope("Terminating", "Exists"))));
    passed(judge(plan, quota(none, Amounts.NONE, scope("PriorityClass", "In", "high"))));
    onlyFinding(judge(plan, quota(none, Amounts.NONE, scope("NotTerminating", "Exists"))));
    onlyFinding(judge(plan, quota(none, Amounts.NONE, scope("NotBestEffort", "Exists"))));
    onlyFinding(judge(plan, quota(none, Amounts.NONE, scope("PriorityClass", "NotIn", "high"))));
    onlyFinding(
        judge(plan(deployment(1)), quota(none, Amounts.NONE, scope("BestEffort", "Exists"))));
  }

  @Test
  void objectsThatAreNotThereYetAreCounted() {
    var objects =
        new ReleaseObjects(
            List.of(
                new ReleaseObject(
                    "Service", "a", "", "services", Optional.of("shop"), false, Optional.of(false)),
                new ReleaseObject(
                    "Service",
                    "b",
                    "",
                    "services",
                    Optional.of("shop"),
                    false,
                    Optional.of(true))));
    var facts =
        facts(
                plan(),
                quota(amounts("services", "1", "count/secrets", "0"), amounts("services", "1")))
            .with(FactKey.RELEASE_OBJECTS, Fact.known(objects));

    assertEquals(
        List.of("services", "count/secrets").stream().sorted().toList(),
        findings(judge(facts)).stream()
            .map(f -> f.message().replaceAll(".* for (\\S+), .*", "$1"))
            .sorted()
            .toList());
  }

  @Test
  void servicesCountByTheirTypeToo() {
    var plan =
        PlanReader.read(
            Manifests.parse(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: a}
                spec: {type: LoadBalancer, ports: [{port: 80}, {port: 443}]}
                """));
    var service =
        new ReleaseObject(
            "Service", "a", "", "services", Optional.of("shop"), false, Optional.of(false));
    var none =
        facts(
                plan,
                quota(
                    amounts("services.loadbalancers", "0", "services.nodeports", "1"),
                    Amounts.NONE))
            .with(FactKey.RELEASE_OBJECTS, Fact.known(new ReleaseObjects(List.of(service))));
    var enough =
        none.with(
            FactKey.QUOTAS,
            Fact.known(
                quotas(
                    quota(
                        amounts("services.loadbalancers", "1", "services.nodeports", "2"),
                        Amounts.NONE))));

    assertEquals(2, findings(judge(none)).size());
    passed(judge(enough));
  }

  @Test
  void aContainerThatDoesNotNameWhatAQuotaCountsKeepsItsPodOut() {
    var quota = quota(amounts("limits.memory", "4Gi"), Amounts.NONE);
    var plan = plan(deployment(1, "memory", "1Gi"));
    var defaults =
        limitRange(
            new LimitRangeItemBuilder()
                .withType("Container")
                .withDefault(quantities("memory", "1Gi"))
                .build());

    assertEquals(
        "the quota team counts limits.memory, and the containers main of Deployment/app do not name"
            + " it: no pod of it is let in",
        onlyFinding(judge(plan, quota)).message());
    passed(
        judge(
            facts(plan, quota)
                .with(
                    FactKey.LIMIT_RANGES, Fact.known(new LimitRanges("shop", List.of(defaults))))));
  }
}
