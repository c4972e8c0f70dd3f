package io.tlengine.pgcheck.gather.database;

import static io.tlengine.pgcheck.gather.database.ProviderLook.LOCAL;
import static io.tlengine.pgcheck.gather.database.ProviderLook.PLAIN;
import static io.tlengine.pgcheck.gather.database.ProviderLook.app;
import static io.tlengine.pgcheck.gather.database.ProviderLook.asSuperuser;
import static io.tlengine.pgcheck.gather.database.ProviderLook.connect;
import static io.tlengine.pgcheck.gather.database.ProviderLook.look;
import static io.tlengine.pgcheck.gather.database.ProviderLook.migrations;
import static io.tlengine.pgcheck.gather.database.ProviderLook.secret;
import static io.tlengine.pgcheck.gather.database.ProviderLook.url;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.fact.Routes.Pooling;
import io.tlengine.pgcheck.plan.UrlRole;
import io.tlengine.pgcheck.postgres.PgBouncer;
import io.tlengine.pgcheck.postgres.Postgres;
import io.tlengine.pgcheck.postgres.Postgres.Kind;
import io.tlengine.pgcheck.postgres.PostgresExtension;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Poolers and limits for real: for each fault exactly its own code fails, and none for what is
 * healthy.
 */
@ExtendWith(PostgresExtension.class)
class PoolerIT {

  /** What a pooler by transaction keeps to its administrators; all that is not known here. */
  private static final List<String> LIMIT_NOT_TOLD = List.of("PGC-501 unknown");

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aServerWithoutAPoolerTakesOneConnection(int major, Postgres postgres) {
    int port = postgres.server(major, Kind.NO_TLS).port();
    var run = look(secret(url(LOCAL, port, PLAIN)), false, app(1), migrations("DATABASE_URL"));

    assertEquals(List.of(), run.faults());
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

      assertEquals(LIMIT_NOT_TOLD, run.faults());
      assertInstanceOf(
          Pooling.ByTransaction.class, run.route(UrlRole.RUNTIME).pooling(), run::toString);
      assertEquals(new Pooling.None(), run.route(UrlRole.DIRECT).pooling());
      assertInstanceOf(Outcome.Passed.class, run.outcome("PGC-502"));
      assertInstanceOf(Outcome.Passed.class, run.outcome("PGC-503"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void migrationsThroughThePoolerFailAlone(int major, Postgres postgres) {
    int port = postgres.server(major, Kind.NO_TLS).port();
    try (var pooler = PgBouncer.start(port, "pool_mode = transaction")) {
      var pooled = secret(url(LOCAL, pooler.port(), PLAIN));
      var run = look(pooled, false, app(1), migrations("DATABASE_URL"));

      assertEquals(List.of("PGC-501 unknown", "PGC-503 error"), run.faults());
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
      assertEquals(List.of("PGC-506 error"), refused.faults());
      assertEquals(new Outcome.Skipped("follows from PGC-506"), refused.outcome("PGC-105"));

      var lost = look(secret(url(LOCAL, lenient.port(), settings)), false, app(1));
      assertEquals(List.of("PGC-501 unknown", "PGC-502 warning"), lost.faults());
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

      assertEquals(List.of(), run.faults());
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

      assertEquals(List.of("PGC-501 error"), run.faults());
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

      assertEquals(List.of("PGC-501 error"), run.faults());
      assertEquals(new Outcome.Skipped("follows from PGC-501"), run.outcome("PGC-105"));
      assertTrue(run.finding("PGC-501").message().contains("the role small"));
      assertTrue(only.isValid(1));
      for (var statement : RealDatabases.sql(run.finding("PGC-501").remedy())) {
        asSuperuser(port, statement);
      }
      assertEquals(List.of(), look(secret(url), false, app(1)).faults());
    }
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
      assertEquals(List.of("PGC-501 error"), install.faults());
      assertTrue(install.finding("PGC-501").message().contains("may open 50 connections"));

      assertEquals(List.of(), look(secret(url), true, app(4)).faults());
    } finally {
      for (var connection : held) {
        connection.close();
      }
    }
  }
}
