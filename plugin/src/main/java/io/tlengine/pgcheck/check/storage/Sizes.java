package io.tlengine.pgcheck.check.storage;

import java.util.List;

/** Sizes as manifests have them. */
final class Sizes {

  private static final List<String> UNITS = List.of("Ki", "Mi", "Gi", "Ti");
  private static final int STEP = 1024;

  private Sizes() {}

  /** In the largest binary unit that divides it: 1073741824 is 1Gi. */
  static String text(long bytes) {
    var unit = "";
    long number = bytes;
    for (var next : UNITS) {
      if (number == 0 || number % STEP != 0) {
        break;
      }
      number /= STEP;
      unit = next;
    }
    return number + unit;
  }
}
