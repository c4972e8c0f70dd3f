package io.tlengine.pgcheck.gather.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.fact.DatabaseFacts;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.gather.connection.ConnectionGatherer.Questions;
import io.tlengine.pgcheck.gather.connection.ConnectionGatherer.Reached;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.plan.DatabaseUrl.MalformedUrlException;
import io.tlengine.pgcheck.postgres.Postgres;
import io.tlengine.pgcheck.postgres.Postgres.Kind;
import io.tlengine.pgcheck.postgres.PostgresExtension;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The query about a database, against real servers and as an ordinary role. */
@ExtendWith(PostgresExtension.class)
class DatabaseQueryIT {

  private static Reached reach(String url) throws MalformedUrlException {
    return new ConnectionGatherer(Duration.ofSeconds(5))
        .reach(
            DatabaseUrl.parse(url),
            "Secret/s key K",
            new Questions(true, true, Optional.empty(), false));
  }

  private static DatabaseFacts facts(Reached reached) {
    return known(reached.database().orElseThrow());
  }

  private static <T> T known(Fact<T> fact) {
    return switch (fact) {
      case Fact.Known<T> known -> known.value();
      case Fact.Unavailable<T> gap -> throw new AssertionError(gap);
      case Fact.NotApplicable<T> none -> throw new AssertionError(none);
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void anOrdinaryRoleSeesAllOfIt(int major, Postgres postgres) throws MalformedUrlException {
    var facts = facts(reach(postgres.url(major, Kind.TLS, "sslmode=require")));

    assertEquals(major, facts.major());
    assertFalse(facts.server().inRecovery());
    assertFalse(facts.server().readOnly());
    assertEquals(Optional.empty(), facts.server().provider());
    assertTrue(facts.session().encrypted());
    assertEquals(Postgres.DATABASE, facts.session().database());
    assertEquals(Postgres.USER, facts.role().name());
    assertFalse(facts.role().superuser());
    assertTrue(facts.role().createInDatabase(), "the owner");
    assertEquals(Optional.of("public"), facts.role().schema());
    assertEquals(100, facts.room().maxConnections());
    assertEquals(-1, facts.room().databaseLimit());
    assertEquals("UTF8", facts.text().encoding());
    assertEquals(Optional.of("off"), facts.value("fsync"));
    assertEquals("command line", facts.setting("fsync").orElseThrow().source());
    assertEquals(Optional.empty(), facts.configurationErrors());
    assertEquals(0, facts.wal().orElseThrow().slots().size());
    assertTrue(facts.databases().size() >= 4, facts::toString);
    assertTrue(facts.databaseBytes() > 1_000_000, facts::toString);
  }

  /** The server's log counts connections; a line of ours marks its end. */
  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void oneConnectionServesAllStages(int major, Postgres postgres) throws Exception {
    var url = postgres.url(major, Kind.LOGS_CONNECTIONS, "sslmode=require");
    var reached = reach(url);
    facts(reached);
    known(reached.create().orElseThrow());
    var mark = UUID.randomUUID().toString();
    try (var connection = Login.connect(DatabaseUrl.parse(url), Duration.ofSeconds(5));
        var statement = connection.createStatement()) {
      statement.execute("DO $$ BEGIN RAISE LOG '" + mark + "'; END $$");
    }

    var log = postgres.server(major, Kind.LOGS_CONNECTIONS).logUntil(l -> l.contains(mark));
    assertEquals(
        2, log.stream().filter(l -> l.contains("connection received")).count(), log::toString);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aTableIsTriedAndNotLeft(int major, Postgres postgres) throws Exception {
    var url = postgres.url(major, Kind.TLS, "sslmode=require");
    var proof = reach(url).create().orElseThrow();

    assertEquals(Optional.empty(), known(proof).refusal());
    try (var connection = Login.connect(DatabaseUrl.parse(url), Duration.ofSeconds(5));
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery("select count(*) from pg_class where relname like 'pgcheck%'")) {
      rows.next();
      assertEquals(0, rows.getInt(1));
    }
  }
}
