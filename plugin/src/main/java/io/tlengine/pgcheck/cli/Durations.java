package io.tlengine.pgcheck.cli;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as Helm writes them: 90s, 5m, 1h, 5m0s. */
final class Durations {

  private static final Pattern FORM =
      Pattern.compile("(?:(\\d{1,4})h)?(?:(\\d{1,6})m)?(?:(\\d{1,8})s)?");

  private Durations() {}

  static Duration parse(String option, String text) {
    var match = FORM.matcher(text);
    if (!text.isEmpty() && match.matches()) {
      var duration =
          Duration.ofHours(number(match.group(1)))
              .plusMinutes(number(match.group(2)))
              .plusSeconds(number(match.group(3)));
      if (!duration.isZero()) {
        return duration;
      }
    }
    throw new UsageException(
        option + " is " + text + "; wanted: a time above zero, such as 90s, 5m or 5m30s");
  }

  /** A single request never takes longer than the whole run may. */
  static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static long number(@Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
