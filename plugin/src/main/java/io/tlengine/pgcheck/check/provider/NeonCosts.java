package io.tlengine.pgcheck.check.provider;

import java.time.Duration;
import java.util.Locale;

/** What a Neon compute costs that does not sleep (neon.com/docs/introduction/plans, 2026-11). */
final class NeonCosts {

  /** The default, fixed on the Free plan (neon.com/docs/introduction/scale-to-zero). */
  static final Duration SUSPENDS_AFTER = Duration.ofMinutes(5);

  private static final double SMALLEST_COMPUTE_UNITS = 0.25;
  private static final double HOURS_A_MONTH = 730;
  private static final double LAUNCH_DOLLARS = 0.106;
  private static final double SCALE_DOLLARS = 0.222;
  private static final double FREE_UNIT_HOURS = 100;

  private NeonCosts() {}

  /**
   * @param awakeShare of a month, from 0 to 1
   */
  static String of(double awakeShare) {
    double unitHours = SMALLEST_COMPUTE_UNITS * HOURS_A_MONTH * awakeShare;
    return String.format(
        Locale.ROOT,
        "if it suspends after %d min (Neon's default): awake %s of the month, which is %.1f CU-hours"
            + " for the smallest compute (%.2f CU x %.0f h), about $%.0f (Launch, $%.3f an hour) to"
            + " $%.0f (Scale, $%.3f), %s the %.0f of the Free plan",
        SUSPENDS_AFTER.toMinutes(),
        percent(awakeShare),
        unitHours,
        SMALLEST_COMPUTE_UNITS,
        HOURS_A_MONTH * awakeShare,
        unitHours * LAUNCH_DOLLARS,
        LAUNCH_DOLLARS,
        unitHours * SCALE_DOLLARS,
        SCALE_DOLLARS,
        unitHours > FREE_UNIT_HOURS ? "more than" : "within",
        FREE_UNIT_HOURS);
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", share * 100);
  }
}
