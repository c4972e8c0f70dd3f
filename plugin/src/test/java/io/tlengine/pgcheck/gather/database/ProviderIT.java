package io.tlengine.pgcheck.gather.database;

import static io.tlengine.pgcheck.gather.database.ProviderLook.LOCAL;
import static io.tlengine.pgcheck.gather.database.ProviderLook.PLAIN;
import static io.tlengine.pgcheck.gather.database.ProviderLook.SEEN;
import static io.tlengine.pgcheck.gather.database.ProviderLook.TLS;
import static io.tlengine.pgcheck.gather.database.ProviderLook.app;
import static io.tlengine.pgcheck.gather.database.ProviderLook.look;
import static io.tlengine.pgcheck.gather.database.ProviderLook.migrations;
import static io.tlengine.pgcheck.gather.database.ProviderLook.secret;
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
import java.util.stream.Collectors;
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
