package io.tlengine.pgcheck.check.provider;

import static io.tlengine.pgcheck.check.Outcomes.assertSkipped;
import static io.tlengine.pgcheck.check.Outcomes.onlyFinding;
import static io.tlengine.pgcheck.check.Outcomes.passed;
import static io.tlengine.pgcheck.check.provider.Setups.setup;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import org.junit.jupiter.api.Test;

/** PGC-501 for a server that the release brings: the manifests say what it will take. */
class OwnServersBudgetTest {

  private static final String SET =
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: pg}
      spec:
        template:
          spec:
            containers:
              - name: postgres
                image: postgres:17
                args: [%s]
                ports: [{containerPort: 5432}]
            volumes:
              - name: config
                configMap: {name: pg-config}
      """;

  private static final String CONFIG =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: pg-config}
      data:
        postgresql.conf: |
          %s
      """;

  /** The application puts its URL together from parts, as this chart's does by default. */
  private static final String COMPOSING =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: app}
      spec:
        replicas: 8
        strategy: {rollingUpdate: {maxSurge: 0}}
        template:
          spec:
            containers:
              - name: app
                image: app:1
                env:
                  - name: PGPASSWORD
                    valueFrom: {secretKeyRef: {name: postgresql-secret, key: password}}
                  - {name: DATABASE_URL, value: "postgresql://app:$(PGPASSWORD)@pg/app"}
                  - {name: POOL_MAX_SIZE, value: "20"}
      """;

  private static Setups server(String arguments, String config) {
    return setup().ownServer(SET.formatted(arguments)).manifest(CONFIG.formatted(config));
  }

  private static Outcome judge(Setups setup) {
    return setup.judge(new ConnectionBudgetCheck());
  }

  @Test
  void poolsThatTheDefaultCannotHoldAreAnErrorBeforeTheInstall() {
    var finding = onlyFinding(judge(server("", "work_mem = '4MB'").manifest(COMPOSING)));

    assertEquals(Severity.ERROR, finding.severity());
    assertEquals("StatefulSet/pg", finding.subject());
    assertEquals(
        "the plan may open 160 connections, and its own server (max_connections 100 by PostgreSQL's"
            + " default, 3 of them reserved) leaves 97",
        finding.message());
    assertTrue(finding.remedy().startsWith("set engine.pool.maxSize to 9"), finding.remedy());
  }

  @Test
  void theMountedConfigurationCounts() {
    var evidence = passed(judge(server("", "max_connections = '300'").manifest(COMPOSING)));

    assertEquals(297, evidence.get("left"));
    assertEquals(
        "its own server (max_connections 300 by ConfigMap/pg-config, 3 of them reserved)",
        evidence.get("limitedBy"));
  }

  @Test
  void theCommandLineWinsOverTheConfiguration() {
    var finding =
        onlyFinding(
            judge(server("-c, max_connections=150", "max_connections = 300").manifest(COMPOSING)));

    assertTrue(finding.message().contains("150 by StatefulSet/pg"), finding.message());
  }

  @Test
  void reservedConnectionsAreTakenOff() {
    var evidence =
        passed(
            judge(
                server(
                        "",
                        "max_connections=400\n    superuser_reserved_connections 10\n"
                            + "    reserved_connections = 5")
                    .manifest(COMPOSING)));

    assertEquals(385, evidence.get("left"));
  }

  @Test
  void aCommentSetsNothing() {
    var evidence = passed(judge(server("", "# max_connections = 5").app(1, "POOL_MAX_SIZE=10")));

    assertEquals(97, evidence.get("left"));
  }

  @Test
  void aConfigurationOfSomebodyElsesIsNotGuessed() {
    assertSkipped(
        "the ConfigMap pg-config, which the release does not bring, may set max_connections",
        judge(setup().ownServer(SET.formatted("")).manifest(COMPOSING)));
  }

  @Test
  void aDatabaseWithoutAnApplicationNeedsNothing() {
    assertSkipped(
        "no workload of the plan opens connections", judge(server("", "work_mem = '4MB'")));
  }
}
