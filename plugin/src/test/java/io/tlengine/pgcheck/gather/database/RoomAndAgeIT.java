package io.tlengine.pgcheck.gather.database;

import static io.tlengine.pgcheck.gather.database.RealDatabases.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tlengine.pgcheck.postgres.Postgres;
import io.tlengine.pgcheck.postgres.PostgresExtension;
import io.tlengine.pgcheck.postgres.TinyVolume;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers without room for more data, and servers that get old. */
@ExtendWith(PostgresExtension.class)
class RoomAndAgeIT {

  /** ENOSPC of a real file system, which PostgreSQL hands on as 53100. */
  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aVolumeThatIsFullRefusesTheMigrations(int major, Postgres postgres) throws Exception {
    assumeTrue(TinyVolume.possible(), "only root can mount a volume");
    try (var volume = TinyVolume.mount(16);
        var server = OwnServer.start(postgres, major)) {
      var found = DatabaseRun.of(server.url()).migrates();
      try (var connection = server.superuser(Postgres.DATABASE)) {
        run(
            connection,
            "CREATE TABLESPACE tiny LOCATION '" + volume.folder() + "'",
            "GRANT CREATE ON TABLESPACE tiny TO app",
            "ALTER DATABASE engine SET default_tablespace = tiny");
        assertEquals(List.of(), found.faults());
        assertThrows(
            SQLException.class,
            () -> {
              for (int i = 0; i < 16; i++) {
                run(connection, "CREATE TABLE filler" + i + " () TABLESPACE tiny");
              }
            });
      }
      found.assertAlone(
          "PGC-507 error",
          "the server refuses to write for want of room",
          "No space left on device (SQLSTATE 53100)");
      try (var connection = server.superuser(Postgres.DATABASE)) {
        run(connection, found.sql("PGC-507").toArray(String[]::new));
      }
      volume.grow(100);
      assertEquals(List.of(), found.faults());
    }
  }

  /** The servers are of today; the day of the look is not. */
  @ParameterizedTest
  @CsvSource({
    "15, 2027-04-01, ''",
    "15, 2027-06-01, is due on 2027-11-11",
    "15, 2027-12-01, was on 2027-11-11",
    "17, 2029-04-01, ''",
    "17, 2029-12-01, was on 2029-11-08"
  })
  void aServerOutlivesItsFixes(int major, String day, String seen, Postgres postgres) {
    try (var server = OwnServer.start(postgres, major)) {
      var run = DatabaseRun.of(server.url()).at(Instant.parse(day + "T12:00:00Z"));

      if (seen.isEmpty()) {
        assertEquals(List.of(), run.faults());
      } else {
        run.assertAlone("PGC-108 warning", "the server runs PostgreSQL " + major + ".", seen);
      }
    }
  }
}
