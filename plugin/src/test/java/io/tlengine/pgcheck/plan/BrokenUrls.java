package io.tlengine.pgcheck.plan;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** URLs that lead to no server, broken: seeded, so that a failure can be repeated. */
public final class BrokenUrls {

  private static final int COUNT = 200;

  /** Port 9 (discard) of this machine has nobody who listens. */
  private static final String GOOD =
      "postgresql://app:geheim%2B1@127.0.0.1:9,[::1]:9/engine"
          + "?sslmode=require&target_session_attrs=read-write&connect_timeout=3";

  private static final String BAD = "%@:/?#[]&=,\\ \t\n\0\u00e9\ud83d\ude00'\"<>{}|^`;$(*0aZ-_.~";

  private static final List<String> STARTS =
      List.of("", "", "", "DATABASE_URL=", "psql '", "\uFEFF", "\"", "host=", "jdbc:", "export A=");

  private BrokenUrls() {}

  public static IntStream seeds() {
    return IntStream.range(0, COUNT);
  }

  /** Puts something before it, then replaces, inserts, cuts and doubles up to eight pieces. */
  public static String of(int seed) {
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
}
