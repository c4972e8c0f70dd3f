package io.tlengine.pgcheck.scenario.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that are cut off, as an interrupt does it: whether they arrived is not known. */
class RunLeaseTest {

  private static final String PATH =
      "/apis/coordination.k8s.io/v1/namespaces/shop/leases/pgcheck-tl";

  @TempDir Path folder;
  private ObjectServer server;

  @BeforeEach
  void start() throws IOException {
    server = new ObjectServer(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Optional<ObjectNode> lease() {
    return server.get(PATH);
  }

  private RunLease acquire() throws ScenarioException, InterruptedException {
    return RunLease.acquire(server.cluster(), "shop", "tl", Holder.self(), Duration.ZERO);
  }

  @Test
  void itIsGoneAfterwards() throws Exception {
    var lease = acquire();
    lease.check();
    assertTrue(lease().isPresent());

    lease.close();

    assertTrue(lease().isEmpty());
  }

  @Test
  void aRenewalThatArrivedAndWasNotAnsweredDoesNotKeepIt() throws Exception {
    var lease = acquire();
    server.cutOff("PUT");
    assertThrows(ScenarioException.class, lease::check);
    assertTrue(lease.regained());

    lease.close();

    assertTrue(lease().isEmpty());
  }

  @Test
  void anothersLeaseStays() throws Exception {
    var lease = acquire();
    var taken = lease().orElseThrow();
    taken.withObject("spec").put("holderIdentity", "root@elsewhere");
    server.put(PATH, taken);
    assertThrows(ScenarioException.class, lease::check);
    assertFalse(lease.regained());

    lease.close();

    assertEquals("root@elsewhere", lease().orElseThrow().at("/spec/holderIdentity").asText());
  }

  @Test
  void oneThatWasMadeAndNotAnsweredIsDropped() throws Exception {
    server.cutOff("POST");
    assertThrows(ScenarioException.class, this::acquire);
    assertTrue(lease().isPresent());

    RunLease.drop(server.cluster(), "shop", "tl", Holder.self());

    assertTrue(lease().isEmpty());
  }
}
