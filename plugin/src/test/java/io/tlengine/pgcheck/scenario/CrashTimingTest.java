package io.tlengine.pgcheck.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class CrashTimingTest {

  private static long ms(long millis) {
    return millis * 1_000_000;
  }

  private static CrashTiming timing(Long... acknowledged) {
    return new CrashTiming(List.of(acknowledged), ms(0), ms(1_000), ms(1_080), ms(3_000));
  }

  @Test
  void loadUntilTheKill() {
    var times = timing(ms(100), ms(850), ms(950), ms(990), ms(1_020));

    assertEquals(2, times.inLast100Millis());
    assertEquals(1, times.duringKill());
    assertEquals(0, times.silentMillis());
    assertEquals(5, times.perSecond());
    assertEquals(1_920, times.recoveryMillis());
    assertEquals(1_980, times.longestGapMillis());
  }

  @Test
  void silenceBeforeTheKillShows() {
    var times = timing(ms(100), ms(400));

    assertEquals(0, times.inLast100Millis());
    assertEquals(600, times.silentMillis());
  }

  @Test
  void nothingAcknowledged() {
    var times = timing();

    assertEquals(1_000, times.silentMillis());
    assertEquals(0, times.perSecond());
    assertEquals(3_000, times.longestGapMillis());
  }

  @Test
  void aGapAmongTheWritesCounts() {
    assertEquals(
        2_500,
        new CrashTiming(List.of(ms(0), ms(2_500)), ms(0), ms(2_600), ms(2_650), ms(2_700))
            .longestGapMillis());
  }
}
