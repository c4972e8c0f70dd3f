package io.tlengine.pgcheck.gather;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.catalog.CheckCatalog;
import io.tlengine.pgcheck.check.CheckResult;
import io.tlengine.pgcheck.check.CheckRunner;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.fact.ConnectionFacts.LoginAttempt;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.Routes;
import io.tlengine.pgcheck.fact.Routes.Pooling;
import io.tlengine.pgcheck.fact.Routes.Route;
import io.tlengine.pgcheck.fact.Vantage;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.PlanReader;
import io.tlengine.pgcheck.plan.UrlRole;
import io.tlengine.pgcheck.postgres.NeonProxy;
import io.tlengine.pgcheck.postgres.PgBouncer;
import io.tlengine.pgcheck.postgres.Postgres;
import io.tlengine.pgcheck.postgres.Postgres.Kind;
import io.tlengine.pgcheck.postgres.PostgresExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Poolers and providers for real: for each fault exactly its own code fails, and none for what is
 * healthy.
 */
@ExtendWith(PostgresExtension.class)
class ProviderIT {

  private static final String ENDPOINT = "ep-cool-dawn-a1b2c3d4";
  private static final String NEON = ENDPOINT + "." + NeonProxy.REGION;
  private static final String LOCAL = "127.0.0.1";
  private static final String PLAIN = "sslmode=disable";
  private static final String TLS = "sslmode=require";

  /** sslmode=require verifies nothing, and the rig's servers do not sync: both true. */
  private static final Set<String> OF_THE_RIG = Set.of("PGC-104", "PGC-401");

  private static final Set<FactKey<?>> SEEN =
      Set.of(
          FactKey.PLAN,
          FactKey.URL,
          FactKey.CONNECTION,
          FactKey.DATABASE_FACTS,
          FactKey.OTHER_DATABASES,
          FactKey.CREATE_PROOF,
          FactKey.ROUTES);

  /**
   * One look at a plan's databases.
   *
   * @param answers of all checks that these facts are enough for
   */
  private record Run(Facts facts, List<CheckResult> answers) {

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

  private static Run look(Map<String, String> secret, boolean upgrade, String... manifests) {
    Plan plan = PlanReader.read(Manifests.parse(String.join("\n---\n", manifests)));
    var seen =
        new DatabaseGatherer(
                source -> Fact.known(Optional.ofNullable(secret.get(source.key()))),
                SEEN,
                Duration.ofSeconds(20),
                Vantage.HERE)
            .gather(plan);
    var facts =
        new Facts(Instant.now(), Map.of())
            .with(FactKey.PLAN, Fact.known(plan))
            .with(FactKey.URL, seen.url())
            .with(FactKey.CONNECTION, seen.connection())
            .with(FactKey.DATABASE_FACTS, seen.database())
            .with(FactKey.OTHER_DATABASES, seen.others())
            .with(FactKey.CREATE_PROOF, seen.create());
    if (seen.routes() instanceof Fact.Known<List<Route>> known) {
      facts = facts.with(FactKey.ROUTES, Fact.known(new Routes(upgrade, known.value())));
    }
    var checks =
        CheckCatalog.preflight().stream().filter(c -> SEEN.containsAll(c.needs())).toList();
    var answers = CheckRunner.run(checks, facts, Map.of());
    assertTrue(answers.stream().allMatch(a -> a.bug().isEmpty()), answers::toString);
    assertTrue(!(facts + answers.toString()).contains("geheim"), "no password");
    return new Run(facts, answers);
  }

  private static String app(int pods) {
    return workload("Deployment", pods, "DATABASE_URL", "")
        + "        - {name: POOL_MAX_SIZE, value: '10'}\n";
  }

  private static String migrations(String key) {
    return workload("Job", 1, key, "args: [migrate]");
  }

  private static String workload(String kind, int pods, String key, String more) {
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

  private static String url(String host, int port, String parameters) {
    return Postgres.url(
        Postgres.USER, Postgres.PASSWORD, host, port, Postgres.DATABASE, parameters);
  }

  private static Map<String, String> secret(String url) {
    return Map.of("DATABASE_URL", url);
  }

  private static Connection connect(String url) throws Exception {
    return Login.connect(DatabaseUrl.parse(url), Duration.ofSeconds(10));
  }

  private static void asSuperuser(int port, String sql) throws Exception {
    var url =
        Postgres.url(
            "postgres", Postgres.SUPERUSER_PASSWORD, LOCAL, port, Postgres.DATABASE, PLAIN);
    try (var connection = connect(url);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aServerWithoutAPoolerTakesOneConnection(int major, Postgres postgres) {
    int port = postgres.server(major, Kind.NO_TLS).port();
    var run = look(secret(url(LOCAL, port, PLAIN)), false, app(1), migrations("DATABASE_URL"));

    assertEquals(List.of(), run.failed());
    assertEquals(new Pooling.None(), run.route(UrlRole.RUNTIME).pooling());
    var budget = assertInstanceOf(Outcome.Passed.class, run.outcome("PGC-501"));
    assertEquals(21, budget.evidence().get("needed"));
    assertInstanceOf(Outcome.Passed.class, run.outcome("PGC-503"));
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aPoolerByTransactionIsProvedAndSuitsAPlainApplication(int major, Postgres postgres) {
    int port = postgres.server(major, Kind.NO_TLS).port();
    try (var pooler = PgBouncer.start(port, "pool_mode = transaction")) {
      var pooled = url(LOCAL, pooler.port(), PLAIN);
      var run =
          look(
              Map.of("DATABASE_URL", pooled, "DATABASE_URL_DIRECT", url(LOCAL, port, PLAIN)),
              false,
              app(1),
              migrations("DATABASE_URL_DIRECT"));

      assertEquals(List.of(), run.failed());
      assertInstanceOf(
          Pooling.ByTransaction.class, run.route(UrlRole.RUNTIME).pooling(), run::toString);
      assertEquals(new Pooling.None(), run.route(UrlRole.DIRECT).pooling());
      assertInstanceOf(Outcome.Passed.class, run.outcome("PGC-502"));
      assertInstanceOf(Outcome.Passed.class, run.outcome("PGC-503"));
      assertInstanceOf(Outcome.Unknown.class, run.outcome("PGC-501"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void migrationsThroughThePoolerFailAlone(int major, Postgres postgres) {
    int port = postgres.server(major, Kind.NO_TLS).port();
    try (var pooler = PgBouncer.start(port, "pool_mode = transaction")) {
      var pooled = secret(url(LOCAL, pooler.port(), PLAIN));
      var run = look(pooled, false, app(1), migrations("DATABASE_URL"));

      assertEquals(List.of("PGC-503"), run.failed());
      assertTrue(run.finding("PGC-503").message().contains("shared the server process"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aSettingInTheUrlIsRefusedOrLost(int major, Postgres postgres) {
    int port = postgres.server(major, Kind.NO_TLS).port();
    var settings = PLAIN + "&options=-c%20search_path%3Dapp";
    try (var strict = PgBouncer.start(port, "pool_mode = transaction");
        var lenient =
            PgBouncer.start(
                port, "pool_mode = transaction", "ignore_startup_parameters = options")) {
      var refused = look(secret(url(LOCAL, strict.port(), settings)), false, app(1));
      assertEquals(List.of("PGC-506"), refused.failed());
      assertEquals(new Outcome.Skipped("follows from PGC-506"), refused.outcome("PGC-105"));

      var lost = look(secret(url(LOCAL, lenient.port(), settings)), false, app(1));
      assertEquals(List.of("PGC-502"), lost.failed());
      assertTrue(lost.finding("PGC-502").message().contains("options -c search_path"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aPoolerBySessionKeepsSessionsAndCountsAsTheServer(int major, Postgres postgres) {
    int port = postgres.server(major, Kind.NO_TLS).port();
    try (var pooler = PgBouncer.start(port, "pool_mode = session")) {
      var run =
          look(secret(url(LOCAL, pooler.port(), PLAIN)), false, app(1), migrations("DATABASE_URL"));

      assertEquals(List.of(), run.failed());
      assertEquals(new Pooling.BySession(), run.route(UrlRole.RUNTIME).pooling());
      assertInstanceOf(Outcome.Passed.class, run.outcome("PGC-501"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aPoolerThatTakesNoMoreClients(int major, Postgres postgres) throws Exception {
    int port = postgres.server(major, Kind.NO_TLS).port();
    try (var pooler = PgBouncer.start(port, "pool_mode = transaction", "max_client_conn = 1");
        var only = connect(url(LOCAL, pooler.port(), PLAIN))) {
      var run = look(secret(url(LOCAL, pooler.port(), PLAIN)), false, app(1));

      assertEquals(List.of("PGC-501"), run.failed());
      assertEquals(new Outcome.Skipped("follows from PGC-501"), run.outcome("PGC-105"));
      assertTrue(run.finding("PGC-501").message().startsWith("the pooler takes no more"));
      assertTrue(only.isValid(1));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aRoleWithoutAConnectionLeft(int major, Postgres postgres) throws Exception {
    int port = postgres.server(major, Kind.NO_TLS).port();
    asSuperuser(port, "DROP ROLE IF EXISTS small");
    asSuperuser(port, "CREATE ROLE small LOGIN CONNECTION LIMIT 1 PASSWORD 'geheim'");
    var url = Postgres.url("small", "geheim", LOCAL, port, Postgres.DATABASE, PLAIN);
    try (var only = connect(url)) {
      var run = look(secret(url), false, app(1));

      assertEquals(List.of("PGC-501"), run.failed());
      assertEquals(new Outcome.Skipped("follows from PGC-501"), run.outcome("PGC-105"));
      assertTrue(run.finding("PGC-501").message().contains("the role small"));
      assertTrue(only.isValid(1));
    }
    // The remedy, pasted.
    asSuperuser(port, "ALTER ROLE \"small\" CONNECTION LIMIT -1");
    assertEquals(List.of(), look(secret(url), false, app(1)).failed());
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void anUpgradeHasItsOwnConnectionsAlready(int major, Postgres postgres) throws Exception {
    int port = postgres.server(major, Kind.NO_TLS).port();
    var url = url(LOCAL, port, PLAIN);
    var held = new ArrayList<Connection>();
    try {
      for (int i = 0; i < 60; i++) {
        held.add(connect(url));
      }
      var install = look(secret(url), false, app(4));
      assertEquals(List.of("PGC-501"), install.failed());
      assertTrue(install.finding("PGC-501").message().contains("may open 50 connections"));

      assertEquals(List.of(), look(secret(url), true, app(4)).failed());
    } finally {
      for (var connection : held) {
        connection.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void neonByItsOwnNameEvenAsleep(int major, Postgres postgres) {
    int port = postgres.server(major, Kind.NO_TLS).port();
    var coldStart = Duration.ofSeconds(3);
    try (var neon = NeonProxy.start(postgres, port, ENDPOINT, coldStart)) {
      var run = look(secret(url(NEON, neon.port(), TLS)), false, app(1));

      assertEquals(List.of(), run.failed().stream().filter(c -> !c.equals("PGC-109")).toList());
      var reached = assertInstanceOf(Outcome.Passed.class, run.outcome("PGC-505"));
      assertEquals(ENDPOINT, reached.evidence().get("endpoint"));
      var login =
          assertInstanceOf(
              LoginAttempt.LoggedIn.class,
              run.facts().view(SEEN).get(FactKey.CONNECTION).login().orElseThrow());
      assertTrue(login.millis() >= coldStart.toMillis(), login::toString);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "15, 127.0.0.1, ''",
    "17, 127.0.0.1, ''",
    "17, db.loopback.test, ''",
    "17, 127.0.0.1, channel_binding=require"
  })
  void neonByAnAddressOrAnAlias(int major, String host, String binding, Postgres postgres) {
    int port = postgres.server(major, Kind.NO_TLS).port();
    try (var neon = NeonProxy.start(postgres, port, ENDPOINT, Duration.ZERO)) {
      var parameters = binding.isEmpty() ? TLS : TLS + "&" + binding;
      var run = look(secret(url(host, neon.port(), parameters)), false, app(1));

      assertEquals(List.of("PGC-505"), run.failed(), run::toString);
      assertEquals(new Outcome.Skipped("follows from PGC-505"), run.outcome("PGC-105"));
      // The remedy, pasted.
      var mended = TLS + "&options=endpoint%3D" + ENDPOINT;
      assertEquals(List.of(), look(secret(url(host, neon.port(), mended)), false, app(1)).failed());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Your account or project has exceeded the compute time quota. Upgrade your plan to"
            + " increase limits.",
        "This IP address 127.0.0.1 is not allowed to connect to this endpoint."
      })
  void neonRefuses(String text, Postgres postgres) {
    try (var neon = NeonProxy.refusing(postgres, text)) {
      var run = look(secret(url(NEON, neon.port(), TLS)), false, app(1));

      assertEquals(List.of("PGC-506"), run.failed());
      assertEquals(new Outcome.Skipped("follows from PGC-506"), run.outcome("PGC-105"));
      assertEquals(new Outcome.Skipped("follows from PGC-506"), run.outcome("PGC-501"));
      assertEquals("XX000", run.finding("PGC-506").detail().replaceAll(".*SQLSTATE |\\)", ""));
    }
  }

  /** The application gets in, its migrations do not. */
  @Test
  void neonRefusesTheDirectUrlAlone(Postgres postgres) {
    int port = postgres.server(17, Kind.NO_TLS).port();
    try (var neon = NeonProxy.refusing(postgres, "endpoint is disabled")) {
      var run =
          look(
              Map.of(
                  "DATABASE_URL", url(LOCAL, port, PLAIN),
                  "DATABASE_URL_DIRECT", url(NEON, neon.port(), TLS)),
              false,
              app(1),
              migrations("DATABASE_URL_DIRECT"));

      assertEquals(List.of("PGC-506"), run.failed());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sslmode=require", "sslmode=disable"})
  void neonWithAnUnknownEndpointOrWithoutTls(String parameters, Postgres postgres) {
    int port = postgres.server(17, Kind.NO_TLS).port();
    try (var neon = NeonProxy.start(postgres, port, "ep-other-1", Duration.ZERO)) {
      assertEquals(
          List.of("PGC-506"),
          look(secret(url(NEON, neon.port(), parameters)), false, app(1)).failed().stream()
              .sorted()
              .collect(Collectors.toList()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void theReportNeverHoldsThePassword(int major, Postgres postgres) throws SQLException {
    int port = postgres.server(major, Kind.NO_TLS).port();
    var parameters = PLAIN + "&options=-c%20search_path%3Dgeheim&connection_limit=4";

    // look() itself searches for it; a value of the options is not shown either.
    look(secret(url(LOCAL, port, parameters)), false, app(1));
  }
}
