package io.tlengine.pgcheck.gather.database;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.catalog.CheckCatalog;
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
import java.util.Set;

/**
 * Looks at the databases of a plan as preflight does, and judges by all checks that this is enough
 * for.
 */
final class ProviderLook {

  static final String LOCAL = "127.0.0.1";
  static final String PLAIN = "sslmode=disable";
  static final String TLS = "sslmode=require";

  /** sslmode=require verifies nothing, and the rig's servers do not sync: both true. */
  private static final Set<String> OF_THE_RIG = Set.of("PGC-104", "PGC-401");

  static final Set<FactKey<?>> SEEN =
      Set.of(
          FactKey.PLAN,
          FactKey.URL,
          FactKey.CONNECTION,
          FactKey.DATABASE_FACTS,
          FactKey.OTHER_DATABASES,
          FactKey.CREATE_PROOF,
          FactKey.ROUTES);

  private ProviderLook() {}

  /**
   * One look at a plan's databases.
   *
   * @param answers of all checks that these facts are enough for
   */
  record Run(Facts facts, List<CheckResult> answers) {

    /** The codes that say something is wrong. */
    List<String> failed() {
      return answers.stream()
          .filter(a -> a.outcome() instanceof Outcome.Failed)
          .map(a -> a.info().code())
          .filter(c -> !OF_THE_RIG.contains(c))
          .toList();
    }

    Outcome outcome(String code) {
      return answers.stream()
          .filter(a -> a.info().code().equals(code))
          .findFirst()
          .orElseThrow()
          .outcome();
    }

    Finding finding(String code) {
      return assertInstanceOf(Outcome.Failed.class, outcome(code)).findings().getFirst();
    }

    Route route(UrlRole role) {
      return facts.view(SEEN).get(FactKey.ROUTES).of(role).orElseThrow();
    }
  }

  static Run look(Map<String, String> secret, boolean upgrade, String... manifests) {
    Plan plan = PlanReader.read(Manifests.parse(String.join("\n---\n", manifests)));
    var seen =
        new DatabaseGatherer(
                source -> Fact.known(Optional.ofNullable(secret.get(source.key()))),
                SEEN,
                Duration.ofSeconds(20),
                Vantage.HERE)
            .gather(plan);
    var facts =
        seen.addTo(
            new Facts(Instant.now(), Map.of())
                .with(FactKey.PLAN, Fact.known(plan))
                .with(FactKey.UPGRADE, Fact.known(new Upgrade(upgrade))));
    var checks =
        CheckCatalog.preflight().stream().filter(c -> SEEN.containsAll(c.needs())).toList();
    var answers = CheckRunner.run(checks, facts, Map.of());
    assertTrue(answers.stream().allMatch(a -> a.bug().isEmpty()), answers::toString);
    assertTrue(!(facts + answers.toString()).contains("geheim"), "no password");
    return new Run(facts, answers);
  }

  static String app(int pods) {
    return workload("Deployment", pods, "DATABASE_URL", "")
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
            more.isEmpty() ? "image: app" : more,
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
