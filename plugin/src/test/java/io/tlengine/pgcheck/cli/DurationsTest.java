package io.tlengine.pgcheck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({"90s, PT90S", "5m, PT5M", "1h, PT1H", "5m30s, PT5M30S", "1h0m5s, PT1H5S"})
  void aTimeIsReadAsHelmWritesIt(String text, Duration meant) {
    assertEquals(meant, Durations.parse("--timeout", text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "5", "s", "0s", "-5s", "5 m", "1.5h", "5s1m", "99999h", "99999999999s", "5ms"})
  void anythingElseIsRefusedWithTheOptionAndTheText(String text) {
    assertEquals(
        "--timeout is " + text + "; wanted: a time above zero, such as 90s, 5m or 5m30s",
        assertThrows(UsageException.class, () -> Durations.parse("--timeout", text)).getMessage());
  }
}
