package io.tlengine.pgcheck.gather.database;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.CheckResult;
import io.tlengine.pgcheck.check.CheckRunner;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.Routes.Route;
import io.tlengine.pgcheck.fact.Upgrade;
import io.tlengine.pgcheck.fact.Vantage;
import io.tlengine.pgcheck.gather.connection.Login;
import io.tlengine.pgcheck.gather.helm.Manifests;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.PlanReader;
import io.tlengine.pgcheck.plan.UrlRole;
import io.tlengine.pgcheck.postgres.Postgres;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at the databases of a plan as preflight does, and judges by all checks that this is enough
 * for.
 */
final class ProviderLook {

  static final String LOCAL = "127.0.0.1";
  static final String PLAIN = "sslmode=disable";

  private ProviderLook() {}

  /**
   * One look at a plan's databases.
   *
   * @param answers of all checks that these facts are enough for
   */
  record Run(Facts facts, List<CheckResult> answers) {

    /** What is wrong, or cannot be told. */
    List<String> faults() {
      return DatabaseChecks.faults(answers);
    }

    /** This fault and no other, with a remedy and these words of what was seen. */
    void assertAlone(String fault, String... words) {
      DatabaseChecks.assertAlone(fault, answers, words);
    }

    Outcome outcome(String code) {
      return DatabaseChecks.outcome(answers, code);
    }

    Finding finding(String code) {
      return assertInstanceOf(Outcome.Failed.class, outcome(code)).findings().getFirst();
    }

    Route route(UrlRole role) {
      return facts.view(DatabaseChecks.SEEN).get(FactKey.ROUTES).of(role).orElseThrow();
    }
  }

  static Run look(Map<String, String> secret, boolean upgrade, String... manifests) {
    Plan plan = PlanReader.read(Manifests.parse(String.join("\n---\n", manifests)));
    var seen =
        new DatabaseGatherer(
                source -> Fact.known(Optional.ofNullable(secret.get(source.key()))),
                DatabaseChecks.SEEN,
                Duration.ofSeconds(20),
                Vantage.HERE)
            .gather(plan);
    var facts =
        seen.addTo(
            new Facts(Instant.now(), Map.of())
                .with(FactKey.PLAN, Fact.known(plan))
                .with(FactKey.UPGRADE, Fact.known(new Upgrade(upgrade))));
    var answers = CheckRunner.run(DatabaseChecks.all(), facts, Map.of());
    assertTrue(answers.stream().allMatch(a -> a.bug().isEmpty()), answers::toString);
    assertTrue(!(facts + answers.toString()).contains("geheim"), "no password");
    return new Run(facts, answers);
  }

  /** TLS that holds for the rig's chain, by whatever name. */
  static String tls(Postgres postgres) {
    return "sslmode=verify-ca&sslrootcert=" + postgres.knownRoot();
  }

  static String app(int pods) {
    return app(pods, "image: app");
  }

  /**
   * @param more of its container
   */
  static String app(int pods, String more) {
    return workload("Deployment", pods, "DATABASE_URL", more)
        + "        - {name: POOL_MAX_SIZE, value: '10'}\n";
  }

  static String migrations(String key) {
    return workload("Job", 1, key, "args: [migrate]");
  }

  static String workload(String kind, int pods, String key, String more) {
    return """
    kind: %s
    apiVersion: %s
    metadata: {name: app%s}
    spec:
      %s
      template:
        spec:
          containers:
          - name: app
            %s
            env:
            - {name: DATABASE_URL, valueFrom: {secretKeyRef: {name: s, key: %s}}}
    """
        .formatted(
            kind,
            kind.equals("Job") ? "batch/v1" : "apps/v1",
            kind.equals("Job") ? ", annotations: {helm.sh/hook: pre-install}" : "",
            kind.equals("Job") ? "backoffLimit: 1" : "replicas: " + pods,
            more,
            key);
  }

  static String url(String host, int port, String parameters) {
    return Postgres.url(
        Postgres.USER, Postgres.PASSWORD, host, port, Postgres.DATABASE, parameters);
  }

  static Map<String, String> secret(String url) {
    return Map.of("DATABASE_URL", url);
  }

  static Connection connect(String url) throws Exception {
    return Login.connect(DatabaseUrl.parse(url), Duration.ofSeconds(10));
  }

  static void asSuperuser(int port, String sql) throws Exception {
    var url =
        Postgres.url(
            "postgres", Postgres.SUPERUSER_PASSWORD, LOCAL, port, Postgres.DATABASE, PLAIN);
    try (var connection = connect(url);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
