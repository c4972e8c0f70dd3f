package io.tlengine.pgcheck.scenario.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.scenario.journal.Journal.Entry;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Before each change it is asked whether the Lease is still ours. */
class ChangesTest {

  private static final String LEASE =
      "/apis/coordination.k8s.io/v1/namespaces/shop/leases/pgcheck-tl";
  private static final String JOURNAL = "/api/v1/namespaces/shop/configmaps/pgcheck-journal-tl";
  private static final Entry SCHEMA = new Entry.PodSchema("postgres", "postgres-0");

  @TempDir Path folder;
  private ObjectServer server;
  private RunLease lease;
  private Changes changes;

  @BeforeEach
  void start() throws Exception {
    server = new ObjectServer(folder);
    var holder = Holder.self();
    lease = RunLease.acquire(server.cluster(), "shop", "tl", holder, Duration.ZERO);
    changes =
        new Changes(
            lease,
            new JournalStore(server.cluster(), "shop"),
            Journal.empty(Target.release("tl"), holder));
  }

  @AfterEach
  void stop() {
    lease.close();
    server.close();
  }

  private void somebodyElseTakesTheLease() {
    var taken = server.get(LEASE).orElseThrow();
    taken.withObject("spec").put("holderIdentity", "somebody else");
    server.put(LEASE, taken);
  }

  @Test
  void aChangeRenewsTheLeaseAndIsWrittenDownFirst() throws Exception {
    changes.before(SCHEMA);

    assertEquals(1, server.requests("PUT").size());
    assertTrue(server.get(JOURNAL).orElseThrow().toString().contains("postgres-0"));
  }

  @Test
  void withAnothersLeaseNothingIsChanged() {
    somebodyElseTakesTheLease();

    var thrown = assertThrows(ScenarioException.class, () -> changes.before());

    assertTrue(
        thrown.getMessage().contains("pgcheck-tl is no longer ours: it is held by somebody else"));
    assertEquals(
        "somebody else", server.get(LEASE).orElseThrow().at("/spec/holderIdentity").asText());
  }

  @Test
  void withAnothersLeaseNothingIsWrittenDown() {
    somebodyElseTakesTheLease();

    assertThrows(ScenarioException.class, () -> changes.before(SCHEMA));

    assertTrue(server.get(JOURNAL).isEmpty());
    assertTrue(changes.journal().entries().isEmpty());
  }

  @Test
  void aLeaseThatSomebodyDeletedEndsChangesAndIsMadeAnewToPutBack() {
    server.remove(LEASE);

    var thrown = assertThrows(ScenarioException.class, () -> changes.before(SCHEMA));

    assertTrue(thrown.getMessage().contains("is no longer ours: somebody deleted it"));
    assertTrue(server.get(JOURNAL).isEmpty());
    assertTrue(lease.regained());
    assertEquals(
        Holder.self().text(), server.get(LEASE).orElseThrow().at("/spec/holderIdentity").asText());
  }

  @Test
  void whatAnotherRunTookIsNotRegained() {
    somebodyElseTakesTheLease();
    assertThrows(ScenarioException.class, () -> changes.before());

    assertFalse(lease.regained());
    server.remove(LEASE);
    assertFalse(lease.regained());
    assertTrue(server.get(LEASE).isEmpty());
  }
}
