package io.tlengine.pgcheck.scenario.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tlengine.pgcheck.fact.CrashRun.Gap;
import java.util.List;
import org.junit.jupiter.api.Test;

class WriterRoundTest {

  private static long ms(long millis) {
    return millis * 1_000_000;
  }

  private static WriterRound timing(Long... acknowledged) {
    return new WriterRound(
        true, List.of(acknowledged), ms(0), ms(1_000), ms(1_080), ms(3_000), true);
  }

  @Test
  void loadUntilTheKill() {
    var times = timing(ms(100), ms(850), ms(950), ms(990), ms(1_020));

    assertEquals(2, times.inLast100Millis());
    assertEquals(1, times.duringKill());
    assertEquals(0, times.silentMillis());
    assertEquals(5, times.perSecond());
    assertEquals(1_920, times.recoveryMillis());
    // Between 100 and 850 ms, and from the last write until the first one behind the crash.
    assertEquals(
        List.of(new Gap(0, 100), new Gap(100, 750), new Gap(850, 100), new Gap(1_020, 1_980)),
        times.gaps());
  }

  @Test
  void whatIsCountedAddsUpToWhatTheLedgerHas() {
    var times = timing(ms(100), ms(850), ms(950), ms(990), ms(1_020));

    assertEquals(6, times.acknowledged());
    assertEquals(4, times.beforeKill());
    assertEquals(1, times.duringKill());
    assertEquals(1, times.afterRecovery());
  }

  @Test
  void whereTheTableIsGoneNothingIsAcknowledgedBehindTheCrash() {
    var times = new WriterRound(true, List.of(ms(10)), ms(0), ms(20), ms(30), ms(900), false);

    assertEquals(1, times.acknowledged());
    assertEquals(0, times.afterRecovery());
  }

  /** The server notices the kill a moment later, and a tunnel delivers later still. */
  @Test
  void recoveryIsNeverLongerThanTheGapOfTheCrash() {
    var late = timing(ms(990), ms(1_234));
    assertEquals(1_766, late.recoveryMillis());
    assertEquals(new Gap(1_234, 1_766), late.gaps().getLast());

    var quick = new WriterRound(false, List.of(ms(0)), ms(0), ms(10), ms(20), ms(80), true);
    assertEquals(60, quick.recoveryMillis());
    assertEquals(List.of(new Gap(0, 80)), quick.gaps());
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
    assertEquals(List.of(new Gap(0, 3_000)), times.gaps());
  }

  @Test
  void aGapAmongTheWritesCounts() {
    assertEquals(
        List.of(new Gap(0, 2_500), new Gap(2_500, 200)),
        new WriterRound(
                true, List.of(ms(0), ms(2_500)), ms(0), ms(2_600), ms(2_650), ms(2_700), true)
            .gaps());
  }
}
