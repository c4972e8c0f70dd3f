package io.tlengine.pgcheck.check.storage;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.findings;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Situations.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tlengine.pgcheck.check.CheckRunner;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.Claims;
import io.tlengine.pgcheck.fact.Claims.ClaimFact;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.StorageClasses;
import io.tlengine.pgcheck.fact.StorageClasses.StorageClassFact;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.Plan.DatabaseMode;
import io.tlengine.pgcheck.plan.Plan.PlannedClaim;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StorageClassResolvesCheckTest {

  private static final String INSTALL =
      "install a storage provisioner with a default StorageClass (minikube: minikube addons enable"
          + " storage-provisioner default-storageclass)";
  private static final StorageClassFact FAST = storageClass("fast", false, 1);
  private static final StorageClassFact LOCAL = storageClass("local-path", true, 2);

  private static StorageClassFact storageClass(String name, boolean isDefault, int age) {
    return new StorageClassFact(
        name,
        name + ".io",
        isDefault,
        NOW.minus(Duration.ofDays(age)),
        "WaitForFirstConsumer",
        true,
        "Delete",
        List.of());
  }

  private static PlannedClaim claim(int ordinal, Optional<String> storageClass) {
    return new PlannedClaim(
        "postgres", "data-postgres-" + ordinal, storageClass, "1Gi", List.of("ReadWriteOnce"));
  }

  private static ClaimFact existing(String phase) {
    return new ClaimFact(
        "data-postgres-0",
        "uid",
        phase,
        Optional.of("gone"),
        "pv-1",
        1L << 30,
        List.of("ReadWriteOnce"),
        Map.of(),
        NOW);
  }

  private static Plan plan(PlannedClaim... claims) {
    return new Plan(
        DatabaseMode.STATEFULSET,
        List.of(),
        List.of(),
        Arrays.asList(claims),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty());
  }

  private static Outcome judge(
      Plan plan, List<StorageClassFact> classes, List<ClaimFact> existing) {
    var check = new StorageClassResolvesCheck();
    var facts =
        Situations.facts(FactKey.PLAN, plan)
            .with(FactKey.STORAGE_CLASSES, Fact.known(new StorageClasses(classes)))
            .with(FactKey.CLAIMS, Fact.known(new Claims(existing)));
    return check.evaluate(facts.view(check.needs()));
  }

  @Test
  void aNamedClassThatExistsPasses() {
    var evidence =
        passed(judge(plan(claim(0, Optional.of("fast"))), List.of(FAST, LOCAL), List.of()));

    assertEquals(Map.of("fast", "fast.io"), evidence.get("classes"));
  }

  @Test
  void theDefaultClassCountsWhenNoneIsNamed() {
    var evidence = passed(judge(plan(claim(0, Optional.empty())), List.of(FAST, LOCAL), List.of()));

    assertEquals(Map.of("(default)", "local-path by local-path.io"), evidence.get("classes"));
  }

  @Test
  void anEmptyNameMeansAVolumeMadeByHandAndPasses() {
    passed(judge(plan(claim(0, Optional.of(""))), List.of(), List.of()));
  }

  @Test
  void aClassThatDoesNotExistFailsOnceForAllClaimsOfTheSet() {
    var outcome =
        judge(
            plan(claim(0, Optional.of("gold")), claim(1, Optional.of("gold"))),
            List.of(LOCAL, FAST),
            List.of());

    assertEquals(
        Finding.error(
            "StorageClass/gold",
            "the storage class gold of 2 claims does not exist; the cluster has fast, local-path",
            "",
            "name one that exists: --set-string"
                + " database.statefulset.storage.className=local-path"),
        onlyFinding(outcome));
  }

  @Test
  void aClusterWithoutAnyClassGetsAnotherRemedyThanToChooseOne() {
    var named = onlyFinding(judge(plan(claim(0, Optional.of("gold"))), List.of(), List.of()));
    var unnamed = onlyFinding(judge(plan(claim(0, Optional.empty())), List.of(), List.of()));

    assertEquals(
        "the storage class gold of data-postgres-0 does not exist; the cluster has none",
        named.message());
    assertEquals(INSTALL, named.remedy());
    assertEquals(INSTALL, unnamed.remedy());
  }

  @Test
  void noNameAndNoDefaultFails() {
    assertEquals(
        Finding.error(
            "StorageClass",
            "data-postgres-0 names no storage class and the cluster has no default one; the"
                + " cluster has fast",
            "",
            "name one: --set-string database.statefulset.storage.className=fast; or make it the"
                + " default: kubectl annotate --overwrite storageclass fast"
                + " storageclass.kubernetes.io/is-default-class=true"),
        onlyFinding(judge(plan(claim(0, Optional.empty())), List.of(FAST), List.of())));
  }

  @Test
  void ofSeveralDefaultsTheMostRecentWinsWithAWarning() {
    var older = storageClass("older", true, 9);

    assertEquals(
        Finding.warning(
            "StorageClass/local-path",
            "there are 2 default storage classes, local-path, older; the most recently created,"
                + " local-path, is used for data-postgres-0",
            "",
            "keep one default: kubectl annotate --overwrite storageclass older"
                + " storageclass.kubernetes.io/is-default-class=false"),
        onlyFinding(judge(plan(claim(0, Optional.empty())), List.of(older, LOCAL), List.of())));
  }

  @Test
  void claimsOfDifferentClassesAreJudgedEachForItself() {
    var outcome =
        judge(
            plan(claim(0, Optional.of("gold")), claim(1, Optional.empty())),
            List.of(FAST),
            List.of());

    assertEquals(
        List.of("StorageClass/gold", "StorageClass"),
        findings(outcome).stream().map(Finding::subject).toList());
  }

  @Test
  void aClaimThatIsBoundAlreadyNeedsNoClass() {
    var bound = existing("Bound");

    var evidence = passed(judge(plan(claim(0, Optional.of("gone"))), List.of(), List.of(bound)));

    assertEquals("all of them are bound already", evidence.get("note"));
  }

  @Test
  void aClaimThatIsPendingStillNeedsItsClass() {
    var pending = existing("Pending");

    onlyFinding(judge(plan(claim(0, Optional.of("gone"))), List.of(FAST), List.of(pending)));
  }

  @Test
  void aReleaseWithoutClaimsIsSkipped() {
    assertSkipped("the release makes no claims", judge(plan(), List.of(), List.of()));
  }

  @Test
  void withoutTheRightToListClassesItIsUnknown() {
    var facts =
        Situations.facts(FactKey.PLAN, plan(claim(0, Optional.empty())))
            .with(
                FactKey.STORAGE_CLASSES,
                Fact.unavailable("you may not list storageclasses", "grant it"))
            .with(FactKey.CLAIMS, Fact.known(new Claims(List.of())));

    var answer =
        CheckRunner.run(List.of(new StorageClassResolvesCheck()), facts, Map.of()).getFirst();

    assertEquals(
        new Outcome.Unknown("you may not list storageclasses", "grant it"), answer.outcome());
  }
}
