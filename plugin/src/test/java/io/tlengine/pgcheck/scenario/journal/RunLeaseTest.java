package io.tlengine.pgcheck.scenario.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that are cut off, as an interrupt does it: whether they arrived is not known. */
class RunLeaseTest {

  @TempDir Path folder;
  private LeaseServer server;

  @BeforeEach
  void start() throws IOException {
    server = new LeaseServer(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RunLease acquire() throws ScenarioException, InterruptedException {
    return RunLease.acquire(server.cluster(), "shop", "tl", Holder.self(), Duration.ZERO);
  }

  @Test
  void itIsGoneAfterwards() throws Exception {
    var lease = acquire();
    lease.check();
    assertTrue(server.lease().isPresent());

    lease.close();

    assertTrue(server.lease().isEmpty());
  }

  @Test
  void aRenewalThatArrivedAndWasNotAnsweredDoesNotKeepIt() throws Exception {
    var lease = acquire();
    server.cutOff("PUT");
    assertThrows(ScenarioException.class, lease::check);
    assertTrue(lease.regained());

    lease.close();

    assertTrue(server.lease().isEmpty());
  }

  @Test
  void anothersLeaseStays() throws Exception {
    var lease = acquire();
    server.take("root@elsewhere");
    assertThrows(ScenarioException.class, lease::check);
    assertFalse(lease.regained());

    lease.close();

    assertEquals(
        "root@elsewhere", server.lease().orElseThrow().at("/spec/holderIdentity").asText());
  }

  @Test
  void oneThatWasMadeAndNotAnsweredIsDropped() throws Exception {
    server.cutOff("POST");
    assertThrows(ScenarioException.class, this::acquire);
    assertTrue(server.lease().isPresent());

    RunLease.drop(server.cluster(), "shop", "tl", Holder.self());

    assertTrue(server.lease().isEmpty());
  }
}
