package io.tlengine.pgcheck.check.provider;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.findings;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.provider.Setups.setup;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.Routes.Pooling;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProbesLetItSleepCheckTest {

  private static final Pooling BY_NAME = new Pooling.NotSeen("by name");

  private static Outcome judge(Setups setup) {
    return setup.judge(new ProbesLetItSleepCheck());
  }

  private static Setups probe(String kind, String command, int period) {
    return setup()
        .appWith(
            kind
                + ":\n  exec: {command: [/bin/sh, -c, '"
                + command
                + "']}\n  periodSeconds: "
                + period,
            1)
        .route(BY_NAME, Setups.NEON_POOLED, "");
  }

  @Test
  void aQueryEveryTenSecondsKeepsItAwakeAndIsPriced() {
    var finding =
        onlyFinding(judge(probe("readinessProbe", "psql \"$DATABASE_URL\" -c SELECT", 10)));

    assertEquals(Severity.WARNING, finding.severity());
    assertTrue(
        finding
            .message()
            .startsWith(
                "the readinessProbe of Deployment/app container app queries the database every 10 s"),
        finding.message());
    // 0.25 CU x 730 h = 182.5; x 0.106 = 19.3; x 0.222 = 40.5.
    assertTrue(finding.detail().startsWith("if it suspends after 5 min"), finding.detail());
    assertTrue(finding.detail().contains("182.5 CU-hours"), finding.detail());
    assertTrue(finding.detail().contains("about $19 (Launch"), finding.detail());
    assertTrue(finding.detail().contains("to $41 (Scale"), finding.detail());
    assertTrue(finding.detail().contains("more than the 100 of the Free plan"), finding.detail());
    assertTrue(finding.remedy().contains("engine.probes.type=http"), finding.remedy());
  }

  @ParameterizedTest
  @ValueSource(strings = {"pg_isready -d $DATABASE_URL", "wget -qO- localhost:8080/readyz"})
  void whatDoesNotLogInDoesNotWakeIt(String command) {
    passed(judge(probe("livenessProbe", command, 10)));
  }

  @Test
  void aStartUpProbeAndARareProbeAreFine() {
    passed(judge(probe("startupProbe", "psql -c SELECT", 1)));
    passed(judge(probe("livenessProbe", "psql -c SELECT", 600)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"*/2 * * * *", "* 8-17 * * 1-5", "0,4 * * * *"})
  void aCronJobThatRunsTooOften(String schedule) {
    var finding = onlyFinding(judge(setup().cron(schedule).route(BY_NAME, Setups.NEON, "")));

    assertTrue(finding.message().contains("(" + schedule + ")"), finding.message());
  }

  @Test
  void aCronJobsShareOfTheMonthIsPriced() {
    var day = onlyFinding(judge(setup().cron("*/2 0-11 * * *").route(BY_NAME, Setups.NEON, "")));

    assertTrue(day.detail().contains("awake 50 % of the month"), day.detail());
    assertTrue(day.detail().contains("within the 100 of the Free plan"), day.detail());
    assertEquals(
        List.of("CronJob/reports: awake 8 %"),
        passed(judge(setup().cron("@hourly").route(BY_NAME, Setups.NEON, ""))).get("schedules"));
  }

  @Test
  void neonIsKnownByItsSettingsBehindAnyName() {
    var alias =
        setup()
            .cron("* * * * *")
            .route(new Pooling.None(), "db.example.com", "")
            .database(Setups.neon(10, "512"));

    assertEquals(1, findings(judge(alias)).size());
  }

  @Test
  void aServerThatAlwaysRunsMayBeAskedAllTheTime() {
    assertSkipped(
        "the database is not known to suspend",
        judge(
            setup()
                .cron("* * * * *")
                .route(new Pooling.None(), "db.example.com", "")
                .database(Setups.database())));
  }
}
