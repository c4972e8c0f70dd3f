package io.tlengine.pgcheck.check.storage;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static io.tlengine.pgcheck.check.storage.StorageSituation.GIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.fact.StorageNodes.StorageNode;
import io.tlengine.pgcheck.fact.StorageRoom.Attached;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CapacityAvailableCheckTest {

  private final StorageSituation situation = new StorageSituation();

  private Outcome judge() {
    return situation.judge(new CapacityAvailableCheck());
  }

  private void claims(int count, String size) {
    situation.planned.clear();
    for (int ordinal = 0; ordinal < count; ordinal++) {
      situation.planned.add(StorageSituation.claim(ordinal, size, "ReadWriteOnce"));
    }
  }

  @Test
  void aDriverThatPublishesNothingIsSkipped() {
    assertSkipped("the driver publishes neither capacity nor attach limits", judge());
  }

  @Test
  void enoughRoomPasses() {
    situation.publishesCapacity();
    situation.segment("a", Optional.of(GIB), Optional.empty());

    assertEquals(List.of("1Gi free"), passed(judge()).get("segments of fast"));
  }

  @Test
  void aVolumeLargerThanAnyPlaceTakesFails() {
    situation.publishesCapacity();
    situation.segment("a", Optional.of(100 * GIB), Optional.of(16 * GIB));
    situation.segment("b", Optional.of(10 * GIB), Optional.empty());
    claims(1, "20Gi");

    assertEquals(
        "the largest volume that disk.example.com can make where the pod may run is 16Gi, wanted"
            + " 20Gi for data-tl-postgres-0",
        onlyFinding(judge()).message());
  }

  @Test
  void allVolumesTogetherMustFitEachIntoOnePlace() {
    situation.publishesCapacity();
    situation.segment("a", Optional.of(15 * GIB), Optional.empty());
    situation.segment("b", Optional.of(15 * GIB), Optional.empty());
    claims(2, "10Gi");
    passed(judge());

    claims(3, "10Gi");
    assertEquals(
        "where the pods may run 30Gi are free in 2 places, wanted 3 volumes with 30Gi together",
        onlyFinding(judge()).message());
  }

  @Test
  void roomWhereThePodCannotGoDoesNotCount() {
    situation.publishesCapacity();
    situation.segment("a", Optional.of(GIB / 2), Optional.empty());
    situation.segment("b", Optional.of(100 * GIB), Optional.empty());
    passed(judge());

    situation.pod = new PodSpecBuilder().addToNodeSelector("disk", "a").build();
    assertTrue(onlyFinding(judge()).message().contains("is 512Mi, wanted 1Gi"));
  }

  @Test
  void aDriverThatAnnouncesCapacityAndPublishedNoneIsUnknown() {
    situation.publishesCapacity();

    assertTrue(unknown(judge()).why().contains("has published none for fast"));
  }

  @Test
  void attachmentsLeftOnTheNodesAreCounted() {
    situation.limit(2);
    situation.attached.add(new Attached("node1", StorageSituation.DRIVER, 1));
    situation.attached.add(new Attached("node2", StorageSituation.DRIVER, 1));
    situation.attached.add(new Attached("node2", "other.example.com", 5));
    claims(2, "1Gi");
    assertEquals(2, passed(judge()).get("attachments left of disk.example.com"));

    claims(3, "1Gi");
    var finding = onlyFinding(judge());
    assertEquals("CSIDriver/disk.example.com", finding.subject());
    assertTrue(finding.message().contains("can attach 2 more volumes"), finding.message());
  }

  @Test
  void oneNodeWithoutALimitIsEnough() {
    situation.limit(0);
    onlyFinding(judge());

    situation.node("node3", "a");
    assertSkipped("the driver publishes neither capacity nor attach limits", judge());
  }

  @Test
  void whereNodesComeByThemselvesALackIsUnknown() {
    situation.limit(0);
    situation.nodes.add(
        new StorageNode("new", Map.of("karpenter.sh/nodepool", "x"), false, List.of()));

    assertTrue(unknown(judge()).why().contains("new nodes may bring the room"));
  }

  @Test
  void withoutClaimsItIsSkipped() {
    situation.planned.clear();

    assertSkipped("the release makes no claims", judge());
  }
}
