package io.tlengine.pgcheck.check.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {

  /** A Sunday. */
  private static final LocalDateTime FROM = LocalDateTime.of(2026, 11, 1, 0, 0);

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          * * * * *; 1; 100
          */15 * * * *; 15; 33
          2-59/10 * * * *; 10; 50
          @hourly; 60; 8
          0 3 * * *; 1440; 0
          0 0 * * mon-fri; 1440; 0
          0 0 * * 7; 10080; 0
          CRON_TZ=Europe/Berlin 30 4 * * SUN; 10080; 0
          0,1 4 1,8 * *; 1; 0
          """)
  void theShortestGapAndTheShareThatItKeepsAwake(String text, long minutes, long percent) {
    var rhythm =
        Schedule.parse(text).orElseThrow().rhythm(FROM, Duration.ofMinutes(5)).orElseThrow();

    assertEquals(Duration.ofMinutes(minutes), rhythm.shortestGap());
    assertEquals(percent, Math.round(rhythm.awakeShare() * 100));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "* * * *",
        "60 * * * *",
        "* * * * * *",
        "5-1 * * * *",
        "*/0 * * * *",
        "* * * foo *"
      })
  void whatIsNoScheduleIsEmpty(String text) {
    assertEquals(Optional.empty(), Schedule.parse(text));
  }
}
