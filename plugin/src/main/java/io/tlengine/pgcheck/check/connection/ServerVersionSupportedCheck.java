package io.tlengine.pgcheck.check.connection;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.ConnectionFacts.LoginAttempt;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The server's major version still gets fixes, and pgcheck knows it. The dates are the final
 * releases of postgresql.org's versioning policy (support/versioning).
 */
public final class ServerVersionSupportedCheck implements Check {

  private static final Pattern MAJOR = Pattern.compile("^\\s*(\\d{1,4})");
  private static final Period NOTICE = Period.ofMonths(6);

  private static final NavigableMap<Integer, LocalDate> FINAL_RELEASES =
      new TreeMap<>(
          Map.of(
              12, LocalDate.of(2024, 11, 21),
              13, LocalDate.of(2025, 11, 13),
              14, LocalDate.of(2026, 11, 12),
              15, LocalDate.of(2027, 11, 11),
              16, LocalDate.of(2028, 11, 9),
              17, LocalDate.of(2029, 11, 8),
              18, LocalDate.of(2030, 11, 14)));

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-108",
        "server-version-supported",
        Severity.ERROR,
        "the server's major version is too old, soon without fixes, or not known yet");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.CONNECTION);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var connection = facts.get(FactKey.CONNECTION);
    if (!(connection.login().orElse(null) instanceof LoginAttempt.LoggedIn in)) {
      return Stages.behindLogin(connection, facts.observedAt());
    }
    var digits = MAJOR.matcher(in.serverVersion());
    if (!digits.find()) {
      return new Outcome.Unknown(
          "the server calls its version " + in.serverVersion(), "ask the provider for its major");
    }
    int major = Integer.parseInt(digits.group(1));
    var today = LocalDate.ofInstant(facts.observedAt(), ZoneOffset.UTC);
    return Outcome.of(
        judge(connection, major, in.serverVersion(), today),
        evidence(
            "version",
            in.serverVersion(),
            "finalRelease",
            FINAL_RELEASES.containsKey(major) ? FINAL_RELEASES.get(major) + "" : "unknown"));
  }

  private static List<Finding> judge(
      ConnectionFacts connection, int major, String version, LocalDate today) {
    var subject = connection.target().address();
    int oldest = FINAL_RELEASES.firstKey();
    int newest = FINAL_RELEASES.lastKey();
    if (major < oldest) {
      return List.of(
          Finding.error(
              subject,
              "the server runs PostgreSQL " + version + "; wanted: " + oldest + " or later",
              "it gets no security fixes, and pgcheck cannot read its views",
              upgrade(newest)));
    }
    if (major > newest) {
      return List.of(
          Finding.warning(
              subject,
              "the server runs PostgreSQL "
                  + version
                  + ", newer than this pgcheck knows ("
                  + newest
                  + ")",
              "its settings may mean something else",
              "helm plugin update pgcheck"));
    }
    var last = FINAL_RELEASES.getOrDefault(major, today);
    if (today.plus(NOTICE).isBefore(last)) {
      return List.of();
    }
    return List.of(
        Finding.warning(
            subject,
            "the server runs PostgreSQL "
                + version
                + ", whose last release "
                + (today.isBefore(last) ? "is due on " : "was on ")
                + last,
            "no security fixes after it",
            upgrade(newest)));
  }

  private static String upgrade(int newest) {
    return "plan the upgrade to "
        + newest
        + ": pg_dump and restore, pg_upgrade, or the provider's own upgrade";
  }
}
