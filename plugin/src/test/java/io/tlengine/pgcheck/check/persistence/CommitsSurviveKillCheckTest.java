package io.tlengine.pgcheck.check.persistence;

import static io.tlengine.pgcheck.check.Outcomes.findings;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.fact.CrashRun;
import io.tlengine.pgcheck.fact.CrashRun.Checkpoint;
import io.tlengine.pgcheck.fact.CrashRun.FinalRead;
import io.tlengine.pgcheck.fact.CrashRun.Gap;
import io.tlengine.pgcheck.fact.CrashRun.Kill;
import io.tlengine.pgcheck.fact.CrashRun.Obstacle;
import io.tlengine.pgcheck.fact.CrashRun.Session;
import io.tlengine.pgcheck.fact.CrashRun.Setting;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.SettledRows;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommitsSurviveKillCheckTest {

  private static final Map<String, String> SOUND =
      Map.of("fsync", "on", "full_page_writes", "on", "synchronous_commit", "on");
  private static final List<String> NONE = List.of();
  private static final SettledRows KEPT =
      new SettledRows(1_203, 1_200, 1_200, NONE, NONE, NONE, 1, 2);
  private static final Kill KILL = kill(Optional.of("every process was replaced"), 1_200, 0, KEPT);
  private static final FinalRead LAST = last(Optional.of("replaced once more"), KEPT);

  private static Kill kill(
      Optional<String> proof, int acknowledged, long silent, SettledRows rows) {
    return new Kill(
        "the checkpointer",
        Checkpoint.RUNNING,
        Math.max(0, acknowledged - 21),
        60,
        acknowledged == 0 ? 0 : 20,
        1,
        silent,
        580,
        1_700,
        List.of(new Gap(640, 1_800), new Gap(0, 120)),
        proof,
        Optional.of(rows));
  }

  private static FinalRead last(Optional<String> proof, SettledRows rows) {
    return new FinalRead(proof, rows, "full read, page checksums on", Optional.empty());
  }

  private static Outcome judge(CrashRun run) {
    return Namespaced.judge(new CommitsSurviveKillCheck(), FactKey.CRASH_RUN, run);
  }

  private static Session session(Map<String, String> settings, String source) {
    var all = new HashMap<String, Setting>();
    settings.forEach((name, value) -> all.put(name, new Setting(value, source)));
    return new Session("app", "shop", all);
  }

  private static CrashRun run(Map<String, String> settings, FinalRead last, Kill... kills) {
    return run(session(settings, "configuration file"), last, kills);
  }

  private static CrashRun run(Session session, FinalRead last, Kill... kills) {
    return new CrashRun(
        "shop",
        "postgres",
        "postgres-0",
        16,
        true,
        session,
        List.of(kills),
        Optional.of(last),
        Optional.empty());
  }

  private static SettledRows with(
      List<String> lost, List<String> altered, List<String> unexpected) {
    return new SettledRows(
        1_200, 1_200, 1_200 - lost.size() - altered.size(), lost, altered, unexpected, 0, 0);
  }

  @Test
  void keptRowsPassWithTheLevelAndWhatIsNotShown() {
    var evidence = passed(judge(run(SOUND, LAST, KILL, KILL)));

    assertEquals(
        "1200 of 1200 acknowledged rows kept, 1 recovered, after 2 of 2 kills that count; recovery"
            + " took at most 1700 ms, the tunnel included; then, behind one more kill, full read, page"
            + " checksums on. Level: process killed; not shown: power loss, disks that lie and another kernel: what one kernel's page cache"
            + " holds survives a kill",
        evidence.get("summary"));
    assertEquals("process killed", evidence.get("level"));
    assertEquals(2, evidence.get("killsThatCount"));
  }

  @Test
  void theFiguresAddUp() {
    var both = new SettledRows(2_406, 2_400, 2_400, NONE, NONE, NONE, 2, 4);
    var evidence =
        passed(
            judge(
                run(
                    SOUND,
                    last(LAST.restartProof(), both),
                    KILL,
                    kill(KILL.proof(), 1_200, 0, both))));

    assertEquals(2_400, evidence.get("acknowledged"));
    var kills = String.valueOf(evidence.get("kills"));
    assertTrue(
        kills.contains(
            "acknowledged=1200, acknowledgedBeforeKill=1179, acknowledgedInLast100Millis=60,"
                + " acknowledgedDuringKill=20, acknowledgedAfterRecovery=1"),
        kills);
  }

  @Test
  void theTimesSayWhetherATunnelIsInThem() {
    var through = passed(judge(run(SOUND, LAST, KILL)));
    var inside =
        passed(
            judge(
                new CrashRun(
                    "shop",
                    "postgres",
                    "postgres-0",
                    16,
                    false,
                    session(SOUND, "default"),
                    List.of(KILL),
                    Optional.of(LAST),
                    Optional.empty())));

    assertTrue(String.valueOf(through.get("times")).contains("tunnel (port-forward) included"));
    assertTrue(String.valueOf(inside.get("times")).endsWith("without a tunnel"));
    assertFalse(String.valueOf(inside.get("summary")).contains("tunnel"));
    var kill = String.valueOf(through.get("kills"));
    assertTrue(kill.contains("longestGapMillis=1800"), kill);
    assertTrue(kill.contains("gapsInService=[1800 ms, 640 ms after the writers began, 120"), kill);
  }

  @Test
  void aLostRowFailsAndIsReportedOnce() {
    var lost = with(List.of("id-1"), NONE, NONE);
    var finding =
        onlyFinding(
            judge(run(SOUND, last(LAST.restartProof(), lost), kill(KILL.proof(), 1_200, 0, lost))));

    assertEquals(
        "1 of 1200 acknowledged rows of the ledger after the checkpointer was killed are lost;"
            + " wanted: none",
        finding.message());
    assertEquals("keys: id-1", finding.detail());
  }

  @Test
  void whatIsLostOnlyAtTheSecondRestartFails() {
    var finding =
        onlyFinding(
            judge(run(SOUND, last(LAST.restartProof(), with(List.of("id-1"), NONE, NONE)), KILL)));

    assertTrue(finding.message().contains("the ledger at the end are lost"), finding.message());
  }

  @Test
  void alteredAndUnexpectedRowsFail() {
    var outcome =
        judge(
            run(SOUND, LAST, kill(KILL.proof(), 1_200, 0, with(NONE, List.of("a"), List.of("b")))));

    assertEquals(2, findings(outcome).size());
    assertTrue(findings(outcome).getFirst().message().contains("are altered"));
    assertTrue(findings(outcome).getLast().message().contains("are unexpected"));
  }

  @Test
  void damageFails() {
    var damaged = new FinalRead(LAST.restartProof(), KEPT, "amcheck", Optional.of("item order"));

    assertEquals(
        "the table is damaged: item order; wanted: no damage",
        onlyFinding(judge(run(SOUND, damaged, KILL))).message());
  }

  @ParameterizedTest
  @CsvSource({
    "fsync, off, on",
    "full_page_writes, off, on",
    "synchronous_commit, off, on",
    "data_sync_retry, on, off",
    "zero_damaged_pages, on, off",
    "ignore_checksum_failure, on, off"
  })
  void aSettingThatKillsCannotShowFails(String name, String bad, String wanted) {
    var settings = new HashMap<>(SOUND);
    settings.put(name, bad);
    var finding = onlyFinding(judge(run(settings, LAST, KILL)));

    assertTrue(finding.message().startsWith(name + " is " + bad + "; wanted: " + wanted));
    assertEquals(
        "kills cannot show it, so the setting itself counts; it is set for the whole server",
        finding.detail());
    assertTrue(
        finding
            .remedy()
            .startsWith(
                "with this chart: --set-string database.statefulset.config."
                    + name
                    + "="
                    + wanted
                    + "; when it was set by ALTER SYSTEM:\nALTER SYSTEM RESET "
                    + name
                    + ";\n"),
        finding.remedy());
  }

  @ParameterizedTest
  @CsvSource({
    "user, ALTER ROLE \"app\" RESET fsync;",
    "database, ALTER DATABASE \"shop\" RESET fsync;",
    "database user, ALTER ROLE \"app\" IN DATABASE \"shop\" RESET fsync;",
    "command line, 'take fsync out of the server''s command line, and restart it'"
  })
  void aSettingIsTakenBackWhereItWasMade(String source, String statement) {
    var finding = onlyFinding(judge(run(session(Map.of("fsync", "off"), source), LAST, KILL)));

    assertEquals(statement, finding.remedy());
  }

  @ParameterizedTest
  @CsvSource({"synchronous_commit, local", "synchronous_commit, remote_apply", "fsync, on"})
  void otherValuesAreSound(String name, String value) {
    var settings = new HashMap<>(SOUND);
    settings.put(name, value);

    passed(judge(run(settings, LAST, KILL)));
  }

  private static CrashRun obstructed(Map<String, String> settings) {
    return new CrashRun(
        "shop",
        "postgres",
        "postgres-0",
        0,
        true,
        session(settings, "configuration file"),
        List.of(),
        Optional.empty(),
        Optional.of(new Obstacle("you may not run a command in postgres-0", "a role")));
  }

  @Test
  void withoutAKillItIsUnknown() {
    var unknown = unknown(judge(obstructed(SOUND)));

    assertEquals("you may not run a command in postgres-0", unknown.why());
    assertEquals("a role", unknown.remedy());
  }

  @Test
  void withoutAKillASettingFailsAllTheSame() {
    var settings = new HashMap<>(SOUND);
    settings.put("fsync", "off");

    assertTrue(onlyFinding(judge(obstructed(settings))).message().startsWith("fsync is off"));
  }

  @Test
  void aKillWithoutProofOfACrashShowsNothing() {
    var unknown = unknown(judge(run(SOUND, LAST, kill(Optional.empty(), 1_200, 0, KEPT))));

    assertTrue(unknown.why().contains("no crash can be proven"), unknown.why());
  }

  @Test
  void aKillWithoutLoadShowsNothing() {
    var silent = unknown(judge(run(SOUND, LAST, kill(KILL.proof(), 1_200, 900, KEPT))));
    assertTrue(silent.why().contains("nothing had just been acknowledged"), silent.why());

    unknown(judge(run(SOUND, LAST, kill(KILL.proof(), 0, 0, KEPT))));
  }

  @Test
  void withoutTheLastReadingItIsUnknown() {
    unknown(
        judge(
            new CrashRun(
                "shop",
                "postgres",
                "postgres-0",
                16,
                true,
                session(SOUND, "default"),
                List.of(KILL),
                Optional.empty(),
                Optional.empty())));
    unknown(judge(run(SOUND, last(Optional.empty(), KEPT), KILL)));
  }

  @Test
  void oneKillThatCountsIsEnoughAndTheOthersAreShown() {
    var evidence = passed(judge(run(SOUND, LAST, KILL, kill(Optional.empty(), 1_200, 0, KEPT))));

    assertTrue(String.valueOf(evidence.get("summary")).contains("1 of 2 kills that count"));
  }
}
