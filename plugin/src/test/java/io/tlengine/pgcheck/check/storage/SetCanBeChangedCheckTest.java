package io.tlengine.pgcheck.check.storage;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.Claims;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.SetChanges;
import io.tlengine.pgcheck.fact.SetChanges.FieldChange;
import io.tlengine.pgcheck.fact.SetChanges.SetChange;
import io.tlengine.pgcheck.fact.StorageClasses;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SetCanBeChangedCheckTest {

  private static final String SIZE = "volumeClaimTemplates[data].spec.resources.requests.storage";

  private static Outcome judge(SetChange... changes) {
    return Situations.judge(
        new SetCanBeChangedCheck(), FactKey.SET_CHANGES, new SetChanges("shop", List.of(changes)));
  }

  private static SetChange refused(boolean deletesClaims, FieldChange... fields) {
    return new SetChange.Refused(
        "db", 2, 1, deletesClaims, List.of(fields), "updates to statefulset spec are forbidden");
  }

  @Test
  void aChangeThatTheServerTakesPasses() {
    assertEquals(List.of("db"), passed(judge(new SetChange.Possible("db"))).get("sets"));
  }

  @Test
  void aLargerSizeNeedsTheClaimsFirstAndThenANewSet() {
    var finding = onlyFinding(judge(refused(false, new FieldChange(SIZE, "1Gi", "2Gi"))));

    assertEquals("StatefulSet/db", finding.subject());
    assertEquals(
        "the upgrade would change what a StatefulSet never changes: "
            + SIZE
            + " is 1Gi, wanted 2Gi",
        finding.message());
    assertEquals("updates to statefulset spec are forbidden", finding.detail());
    assertEquals(
        "kubectl patch pvc data-db-1 -n shop -p"
            + " '{\"spec\":{\"resources\":{\"requests\":{\"storage\":\"2Gi\"}}}}' && kubectl patch"
            + " pvc data-db-2 -n shop -p"
            + " '{\"spec\":{\"resources\":{\"requests\":{\"storage\":\"2Gi\"}}}}' && kubectl delete"
            + " statefulset db -n shop --cascade=orphan; then the upgrade makes the set again, with"
            + " the claims as they are and the pods running meanwhile; if the class cannot grow,"
            + " keep the size: --set-string database.statefulset.storage.size=1Gi",
        finding.remedy());
  }

  private static String remedyWithClass(boolean expandable) {
    var claim =
        new Claims.ClaimFact(
            "data-db-1",
            "uid",
            "Bound",
            Optional.of("fast"),
            "pv-1",
            1L << 30,
            List.of("ReadWriteOnce"),
            Map.of(),
            Situations.NOW);
    var changes =
        new SetChanges("shop", List.of(refused(false, new FieldChange(SIZE, "1Gi", "2Gi"))));
    var check = new SetCanBeChangedCheck();
    var facts =
        Situations.facts(FactKey.SET_CHANGES, changes)
            .with(FactKey.CLAIMS, Fact.known(new Claims(List.of(claim))))
            .with(
                FactKey.STORAGE_CLASSES,
                Fact.known(
                    new StorageClasses(
                        List.of(
                            StorageSituation.storageClass(
                                "fast", "disk.example.com", "Immediate", expandable)))));
    return onlyFinding(check.evaluate(facts.view(check.facts()))).remedy();
  }

  @Test
  void claimsOfAClassThatDoesNotExpandAreNotToBePatched() {
    assertEquals(
        "claims of the class fast cannot grow (allowVolumeExpansion is not true): keep the size,"
            + " --set-string database.statefulset.storage.size=1Gi; for more room dump the data,"
            + " and restore it into a second release with 2Gi",
        remedyWithClass(false));
    assertTrue(remedyWithClass(true).startsWith("kubectl patch pvc data-db-1 -n shop"));
  }

  @Test
  void aSmallerSizeIsNeverPossible() {
    var finding = onlyFinding(judge(refused(false, new FieldChange(SIZE, "2Gi", "1Gi"))));

    assertEquals(
        "claims never shrink: keep the size, --set-string database.statefulset.storage.size=2Gi",
        finding.remedy());
  }

  @Test
  void anotherClassIsForNewClaimsAlone() {
    var path = "volumeClaimTemplates[data].spec.storageClassName";

    var remedy = onlyFinding(judge(refused(false, new FieldChange(path, "slow", "fast")))).remedy();

    assertTrue(remedy.startsWith("kubectl delete statefulset db -n shop --cascade=orphan;"));
    assertTrue(remedy.endsWith("--set-string database.statefulset.storage.className=slow"), remedy);
  }

  /** (none) is no class that the chart's schema takes, nor a word that a shell does. */
  @Test
  void aTemplateWithoutAClassIsKeptByAnEmptyValue() {
    var path = "volumeClaimTemplates[data].spec.storageClassName";

    var finding = onlyFinding(judge(refused(false, new FieldChange(path, "(none)", "fast"))));

    assertTrue(finding.message().endsWith("storageClassName is (none), wanted fast"));
    assertTrue(
        finding
            .remedy()
            .endsWith(
                "; claims that exist keep their class, to leave the template as it is: --set-string"
                    + " database.statefulset.storage.className="),
        finding.remedy());
  }

  @Test
  void claimsThatGoWithTheSetAreKeptFirst() {
    var change = new FieldChange("serviceName", "old", "new");

    assertTrue(
        onlyFinding(judge(refused(true, change)))
            .remedy()
            .startsWith(
                "kubectl patch statefulset db -n shop -p"
                    + " '{\"spec\":{\"persistentVolumeClaimRetentionPolicy\":{\"whenDeleted\":"
                    + "\"Retain\"}}}' && kubectl delete statefulset db -n shop --cascade=orphan"));
  }

  @Test
  void podsThatTheNewSelectorDoesNotSelectMustEnd() {
    var change = new FieldChange("selector.matchLabels.app", "a", "b");

    assertTrue(
        onlyFinding(judge(refused(false, change)))
            .remedy()
            .startsWith("kubectl delete statefulset db -n shop; then the upgrade"));
  }

  @Test
  void aSetThatIsRefusedAsSuchIsNotThisChecksMatter() {
    assertSkipped(
        "the server refuses the new set as such: db: spec.selector: Required value",
        judge(new SetChange.NotValid("db", "spec.selector: Required value")));
  }
}
