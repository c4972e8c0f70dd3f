package io.tlengine.pgcheck.check.persistence;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.check.Sql;
import io.tlengine.pgcheck.fact.CrashRun;
import io.tlengine.pgcheck.fact.CrashRun.Gap;
import io.tlengine.pgcheck.fact.CrashRun.Kill;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.RowSet;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Every acknowledged row is there after the server was ended by SIGKILL while it wrote. What the
 * kernel keeps in memory survives such a kill, so settings that lose data only with the power are
 * judged by themselves (PostgreSQL, Reliability and the Write-Ahead Log).
 */
public final class CommitsSurviveKillCheck implements Check {

  private static final String LEVEL = "process killed";
  private static final String CANNOT_SHOW =
      "power loss, disks that lie and another kernel: what one kernel's page cache holds survives a"
          + " kill";

  /** Settings that lose or hide data, with what is wanted. */
  private static final Map<String, Risk> RISKS =
      Map.of(
          "fsync", new Risk("off", "on", "a power loss destroys the whole database"),
          "full_page_writes", new Risk("off", "on", "a power loss leaves half-written pages"),
          "synchronous_commit", new Risk("off", "on", "a crash loses the last acknowledged writes"),
          "data_sync_retry", new Risk("on", "off", "a failed flush is taken for a good one"),
          "zero_damaged_pages", new Risk("on", "off", "damaged pages are emptied silently"),
          "ignore_checksum_failure", new Risk("on", "off", "damaged pages are read as if sound"));

  private record Risk(String bad, String wanted, String consequence) {}

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-706",
        "commits-survive-kill",
        Severity.ERROR,
        "acknowledged rows are lost or changed after the server was killed, or its settings risk it");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.CRASH_RUN);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var seen = facts.get(FactKey.CRASH_RUN);
    var findings = new ArrayList<Finding>();
    findings.addAll(rows(seen));
    findings.addAll(settings(seen));
    if (findings.isEmpty()) {
      if (seen.obstacle().isPresent()) {
        var obstacle = seen.obstacle().get();
        return new Outcome.Unknown(obstacle.reason(), obstacle.remedy());
      }
      if (seen.counting().isEmpty() || seen.finalRead().isEmpty()) {
        return new Outcome.Unknown(
            "no kill showed anything: " + String.join("; ", whyNot(seen)),
            "run again when the server can be written to while it is killed");
      }
      if (seen.finalRead().get().restartProof().isEmpty()) {
        return new Outcome.Unknown(
            "the rows were there once, and the second restart cannot be proven",
            "kubectl logs "
                + seen.pod()
                + " -n "
                + seen.namespace()
                + "; it says whether the server started again; then run again");
      }
    }
    return Outcome.of(findings, evidence(seen));
  }

  private static Map<String, Object> evidence(CrashRun seen) {
    var kills = new ArrayList<Object>();
    for (var kill : seen.kills()) {
      kills.add(evidence(kill));
    }
    return Outcome.evidence(
        "summary", summary(seen),
        "level", LEVEL,
        "cannotShow", CANNOT_SHOW,
        "pod", seen.pod(),
        "writers", seen.writers(),
        "killsThatCount", seen.counting().size(),
        "acknowledged", acknowledged(seen),
        "times", times(seen),
        "kills", kills,
        "secondRestart",
            seen.finalRead().flatMap(CrashRun.FinalRead::restartProof).orElse("not shown"),
        "reading", seen.finalRead().map(CrashRun.FinalRead::depth).orElse("none"),
        "settings", values(seen.session()));
  }

  private static Map<String, Object> evidence(Kill kill) {
    var evidence =
        Outcome.evidence(
            "victim", kill.victim(),
            "checkpoint", kill.checkpoint().text(),
            "counts", kill.counts(),
            "proof", kill.proof().orElse("none"),
            "acknowledged", kill.acknowledged(),
            "acknowledgedBeforeKill", kill.acknowledgedBeforeKill(),
            "acknowledgedInLast100Millis", kill.acknowledgedInLast100Millis(),
            "acknowledgedDuringKill", kill.acknowledgedDuringKill(),
            "acknowledgedAfterRecovery", kill.acknowledgedAfterRecovery(),
            "writesPerSecond", kill.writesPerSecond(),
            "recoveryMillis", kill.recoveryMillis(),
            "longestGapMillis", kill.longestGapMillis(),
            "gapsInService", kill.gaps().stream().map(CommitsSurviveKillCheck::gap).toList());
    kill.rows()
        .ifPresent(
            r ->
                evidence.put(
                    "rowsSoFar",
                    Outcome.evidence(
                        "acknowledged", r.acknowledged(),
                        "kept", r.kept(),
                        "lost", r.lost().size(),
                        "altered", r.altered().size(),
                        "unexpected", r.unexpected().size(),
                        "recovered", r.recovered(),
                        "neverArrived", r.absent())));
    return evidence;
  }

  private static String gap(Gap gap) {
    return gap.millis() + " ms, " + gap.afterMillis() + " ms after the writers began";
  }

  private static String times(CrashRun seen) {
    return seen.tunnelIncluded()
        ? "as the writers saw them, the delay of their tunnel (port-forward) included"
        : "as the writers saw them, from inside the cluster and without a tunnel";
  }

  private static int acknowledged(CrashRun seen) {
    return seen.kills().stream().mapToInt(Kill::acknowledged).sum();
  }

  private static String summary(CrashRun seen) {
    var text = new StringBuilder();
    seen.finalRead()
        .ifPresent(
            last ->
                text.append(last.rows().kept())
                    .append(" of ")
                    .append(last.rows().acknowledged())
                    .append(" acknowledged rows kept, ")
                    .append(last.rows().recovered())
                    .append(" recovered, after "));
    text.append(seen.counting().size())
        .append(" of ")
        .append(seen.kills().size())
        .append(seen.kills().size() == 1 ? " kill" : " kills")
        .append(" that count");
    seen.kills().stream()
        .mapToLong(Kill::recoveryMillis)
        .max()
        .ifPresent(
            m ->
                text.append("; recovery took at most ")
                    .append(m)
                    .append(seen.tunnelIncluded() ? " ms, the tunnel included" : " ms"));
    seen.finalRead()
        .ifPresent(last -> text.append("; then, behind one more kill, ").append(last.depth()));
    return text.append(". Level: ")
        .append(LEVEL)
        .append("; not shown: ")
        .append(CANNOT_SHOW)
        .toString();
  }

  private static List<String> whyNot(CrashRun seen) {
    var reasons = new ArrayList<String>();
    for (var kill : seen.kills()) {
      if (kill.proof().isEmpty()) {
        reasons.add("after " + kill.victim() + " was ended, no crash can be proven");
      } else if (!kill.counts()) {
        reasons.add("before " + kill.victim() + " was ended, nothing had just been acknowledged");
      }
    }
    if (reasons.isEmpty()) {
      reasons.add("the rows could not be read in the end");
    }
    return reasons;
  }

  /** Each row is reported once, at the reading that showed its fate first. */
  private static List<Finding> rows(CrashRun seen) {
    var findings = new ArrayList<Finding>();
    Set<String> reported = new LinkedHashSet<>();
    for (var kill : seen.kills()) {
      kill.rows()
          .ifPresent(
              r ->
                  add(
                      findings,
                      r.rows("the ledger after " + kill.victim() + " was killed"),
                      reported,
                      seen));
    }
    seen.finalRead()
        .ifPresent(
            last -> {
              add(findings, last.rows().rows("the ledger at the end"), reported, seen);
              last.damage()
                  .ifPresent(
                      damage ->
                          findings.add(
                              Finding.error(
                                  "StatefulSet/" + seen.set(),
                                  "the table is damaged: " + damage + "; wanted: no damage",
                                  last.depth(),
                                  remedy(seen))));
            });
    return findings;
  }

  private static void add(
      List<Finding> findings, RowSet rows, Set<String> reported, CrashRun seen) {
    var fresh =
        new RowSet(
            rows.name(),
            rows.written(),
            rows.kept(),
            without(rows.lost(), reported),
            without(rows.altered(), reported),
            without(rows.unexpected(), reported));
    findings.addAll(Rows.findings(List.of(fresh), "StatefulSet/" + seen.set(), remedy(seen)));
    reported.addAll(rows.lost());
    reported.addAll(rows.altered());
    reported.addAll(rows.unexpected());
  }

  private static List<String> without(List<String> ids, Set<String> reported) {
    return ids.stream().filter(id -> !reported.contains(id)).toList();
  }

  private static List<Finding> settings(CrashRun seen) {
    return RISKS.entrySet().stream()
        .filter(e -> e.getValue().bad().equals(seen.session().value(e.getKey())))
        .sorted(Map.Entry.comparingByKey())
        .map(
            e ->
                Finding.error(
                    "StatefulSet/" + seen.set(),
                    e.getKey()
                        + " is "
                        + e.getValue().bad()
                        + "; wanted: "
                        + e.getValue().wanted()
                        + " ("
                        + e.getValue().consequence()
                        + ")",
                    "kills cannot show it, so the setting itself counts; it is "
                        + place(seen, e.getKey()).origin(),
                    back(seen, e.getKey())))
        .toList();
  }

  /** The pod's configuration is the chart's; what is set for a role or a database is not. */
  private static String back(CrashRun seen, String name) {
    var place = place(seen, name);
    return place.source().equals("configuration file")
        ? "with this chart: --set-string database.statefulset.config."
            + name
            + "="
            + Objects.requireNonNull(RISKS.get(name)).wanted()
            + "; when it was set by ALTER SYSTEM:\n"
            + place.reset()
        : place.reset();
  }

  private static Sql.Place place(CrashRun seen, String name) {
    var session = seen.session();
    return new Sql.Place(
        name,
        Objects.requireNonNull(session.settings().get(name)).source(),
        session.role(),
        session.database(),
        "the Secret");
  }

  private static Map<String, String> values(CrashRun.Session session) {
    var values = new TreeMap<String, String>();
    session.settings().forEach((name, setting) -> values.put(name, setting.value()));
    return values;
  }

  private static String remedy(CrashRun seen) {
    return "off".equals(seen.session().value("synchronous_commit"))
        ? back(seen, "synchronous_commit")
        : "look at the volume and at who else writes: kubectl logs "
            + seen.pod()
            + " -n "
            + seen.namespace();
  }
}
