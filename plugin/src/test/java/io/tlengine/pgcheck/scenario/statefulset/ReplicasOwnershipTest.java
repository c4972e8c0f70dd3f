package io.tlengine.pgcheck.scenario.statefulset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.tlengine.pgcheck.scenario.journal.Journal.FieldOwner;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplicasOwnershipTest {

  private static final FieldOwner HELM = new FieldOwner("helm", "Apply", "apps/v1", "");

  private static ManagedFieldsEntry entry(String manager, String operation, Object fields) {
    var set = new FieldsV1();
    set.setAdditionalProperties(Map.of("f:spec", fields));
    return new ManagedFieldsEntryBuilder()
        .withManager(manager)
        .withOperation(operation)
        .withApiVersion("apps/v1")
        .withTime("2026-11-22T10:00:00Z")
        .withFieldsV1(set)
        .build();
  }

  private static ManagedFieldsEntry helm(Object spec) {
    return entry("helm", "Apply", spec);
  }

  private static ManagedFieldsEntry own(Object spec) {
    return entry("pgcheck", "Update", spec);
  }

  @Test
  void theOwnerIsTheManagerThatHasTheField() {
    assertEquals(
        List.of(HELM),
        ReplicasOwnership.owners(
            List.of(
                helm(Map.of("f:replicas", Map.of(), "f:template", Map.of())),
                entry("kubectl", "Update", Map.of("f:template", Map.of())))));
  }

  @Test
  void theFieldGoesBackAndOurEntryWithIt() {
    var before = helm(Map.of("f:replicas", Map.of(), "f:template", Map.of()));
    var scaled = List.of(helm(Map.of("f:template", Map.of())), own(Map.of("f:replicas", Map.of())));

    assertTrue(ReplicasOwnership.ours(scaled));
    assertEquals(List.of(before), ReplicasOwnership.handedBack(scaled, List.of(HELM)));
  }

  @Test
  void anOwnerOfNothingElseGetsItsEntryBack() {
    var kubectl = new FieldOwner("kubectl", "Update", "apps/v1", "scale");
    var scaled = List.of(helm(Map.of("f:template", Map.of())), own(Map.of("f:replicas", Map.of())));

    var back = ReplicasOwnership.handedBack(scaled, List.of(kubectl));

    assertEquals(List.of(kubectl), ReplicasOwnership.owners(back));
    assertEquals(scaled.getFirst(), back.getFirst());
    assertEquals("FieldsV1", back.getLast().getFieldsType());
  }

  @Test
  void anEntryOfOursThatHasMoreStaysWithTheRest() {
    var scaled = List.of(own(Map.of("f:replicas", Map.of(), "f:template", Map.of())));

    assertEquals(
        List.of(own(Map.of("f:template", Map.of()))),
        ReplicasOwnership.handedBack(scaled, List.of()));
  }

  @Test
  void whatSomebodyElseHasWrittenIsNotOurs() {
    var theirs = List.of(entry("kubectl", "Update", Map.of("f:replicas", Map.of())));

    assertFalse(ReplicasOwnership.ours(theirs));
    assertEquals(theirs, ReplicasOwnership.handedBack(theirs, List.of(HELM)));
  }

  @Test
  void noEntriesAreNoOwners() {
    assertEquals(List.of(), ReplicasOwnership.owners(List.of()));
    assertEquals(
        List.of(), ReplicasOwnership.owners(List.of(new ManagedFieldsEntryBuilder().build())));
  }
}
