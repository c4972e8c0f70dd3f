package io.tlengine.pgcheck.gather.database;

import static io.tlengine.pgcheck.gather.database.RealDatabases.TIMEOUT;
import static io.tlengine.pgcheck.gather.database.RealDatabases.as;
import static io.tlengine.pgcheck.gather.database.RealDatabases.run;
import static io.tlengine.pgcheck.gather.database.RealDatabases.superuser;
import static io.tlengine.pgcheck.gather.database.RealDatabases.url;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tlengine.pgcheck.gather.connection.Login;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.postgres.Postgres;
import io.tlengine.pgcheck.postgres.Postgres.Kind;
import io.tlengine.pgcheck.postgres.PostgresExtension;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
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
    "15, EXPIRED, error",
    "17, EXPIRED, error",
    "17, WRONG_NAME, error",
    "15, SOON_ENDING, warning",
    "17, SOON_ENDING, warning"
  })
  void aCertificateThatDoesNotHold(int major, Kind kind, String severity, Postgres postgres) {
    // These servers are not durable, which is only seen behind a login.
    var faults = new ArrayList<>(DatabaseRun.of(url(postgres, major, kind)).faults());
    faults.remove("PGC-401 error");

    assertEquals(List.of("PGC-104 " + severity), faults);
  }

  @ParameterizedTest
  @CsvSource({
    "db.pgcheck.test, ''",
    "a.b.pgcheck.test, PGC-104 error",
    "pgcheck.test, PGC-104 error"
  })
  void aWildcardStandsForOneLabel(String host, String fault, Postgres postgres) {
    var faults =
        new ArrayList<>(
            DatabaseRun.of(
                    Postgres.url(
                        Postgres.USER,
                        Postgres.PASSWORD,
                        host,
                        postgres.server(17, Kind.WILDCARD).port(),
                        Postgres.DATABASE,
                        "hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert="
                            + postgres.knownRoot()))
                .faults());
    faults.remove("PGC-401 error");

    assertEquals(fault.isEmpty() ? List.of() : List.of(fault), faults);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aStandbyTakesNoWrites(int major, Postgres postgres) {
    var primary = url(postgres, major, Kind.HEALTHY);
    var standby = url(postgres, major, Kind.STANDBY);

    assertEquals(List.of("PGC-106 error"), DatabaseRun.of(standby).faults());
    assertEquals(List.of("PGC-106 error"), DatabaseRun.of(standby).migrates().faults());
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
    assertEquals(
        List.of("PGC-106 error"), DatabaseRun.of(hosts + "&target_session_attrs=any").faults());
    assertEquals(
        List.of(),
        DatabaseRun.of(url(postgres, major, Kind.HEALTHY))
            .read(hosts + "&target_session_attrs=standby")
            .faults());
    assertEquals(
        List.of("PGC-105 error"),
        DatabaseRun.of(url(postgres, major, Kind.HEALTHY))
            .read(url(postgres, major, Kind.HEALTHY) + "&target_session_attrs=standby")
            .faults());
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
      assertEquals(List.of("PGC-105 error"), DatabaseRun.of(url).faults());
      assertEquals(
          "no connection is free for the role app", DatabaseRun.of(url).message("PGC-105"));
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
        for (var url :
            List.of(
                as(postgres, major, Kind.HEALTHY, "not_let_in", Postgres.PASSWORD, "engine"),
                as(postgres, major, Kind.HEALTHY, "nobody", Postgres.PASSWORD, "engine"),
                as(postgres, major, Kind.HEALTHY, "app", "wrong", "engine"),
                as(postgres, major, Kind.HEALTHY, "app", Postgres.PASSWORD, "nowhere"))) {
          assertEquals(List.of("PGC-105 error"), DatabaseRun.of(url).faults());
          assertEquals(
              List.of("PGC-105 error"),
              DatabaseRun.of(url(postgres, major, Kind.HEALTHY)).read(url).faults());
        }
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
    assertEquals(List.of("PGC-105 error"), missing.faults());
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
        assertEquals(
            List.of("PGC-107 error"), DatabaseRun.of(own).direct(other).migrates().faults());
        assertEquals(List.of("PGC-107 error"), DatabaseRun.of(other).migrates().faults());
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
