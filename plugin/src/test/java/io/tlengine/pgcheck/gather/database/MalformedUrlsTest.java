package io.tlengine.pgcheck.gather.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.plan.DatabaseUrl.MalformedUrlException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Broken URLs: each is read or refused in words, and one that is read ends in an answer. Seeded, so
 * that a failure can be repeated. DatabaseRun fails on a check that throws and on a secret shown.
 */
class MalformedUrlsTest {

  private static final int COUNT = 200;

  /** Port 9 (discard) of this machine has nobody who listens. */
  private static final String GOOD =
      "postgresql://app:geheim%2B1@127.0.0.1:9,[::1]:9/engine"
          + "?sslmode=require&target_session_attrs=read-write&connect_timeout=3";

  private static final String BAD = "%@:/?#[]&=,\\ \t\n\0\u00e9\ud83d\ude00'\"<>{}|^`;$(*0aZ-_.~";

  static IntStream seeds() {
    return IntStream.range(0, COUNT);
  }

  private static final List<String> STARTS =
      List.of("", "", "", "DATABASE_URL=", "psql '", "\uFEFF", "\"", "host=", "jdbc:", "export A=");

  /** Puts something before it, then replaces, inserts, cuts and doubles up to eight pieces. */
  private static String broken(int seed) {
    var random = new Random(seed);
    var text = new StringBuilder(STARTS.get(random.nextInt(STARTS.size())) + GOOD);
    for (int i = random.nextInt(1, 9); i > 0 && !text.isEmpty(); i--) {
      int at = random.nextInt(text.length());
      char bad = BAD.charAt(random.nextInt(BAD.length()));
      switch (random.nextInt(4)) {
        case 0 -> text.setCharAt(at, bad);
        case 1 -> text.insert(at, bad);
        case 2 -> text.delete(at, Math.min(text.length(), at + random.nextInt(1, 12)));
        default -> text.insert(at, text.substring(at, Math.min(text.length(), at + 9)));
      }
    }
    return text.toString();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aBrokenUrlEndsInWords(int seed) {
    var url = broken(seed);
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
