package io.tlengine.pgcheck.scenario.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.scenario.crash.ServerProcesses.Listing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServerProcessesTest {

  private static final String OUT =
      """
      server 1
      child 23 postgres: checkpointer
      child 24 postgres: walwriter
      child 30 /bin/sh/etc/tl-engine/scripts/watch.sh
      child 31 postgres: engine enginedb 127.0.0.1(41234) idle
      """;

  private static Listing listing(String server, Map<String, String> children) {
    return new Listing(server, children);
  }

  @Test
  void aScriptBesideTheServerIsNoProcessOfIt() {
    var listing = ServerProcesses.parse(OUT);

    assertEquals("1", listing.server());
    assertEquals(Optional.of("23"), listing.child("checkpointer"));
    assertEquals(3, listing.children().size());
    assertEquals(Optional.empty(), listing.child("watch.sh"));
  }

  @Test
  void aCrashReplacesEveryHelperAndKeepsTheServer() {
    var before = listing("1", Map.of("23", "postgres: checkpointer"));

    assertTrue(before.allReplacedIn(listing("1", Map.of("70", "postgres: checkpointer"))));
    // A backend that ended by itself is no crash.
    assertFalse(before.allReplacedIn(before));
    // Another server: an orderly stop would look the same.
    assertFalse(before.allReplacedIn(listing("9", Map.of("70", "postgres: checkpointer"))));
    assertFalse(before.allReplacedIn(listing("1", Map.of())));
    assertFalse(listing("1", Map.of()).allReplacedIn(before));
  }

  @Test
  void aCheckpointThatHadBegunAndNotEndedRanAtTheKill() {
    var kill = "LOG:  checkpointer process (PID 23) was terminated by signal 9: Killed";
    assertTrue(
        Checkpoints.runningAtKill(
            List.of("checkpoint starting: x", "checkpoint complete", "checkpoint starting", kill)));
    assertFalse(
        Checkpoints.runningAtKill(List.of("checkpoint starting", "checkpoint complete", kill)));
    assertFalse(Checkpoints.runningAtKill(List.of("checkpoint starting")));
    // The last kill counts: the first one's checkpoint was another.
    assertFalse(Checkpoints.runningAtKill(List.of("checkpoint starting", kill, kill)));
  }
}
