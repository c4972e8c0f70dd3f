package io.tlengine.pgcheck.gather.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.tlengine.pgcheck.plan.BrokenUrls;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.plan.DatabaseUrl.MalformedUrlException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Broken URLs: each is read or refused in words, and one that is read ends in an answer.
 * DatabaseRun fails on a check that throws and on a secret shown.
 */
class MalformedUrlsTest {

  @ParameterizedTest
  @MethodSource("io.tlengine.pgcheck.plan.BrokenUrls#seeds")
  void aBrokenUrlEndsInWords(int seed) {
    var url = BrokenUrls.of(seed);
    try {
      var read = DatabaseUrl.parse(url);
      assertFalse(read.endpoints().isEmpty());
    } catch (MalformedUrlException e) {
      assertFalse(e.getMessage().isBlank());
      assertFalse(e.getMessage().contains("geheim"), e.getMessage());
    }
    var faults = DatabaseRun.of(url).timeout(Duration.ofMillis(500)).faults();

    assertFalse(faults.isEmpty(), url);
    assertEquals(
        0, faults.stream().filter(f -> !f.startsWith("PGC-1") && !f.endsWith("unknown")).count());
  }
}
