package io.tlengine.pgcheck.check.provider;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A CronJob's schedule (Kubernetes, "Writing a CronJob spec": five fields, or @hourly and the
 * like).
 */
final class Schedule {

  private static final Map<String, String> NAMES =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");

  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

  private static final int DAYS_LOOKED_AT = 28;
  private static final int SUNDAY_TOO = 7;

  private final BitSet minutes;
  private final BitSet hours;
  private final BitSet days;
  private final BitSet months;
  private final BitSet weekdays;
  private final boolean eitherDay;

  private Schedule(List<BitSet> fields, boolean eitherDay) {
    this.minutes = fields.get(0);
    this.hours = fields.get(1);
    this.days = fields.get(2);
    this.months = fields.get(3);
    this.weekdays = fields.get(4);
    this.eitherDay = eitherDay;
  }

  /** Empty when it cannot be read. */
  static Optional<Schedule> parse(String text) {
    var line = text.strip().replaceFirst("^(TZ|CRON_TZ)=\\S+\\s+", "");
    var words = NAMES.getOrDefault(line, line).split("\\s+", -1);
    if (words.length != 5) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Schedule(
              List.of(
                  field(words[0], 0, 59, List.of()),
                  field(words[1], 0, 23, List.of()),
                  field(words[2], 1, 31, List.of()),
                  field(words[3], 1, 12, MONTHS),
                  weekdays(words[4])),
              !words[2].startsWith("*") && !words[4].startsWith("*")));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * How the runs of the next weeks lie in time.
   *
   * @param shortestGap between two runs
   * @param awakeShare of the time, from 0 to 1, if each run keeps something awake for a while
   */
  record Rhythm(Duration shortestGap, double awakeShare) {}

  /**
   * @param awake how long each run keeps it awake
   * @return empty without two runs in the next four weeks
   */
  Optional<Rhythm> rhythm(LocalDateTime from, Duration awake) {
    var start = from.truncatedTo(ChronoUnit.MINUTES);
    long total = Duration.ofDays(DAYS_LOOKED_AT).toMinutes();
    long last = -1;
    long shortest = Long.MAX_VALUE;
    long awakeMinutes = 0;
    for (long minute = 0; minute < total; minute++) {
      if (runsAt(start.plusMinutes(minute))) {
        if (last >= 0) {
          shortest = Math.min(shortest, minute - last);
        }
        last = minute;
      }
      if (last >= 0 && minute - last < awake.toMinutes()) {
        awakeMinutes++;
      }
    }
    return shortest == Long.MAX_VALUE
        ? Optional.empty()
        : Optional.of(new Rhythm(Duration.ofMinutes(shortest), (double) awakeMinutes / total));
  }

  private boolean runsAt(LocalDateTime time) {
    boolean day = days.get(time.getDayOfMonth());
    boolean weekday = weekdays.get(time.getDayOfWeek().getValue() % SUNDAY_TOO);
    return minutes.get(time.getMinute())
        && hours.get(time.getHour())
        && months.get(time.getMonthValue())
        && (eitherDay ? day || weekday : day && weekday);
  }

  private static BitSet weekdays(String text) {
    var set = field(text, 0, SUNDAY_TOO, DAYS);
    if (set.get(SUNDAY_TOO)) {
      set.set(0);
    }
    return set;
  }

  private static BitSet field(String text, int least, int most, List<String> names) {
    var set = new BitSet();
    for (var part : text.split(",", -1)) {
      var stepped = part.split("/", -1);
      int step = stepped.length > 1 ? number(stepped[1], least, names) : 1;
      var range = stepped[0].split("-", -1);
      boolean all = range[0].equals("*") || range[0].equals("?");
      int first = all ? least : number(range[0], least, names);
      int last =
          all || (range.length == 1 && stepped.length > 1)
              ? most
              : number(range[range.length - 1], least, names);
      if (first < least || last > most || first > last || step < 1) {
        throw new IllegalArgumentException(text);
      }
      for (int i = first; i <= last; i += step) {
        set.set(i);
      }
    }
    return set;
  }

  private static int number(String text, int least, List<String> names) {
    int named = names.indexOf(text.toLowerCase(java.util.Locale.ROOT));
    return named >= 0 ? named + least : Integer.parseInt(text);
  }
}
