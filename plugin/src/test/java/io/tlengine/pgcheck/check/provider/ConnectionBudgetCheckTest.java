package io.tlengine.pgcheck.check.provider;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.Outcomes.unknown;
import static io.tlengine.pgcheck.check.provider.Setups.BY_TRANSACTION;
import static io.tlengine.pgcheck.check.provider.Setups.NOTHING;
import static io.tlengine.pgcheck.check.provider.Setups.database;
import static io.tlengine.pgcheck.check.provider.Setups.setup;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.check.Situations;
import io.tlengine.pgcheck.fact.ConnectionFacts.LoginAttempt;
import io.tlengine.pgcheck.fact.DatabaseFacts.Room;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionBudgetCheckTest {

  private static final String HOST = "db.example.com";
  private static final String POOL_OF_TEN = "POOL_MAX_SIZE=10";

  private static Outcome judge(Setups setup) {
    return setup.judge(new ConnectionBudgetCheck());
  }

  /** Connections that others hold, of any database. */
  private static Room used(int connections) {
    return new Room(100, 3, 0, connections, -1, 0, 0, Map.of());
  }

  private static Setups pods(int pods) {
    return setup().app(pods, POOL_OF_TEN).route(NOTHING, HOST, "");
  }

  @Test
  void aSmallPlanFits() {
    var evidence = passed(judge(pods(1).database(database())));

    assertEquals(20, evidence.get("needed"), "one pod, and one more while rolling");
    assertEquals(97, evidence.get("left"));
  }

  @Test
  void moreThanIsLeftIsAnErrorAndSaysThePoolThatFits() {
    var finding =
        onlyFinding(judge(pods(6).migrations("DATABASE_URL").database(database(used(40), -1))));

    assertEquals(Severity.ERROR, finding.severity());
    assertTrue(finding.message().contains("may open 71 connections"), finding.message());
    assertTrue(finding.message().endsWith("leaves 57"), finding.message());
    assertTrue(
        finding
            .detail()
            .contains("Deployment/app (6 + 1 while rolling) x 10 by POOL_MAX_SIZE = 70"),
        finding.detail());
    assertTrue(finding.remedy().contains("engine.pool.maxSize to 6"), finding.remedy());
  }

  @Test
  void moreThanFourFifthsIsAWarning() {
    var finding = onlyFinding(judge(pods(7).database(database())));

    assertEquals(Severity.WARNING, finding.severity());
    assertTrue(finding.message().contains("80 of the 97"), finding.message());
    passed(judge(pods(6).database(database())));
  }

  @Test
  void anAutoscalerCountsWithTheMostItMayMake() {
    var scaled =
        pods(1)
            .manifest(
                """
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: app}
                spec: {maxReplicas: 12, scaleTargetRef: {kind: Deployment, name: app}}
                """)
            .database(database());

    assertTrue(onlyFinding(judge(scaled)).message().contains("may open 130 "), scaled::toString);
  }

  @Test
  void onAnUpgradeItsOwnConnectionsAreNotOthers() {
    var room = new Room(100, 3, 0, 60, -1, 60, 60, Map.of());

    assertEquals(
        97, passed(judge(pods(6).upgrade().database(database(room, -1)))).get("left"), "all own");
    assertEquals(
        Severity.ERROR, onlyFinding(judge(pods(6).database(database(room, -1)))).severity());
    // Another release with the same role: more than this one may hold is not its own.
    assertEquals(57, passed(judge(pods(2).upgrade().database(database(room, -1)))).get("left"));
  }

  @Test
  void whoseTheyAreDecidesOnlyWhereItMatters() {
    var room = new Room(100, 3, 0, 60, -1, 60, 60, Map.of());
    var answer = unknown(judge(pods(6).upgradeUnknown().database(database(room, -1))));

    assertTrue(answer.why().endsWith("secrets is forbidden"), answer.why());
    assertEquals("grant list secrets", answer.remedy());
    // It fits, or does not, whoever holds the others.
    var evidence = passed(judge(pods(1).upgradeUnknown().database(database(room, -1))));
    assertEquals("unknown", evidence.get("upgrade"));
    assertFalse(evidence.containsKey("ownConnections"), evidence::toString);
    assertEquals(
        "the server (max_connections 100, 3 of them reserved, 60 used)", evidence.get("limitedBy"));
    assertEquals(
        Severity.ERROR,
        onlyFinding(judge(pods(12).upgradeUnknown().database(database(room, -1)))).severity());
  }

  @Test
  void whereItIsKnownTheEvidenceSaysHowManyAreItsOwn() {
    var room = new Room(100, 3, 0, 60, -1, 60, 60, Map.of());

    for (var setup : List.of(pods(1), pods(1).upgrade())) {
      var evidence = passed(judge(setup.database(database(room, -1))));
      assertTrue(evidence.containsKey("ownConnections"), evidence::toString);
      assertFalse(evidence.containsKey("upgrade"), evidence::toString);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "15, -1, 'the role app (CONNECTION LIMIT 15)'",
    "-1, 15, the database (CONNECTION LIMIT 15)"
  })
  void theTightestLimitCounts(int roleLimit, int databaseLimit, String limit) {
    var room = new Room(100, 3, 0, 5, databaseLimit, 5, 5, Map.of());
    var finding = onlyFinding(judge(pods(1).database(database(room, roleLimit))));

    assertTrue(finding.message().endsWith(limit + " leaves 10"), finding.message());
    // PostgreSQL lets superusers pass these limits.
    passed(judge(pods(1).database(Setups.superuser(room, roleLimit))));
  }

  @Test
  void aPoolThatTheManifestsDoNotTellLeavesItUnknownAndSaysWhatToSet() {
    var answer = unknown(judge(setup().app(2).route(NOTHING, HOST, "").database(database())));

    assertTrue(answer.why().startsWith("Deployment/app: "), answer.why());
    assertTrue(answer.remedy().contains("engine.pool.maxSize"), answer.remedy());
    assertTrue(answer.remedy().contains("pgcheck.io/pool-size"), answer.remedy());
  }

  @Test
  void aPoolOfTheUrlOrOfTheLabelCounts() {
    assertEquals(
        9,
        passed(
                judge(
                    setup().app(2).route(NOTHING, HOST, "connection_limit=3").database(database())))
            .get("needed"));
    var labelled =
        setup()
            .manifest(
                """
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: app}
                spec:
                  replicas: 2
                  template:
                    metadata: {labels: {pgcheck.io/pool-size: "7"}}
                    spec:
                      containers:
                        - name: app
                          env:
                %s
                """
                    .formatted(Setups.environment("DATABASE_URL").indent(12)))
            .route(NOTHING, HOST, "")
            .database(database());
    assertEquals(14, passed(judge(labelled)).get("needed"));
  }

  @Test
  void aPodOnEveryNodeIsUnknown() {
    var everywhere =
        setup()
            .manifest(
                """
                apiVersion: apps/v1
                kind: DaemonSet
                metadata: {name: agent}
                spec:
                  template:
                    spec:
                      containers:
                        - name: agent
                          env:
                %s
                """
                    .formatted(Setups.environment("DATABASE_URL", POOL_OF_TEN).indent(12)))
            .route(NOTHING, HOST, "")
            .database(database());

    assertEquals(
        "DaemonSet/agent: it runs a pod on every node; the server (max_connections 100, 3 of them"
            + " reserved, 0 used by others) leaves 97",
        unknown(judge(everywhere)).why());
  }

  @Test
  void behindAPoolerItsOwnLimitCounts() {
    var full = database(used(97), -1);

    assertTrue(
        unknown(judge(setup().app(3, POOL_OF_TEN).route(BY_TRANSACTION, HOST, "").database(full)))
            .why()
            .contains("the plan needs 40"));
    assertEquals(
        10_000,
        passed(
                judge(
                    setup()
                        .app(30, POOL_OF_TEN)
                        .route(NOTHING, Setups.NEON_POOLED, "")
                        .database(full)))
            .get("left"));
    assertEquals(
        Severity.ERROR,
        onlyFinding(
                judge(
                    setup()
                        .app(1200, POOL_OF_TEN)
                        .route(NOTHING, Setups.NEON_POOLED, "")
                        .database(full)))
            .severity());
  }

  @ParameterizedTest
  @CsvSource({
    "53300, 'FATAL: sorry, too many clients already', the server has no connection left, max_conn",
    "53300, 'FATAL: remaining connection slots are reserved for roles with the SUPERUSER attribute',"
        + " the server has no connection left, raise max_connections",
    "53300, 'FATAL: too many connections for role \"app\"', the role app has used up, ALTER ROLE",
    "53300, 'FATAL: too many connections for database \"engine\"', the database engine has used up,"
        + " ALTER DATABASE",
    "08P01, 'FATAL: no more connections allowed (max_client_conn)', the pooler takes no more, pool"
  })
  void notOneConnectionIsFree(String code, String text, String message, String remedy) {
    var finding =
        onlyFinding(
            judge(
                pods(1)
                    .connection(
                        Situations.connection()
                            .login(new LoginAttempt.Refused(code, text, 1, 5)))));

    assertTrue(finding.message().startsWith(message), finding.message());
    assertTrue(finding.detail().contains(code), finding.detail());
    assertTrue(finding.remedy().contains(remedy), finding.remedy());
  }

  @Test
  void withoutTheDatabasesAnswerItIsUnknown() {
    unknown(judge(pods(1)));
  }

  @Test
  void aPlanWithoutPodsThatUseItIsSkipped() {
    assertSkipped(
        "no workload of the plan opens connections",
        judge(
            setup()
                .manifest("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}")
                .database(database())));
  }
}
