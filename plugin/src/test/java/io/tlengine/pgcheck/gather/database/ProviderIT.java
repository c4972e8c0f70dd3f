package io.tlengine.pgcheck.gather.database;

import static io.tlengine.pgcheck.gather.database.DatabaseChecks.SEEN;
import static io.tlengine.pgcheck.gather.database.ProviderLook.LOCAL;
import static io.tlengine.pgcheck.gather.database.ProviderLook.PLAIN;
import static io.tlengine.pgcheck.gather.database.ProviderLook.app;
import static io.tlengine.pgcheck.gather.database.ProviderLook.look;
import static io.tlengine.pgcheck.gather.database.ProviderLook.migrations;
import static io.tlengine.pgcheck.gather.database.ProviderLook.secret;
import static io.tlengine.pgcheck.gather.database.ProviderLook.tls;
import static io.tlengine.pgcheck.gather.database.ProviderLook.url;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.fact.ConnectionFacts.LoginAttempt;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.postgres.NeonProxy;
import io.tlengine.pgcheck.postgres.Postgres;
import io.tlengine.pgcheck.postgres.Postgres.Kind;
import io.tlengine.pgcheck.postgres.PostgresExtension;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Neon for real, but for its data: for each refusal exactly its own code fails, and none for what
 * is healthy.
 */
@ExtendWith(PostgresExtension.class)
class ProviderIT {

  private static final String ENDPOINT = "ep-cool-dawn-a1b2c3d4";
  private static final String NEON = ENDPOINT + "." + NeonProxy.REGION;

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void neonByItsOwnNameEvenAsleep(int major, Postgres postgres) {
    int port = postgres.server(major, Kind.NO_TLS).port();
    var coldStart = Duration.ofSeconds(3);
    try (var neon = NeonProxy.start(postgres, port, ENDPOINT, coldStart)) {
      var run = look(secret(url(NEON, neon.port(), tls(postgres))), false, app(1));

      assertEquals(List.of(), run.faults());
      var reached = assertInstanceOf(Outcome.Passed.class, run.outcome("PGC-505"));
      assertEquals(ENDPOINT, reached.evidence().get("endpoint"));
      var login =
          assertInstanceOf(
              LoginAttempt.LoggedIn.class,
              run.facts().view(SEEN).get(FactKey.CONNECTION).login().orElseThrow());
      assertTrue(login.millis() >= coldStart.toMillis(), login::toString);
    }
  }

  /** The URL's own time limit, and the pod's; without one a slow start is no fault (above). */
  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aColdStartLongerThanTheUrlOrTheProbeAllows(int major, Postgres postgres) {
    int port = postgres.server(major, Kind.NO_TLS).port();
    var coldStart = Duration.ofSeconds(3);
    var probe = "startupProbe: {periodSeconds: 1, failureThreshold: 2, tcpSocket: {port: 80}}";
    String mended;
    try (var neon = NeonProxy.start(postgres, port, ENDPOINT, coldStart)) {
      var run =
          look(secret(url(NEON, neon.port(), tls(postgres) + "&connect_timeout=2")), false, app(1));

      run.assertAlone("PGC-109 warning", "gives up after connect_timeout=2", "the query after it");
      assertTookThreeSeconds(run.finding("PGC-109").message());
      mended =
          run.finding("PGC-109").remedy().replaceAll("write (connect_timeout=\\d+) into.*", "$1");
    }
    try (var neon = NeonProxy.start(postgres, port, ENDPOINT, coldStart)) {
      var run = look(secret(url(NEON, neon.port(), tls(postgres))), false, app(1, probe));

      run.assertAlone("PGC-109 warning", "the start-up probe of Deployment/app", "2000 ms");
      assertTookThreeSeconds(run.finding("PGC-109").message());
    }
    try (var neon = NeonProxy.start(postgres, port, ENDPOINT, coldStart)) {
      var url = url(NEON, neon.port(), tls(postgres) + "&" + mended);
      var run = look(secret(url), false, app(1));

      assertEquals(List.of(), run.faults());
    }
  }

  private static void assertTookThreeSeconds(String message) {
    assertTrue(message.matches(".* took [3-9]\\d{3} ms, .*"), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exec: {command: [psql, -c, select 1]} | 15 | queries the database every 15 s",
        "exec: {command: [psql, -c, select 1]} | 600 | ''",
        "httpGet: {path: /, port: 80} | 15 | ''"
      })
  void aProbeThatKeepsItAwake(String asks, int period, String seen, Postgres postgres) {
    int port = postgres.server(17, Kind.NO_TLS).port();
    try (var neon = NeonProxy.start(postgres, port, ENDPOINT, Duration.ZERO)) {
      var probe = "livenessProbe: {periodSeconds: " + period + ", " + asks + "}";
      var run = look(secret(url(NEON, neon.port(), tls(postgres))), false, app(1, probe));

      if (seen.isEmpty()) {
        assertEquals(List.of(), run.faults());
      } else {
        run.assertAlone("PGC-504 warning", seen, "livenessProbe", "about $");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "* * * * *, queries the database every 1 min",
    "*/15 * * * *, ''",
  })
  void aCronJobThatKeepsItAwake(String schedule, String seen, Postgres postgres) {
    int port = postgres.server(17, Kind.NO_TLS).port();
    var job =
        """
        kind: CronJob
        apiVersion: batch/v1
        metadata: {name: tidy}
        spec:
          schedule: "%s"
          jobTemplate:
            spec:
              template:
                spec:
                  containers:
                  - name: tidy
                    env:
                    - {name: DATABASE_URL, valueFrom: {secretKeyRef: {name: s, key: DATABASE_URL}}}
        """
            .formatted(schedule);
    try (var neon = NeonProxy.start(postgres, port, ENDPOINT, Duration.ZERO)) {
      var run = look(secret(url(NEON, neon.port(), tls(postgres))), false, app(1), job);

      if (seen.isEmpty()) {
        assertEquals(List.of(), run.faults());
      } else {
        run.assertAlone("PGC-504 warning", "CronJob/tidy", seen, "about $");
      }
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
      var parameters = tls(postgres) + (binding.isEmpty() ? "" : "&" + binding);
      var run = look(secret(url(host, neon.port(), parameters)), false, app(1));

      assertEquals(List.of("PGC-505 error"), run.faults(), run::toString);
      assertEquals(new Outcome.Skipped("follows from PGC-505"), run.outcome("PGC-105"));
      var remedy =
          run.finding("PGC-505").remedy().replaceFirst(".*(options=endpoint%3D)ep-NAME-ID.*", "$1");
      assertEquals("options=endpoint%3D", remedy);
      var mended = tls(postgres) + "&" + remedy + ENDPOINT;
      assertEquals(List.of(), look(secret(url(host, neon.port(), mended)), false, app(1)).faults());
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
      var run = look(secret(url(NEON, neon.port(), tls(postgres))), false, app(1));

      assertEquals(List.of("PGC-506 error"), run.faults());
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
                  "DATABASE_URL_DIRECT", url(NEON, neon.port(), tls(postgres))),
              false,
              app(1),
              migrations("DATABASE_URL_DIRECT"));

      assertEquals(List.of("PGC-506 error"), run.faults());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void neonWithAnUnknownEndpointOrWithoutTls(boolean encrypted, Postgres postgres) {
    int port = postgres.server(17, Kind.NO_TLS).port();
    try (var neon = NeonProxy.start(postgres, port, "ep-other-1", Duration.ZERO)) {
      look(secret(url(NEON, neon.port(), encrypted ? tls(postgres) : PLAIN)), false, app(1))
          .assertAlone("PGC-506 error", "XX000");
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
