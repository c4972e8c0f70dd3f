package io.tlengine.pgcheck.gather.database;

import static io.tlengine.pgcheck.gather.database.RealDatabases.TIMEOUT;
import static io.tlengine.pgcheck.gather.database.RealDatabases.as;
import static io.tlengine.pgcheck.gather.database.RealDatabases.run;
import static io.tlengine.pgcheck.gather.database.RealDatabases.superuser;
import static io.tlengine.pgcheck.gather.database.RealDatabases.url;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.gather.connection.Login;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.postgres.Postgres;
import io.tlengine.pgcheck.postgres.Postgres.Kind;
import io.tlengine.pgcheck.postgres.PostgresExtension;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults in real servers: for each exactly the code that is its own, and nothing beside it. */
@ExtendWith(PostgresExtension.class)
class DatabaseFaultsIT {

  private static final String DIRECT_ROLE = "migrator";

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aHealthyServerHasNoFault(int major, Postgres postgres) {
    var own = url(postgres, major, Kind.HEALTHY);

    assertEquals(List.of(), DatabaseRun.of(own).faults());
    assertEquals(List.of(), DatabaseRun.of(own).direct(own).read(own).migrates().faults());
  }

  @ParameterizedTest
  @CsvSource({
    "15, EXPIRED, error, has expired on 20",
    "17, EXPIRED, error, has expired on 20",
    "17, WRONG_NAME, error, it names db.example.org",
    "15, SOON_ENDING, warning, of a lifetime of 90 days",
    "17, SOON_ENDING, warning, of a lifetime of 90 days"
  })
  void aCertificateThatDoesNotHold(
      int major, Kind kind, String severity, String seen, Postgres postgres) {
    DatabaseRun.of(url(postgres, major, kind)).assertAlone("PGC-104 " + severity, seen);
  }

  /** Nobody vouches for it, unless the URL names it as its own root. */
  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aCertificateThatSignedItself(int major, Postgres postgres) {
    var system = "sslmode=verify-full&sslrootcert=system";
    var itself = "sslmode=verify-full&sslrootcert=" + postgres.selfSigned();

    DatabaseRun.of(url(postgres, major, Kind.SELF_SIGNED))
        .assertAlone("PGC-104 error", "is self-signed", "issuer CN=localhost");
    DatabaseRun.of(postgres.url(major, Kind.SELF_SIGNED, system))
        .assertAlone("PGC-104 error", "is self-signed", "the system's roots");
    assertEquals(List.of(), DatabaseRun.of(postgres.url(major, Kind.SELF_SIGNED, itself)).faults());
  }

  /** The remedy's own words, as parameters of the URL. */
  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void whoeverAnswersIsNotVerified(int major, Postgres postgres) {
    var run = DatabaseRun.of(postgres.url(major, Kind.HEALTHY, "sslmode=require"));

    run.assertAlone("PGC-104 warning", "encrypts, but does not verify whom it talks to");
    var remedy = run.findings("PGC-104").getFirst().remedy();
    var verify = remedy.replaceFirst("set (sslmode=verify-full) in the URL.*", "$1");
    var bind = remedy.replaceFirst(".* or add (channel_binding=require),.*", "$1");
    for (var mended :
        List.of(verify + "&sslrootcert=" + postgres.knownRoot(), "sslmode=require&" + bind)) {
      assertEquals(
          List.of(), DatabaseRun.of(postgres.url(major, Kind.HEALTHY, mended)).faults(), mended);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "db.pgcheck.test, ''",
    "a.b.pgcheck.test, does not name a.b.pgcheck.test; it names *.pgcheck.test",
    "pgcheck.test, does not name pgcheck.test; it names *.pgcheck.test"
  })
  void aWildcardStandsForOneLabel(String host, String seen, Postgres postgres) {
    var run =
        DatabaseRun.of(
            Postgres.url(
                Postgres.USER,
                Postgres.PASSWORD,
                host,
                postgres.server(17, Kind.WILDCARD).port(),
                Postgres.DATABASE,
                "hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert=" + postgres.knownRoot()));

    if (seen.isEmpty()) {
      assertEquals(List.of(), run.faults());
    } else {
      run.assertAlone("PGC-104 error", seen);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aStandbyTakesNoWrites(int major, Postgres postgres) {
    var primary = url(postgres, major, Kind.HEALTHY);
    var standby = url(postgres, major, Kind.STANDBY);

    DatabaseRun.of(standby).assertAlone("PGC-106 error", "in recovery (a standby)");
    DatabaseRun.of(standby).migrates().assertAlone("PGC-106 error", "in recovery (a standby)");
    assertEquals(List.of(), DatabaseRun.of(primary).read(standby).faults());
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void ofSeveralHostsTheOneThatFitsIsTaken(int major, Postgres postgres) {
    int primary = postgres.server(major, Kind.HEALTHY).port();
    int standby = postgres.server(major, Kind.STANDBY).port();
    var hosts =
        url(postgres, major, Kind.STANDBY)
            .replace("127.0.0.1:" + standby, "127.0.0.1:" + standby + ",localhost:" + primary);

    assertEquals(List.of(), DatabaseRun.of(hosts + "&target_session_attrs=read-write").faults());
    DatabaseRun.of(hosts + "&target_session_attrs=any")
        .assertAlone("PGC-106 error", "in recovery (a standby)");
    assertEquals(
        List.of(),
        DatabaseRun.of(url(postgres, major, Kind.HEALTHY))
            .read(hosts + "&target_session_attrs=standby")
            .faults());
    DatabaseRun.of(url(postgres, major, Kind.HEALTHY))
        .read(url(postgres, major, Kind.HEALTHY) + "&target_session_attrs=standby")
        .assertAlone("PGC-105 error", "no server of the URL is of the kind that it wants");
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void allConnectionSlotsTaken(int major, Postgres postgres) throws Exception {
    var url = url(postgres, major, Kind.FEW_CONNECTIONS);
    var open = new ArrayList<Connection>();
    try {
      for (int i = 0; i < 5; i++) {
        open.add(Login.connect(DatabaseUrl.parse(url), TIMEOUT));
      }
      var full = DatabaseRun.of(url).answers();
      DatabaseChecks.assertAlone(
          "PGC-501 error", full, "the server has no connection left", "53300");
      assertEquals(
          new Outcome.Skipped("follows from PGC-501"), DatabaseChecks.outcome(full, "PGC-105"));
      try (var superuser = superuser(postgres, major, Kind.FEW_CONNECTIONS)) {
        var look = RealDatabases.sql(DatabaseChecks.findings(full, "PGC-501").getFirst().remedy());
        assertEquals(1, look.size(), look::toString);
        run(superuser, look.getFirst());
      }
    } finally {
      for (var connection : open) {
        connection.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void whoMayNotLogIn(int major, Postgres postgres) throws Exception {
    try (var connection = superuser(postgres, major, Kind.HEALTHY)) {
      run(connection, "CREATE ROLE not_let_in LOGIN PASSWORD '" + Postgres.PASSWORD + "'");
      try {
        var seenByUrl =
            Map.of(
                as(postgres, major, Kind.HEALTHY, "not_let_in", Postgres.PASSWORD, "engine"),
                "pg_hba.conf rejects connection for host \"127.0.0.1\", user \"not_let_in\"",
                as(postgres, major, Kind.HEALTHY, "nobody", Postgres.PASSWORD, "engine"),
                "for the role nobody, or there is no such role",
                as(postgres, major, Kind.HEALTHY, "app", "wrong", "engine"),
                "wrong or expired password for the role app",
                as(postgres, major, Kind.HEALTHY, "app", Postgres.PASSWORD, "nowhere"),
                "there is no database nowhere on this server");
        seenByUrl.forEach(
            (url, seen) -> {
              DatabaseRun.of(url).assertAlone("PGC-105 error", seen);
              DatabaseRun.of(url(postgres, major, Kind.HEALTHY))
                  .read(url)
                  .assertAlone("PGC-105 error", seen);
            });
      } finally {
        run(connection, "DROP ROLE not_let_in");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aDatabaseThatIsMissingIsMadeByTheRemedy(int major, Postgres postgres) throws Exception {
    var url = as(postgres, major, Kind.HEALTHY, "app", Postgres.PASSWORD, "new one");
    var missing = DatabaseRun.of(url);
    missing.assertAlone("PGC-105 error", "there is no database new one");
    try (var connection = superuser(postgres, major, Kind.HEALTHY)) {
      run(connection, missing.sql("PGC-105").toArray(String[]::new));
      try {
        assertEquals(List.of(), DatabaseRun.of(url).faults());
      } finally {
        run(connection, "DROP DATABASE \"new one\" WITH (FORCE)");
      }
    }
  }

  /** The application's role needs no right to create, the migrations' role does. */
  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aRoleThatMayNotCreate(int major, Postgres postgres) throws Exception {
    var own = url(postgres, major, Kind.HEALTHY);
    var other =
        as(postgres, major, Kind.HEALTHY, DIRECT_ROLE, Postgres.PASSWORD, Postgres.DATABASE);
    try (var connection = superuser(postgres, major, Kind.HEALTHY)) {
      run(connection, "CREATE ROLE migrator LOGIN PASSWORD '" + Postgres.PASSWORD + "'");
      try {
        var seen = "the role migrator may not create a table in the schema public";
        DatabaseRun.of(own).direct(other).migrates().assertAlone("PGC-107 error", seen);
        DatabaseRun.of(other).migrates().assertAlone("PGC-107 error", seen);
        assertEquals(List.of(), DatabaseRun.of(other).direct(own).migrates().faults());
        assertEquals(List.of(), DatabaseRun.of(other).faults());
        var remedy = DatabaseRun.of(own).direct(other).migrates().sql("PGC-107");
        run(connection, remedy.toArray(String[]::new));
        assertEquals(List.of(), DatabaseRun.of(own).direct(other).migrates().faults());
      } finally {
        run(connection, "DROP OWNED BY migrator", "DROP ROLE migrator");
      }
    }
  }
}
