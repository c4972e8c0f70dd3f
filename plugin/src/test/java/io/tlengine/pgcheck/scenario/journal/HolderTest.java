package io.tlengine.pgcheck.scenario.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HolderTest {

  private static final Holder SELF = Holder.self();

  private static Holder withPid(long pid, Instant startedAt) {
    return new Holder(SELF.user(), SELF.host(), SELF.boot(), pid, startedAt);
  }

  @Test
  void whatIsWrittenIsRead() {
    var elsewhere = new Holder("ann lee", "laptop", "", 7, Instant.parse("2026-11-22T10:00:00Z"));

    assertEquals(Optional.of(SELF), Holder.parse(SELF.text()));
    assertEquals(Optional.of(elsewhere), Holder.parse(elsewhere.text()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "kube-controller-manager_1",
        "a@b pid x started 2026-11-22T10:00:00Z",
        "a@b pid 7 started yesterday"
      })
  void somebodyElsesTextIsNoHolder(String text) {
    assertEquals(Optional.empty(), Holder.parse(text));
  }

  @Test
  void thisProcessHasNotEnded() {
    assertFalse(SELF.endedHere());
  }

  @Test
  void aProcessThatEndedOnThisSystemHas() throws IOException, InterruptedException {
    var process = new ProcessBuilder("true").start();
    process.waitFor();

    assertTrue(withPid(process.pid(), SELF.startedAt()).endedHere());
  }

  @Test
  void aProcessIdThatWasGivenOutAgainIsAnotherProcess() {
    assertTrue(withPid(SELF.pid(), SELF.startedAt().minus(Duration.ofHours(1))).endedHere());
  }

  @Test
  void nothingIsKnownOfAnotherSystem() {
    var process = new Holder(SELF.user(), SELF.host(), "0badc0de", 1L << 40, SELF.startedAt());
    var silent = new Holder(SELF.user(), SELF.host(), "", 1L << 40, SELF.startedAt());

    assertFalse(process.endedHere());
    assertFalse(silent.endedHere());
  }
}
