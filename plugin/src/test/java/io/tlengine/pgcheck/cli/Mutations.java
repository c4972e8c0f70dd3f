package io.tlengine.pgcheck.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Breaks a YAML text by its lines, seeded, so that a failure can be repeated. */
final class Mutations {

  /** What takes the place of a value, or of a line. */
  private static final List<String> ODD =
      List.of(
          "null",
          "~",
          "",
          "[]",
          "{}",
          "[1, two, {three: 3}]",
          "{a: {b: [c]}}",
          "-1",
          "0",
          "1.5",
          "99999999999999999999999999",
          "-2147483649",
          "1Gii",
          "1e400",
          ".nan",
          "true",
          "2026-11-22",
          "!!binary aGFsbG8=",
          "!!python/object:os.system x",
          "*nowhere",
          "&a [*a]",
          "\"\\0\\x07\"",
          "'un''quoted",
          "\"open",
          "{open",
          "|\n  many\n  lines",
          "\u00e9\ud83d\ude00",
          "%@`",
          "? x",
          "<<: 1",
          "a: b: c",
          "\t- tab",
          "- - - x",
          "$(PGUSER)",
          "{{ .Values.x }}");

  private Mutations() {}

  /** One to five pieces replaced, emptied, deleted, doubled, indented or moved. */
  static String of(String text, int seed) {
    var random = new Random(seed);
    var lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      int at = random.nextInt(lines.size());
      var line = lines.get(at);
      var odd = ODD.get(random.nextInt(ODD.size()));
      int colon = line.indexOf(": ");
      switch (random.nextInt(7)) {
        case 0, 1, 2 -> lines.set(at, colon < 0 ? line + odd : line.substring(0, colon + 2) + odd);
        case 3 -> lines.remove(at);
        case 4 -> lines.add(at, line);
        case 5 -> lines.set(at, line.startsWith("  ") ? line.substring(2) : "  " + line);
        default -> lines.add(at, odd);
      }
    }
    return String.join("\n", lines);
  }
}
