package io.tlengine.pgcheck.scenario.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tlengine.pgcheck.scenario.journal.Journal.Entry;
import io.tlengine.pgcheck.scenario.journal.Journal.FieldOwner;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.server.DatabaseSecret;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalFormatTest {

  private static final Entry.Replicas REPLICAS =
      new Entry.Replicas(
          "postgres", "uid-1", 1, List.of(new FieldOwner("helm", "Apply", "apps/v1", "")));
  private static final Journal ALL_KINDS =
      new Journal(
          "tl",
          "ann@laptop pid 7 started 2026-11-22T10:00:00Z",
          Optional.of(new DatabaseSecret("app-db", Optional.of("uri"))),
          List.of(
              new Entry.PodSchema("postgres", "postgres-0"),
              new Entry.RedisKeys("redis", "redis-0"),
              new Entry.ExternalSchema("postgresql-secret", "DATABASE_URL"),
              REPLICAS,
              new Entry.NewClaims("postgres", List.of("data-postgres-1", "data-postgres-2")),
              new Entry.Revision(4)));

  @Test
  void whatWasWrittenIsRead() throws ScenarioException {
    assertEquals(ALL_KINDS, JournalFormat.read(JournalFormat.write(ALL_KINDS)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}",
        "{\"formatVersion\":2,\"release\":\"tl\",\"holder\":\"x\",\"entries\":[]}",
        "{\"formatVersion\":1,\"release\":\"tl\",\"holder\":\"x\",\"entries\":[{\"kind\":\"New\"}]}",
        "{\"formatVersion\":1,\"release\":\"tl\",\"holder\":\"x\",\"entries\":"
            + "[{\"kind\":\"Replicas\",\"set\":\"a\",\"uid\":\"b\"}]}",
        "{\"formatVersion\":1,\"holder\":\"x\",\"entries\":[]}"
      })
  void whatIsNotUnderstoodIsRefusedAndNotGuessedAt(String text) {
    var refusal = assertThrows(ScenarioException.class, () -> JournalFormat.read(text));

    assertEquals(1, refusal.getMessage().lines().count(), refusal.getMessage());
  }

  @Test
  void whatWasWrittenDownFirstIsHowItWasBefore() {
    var second = new Entry.Replicas("postgres", "uid-1", 3, List.of());
    var journal = Journal.empty(Target.release("tl"), Holder.self()).with(REPLICAS).with(second);

    assertEquals(List.of(REPLICAS), journal.entries());
  }

  @Test
  void anotherSetAndAnotherPodAreEntriesOfTheirOwn() {
    var other = new Entry.Replicas("postgres-read", "uid-2", 2, List.of());
    var journal =
        Journal.empty(Target.release("tl"), Holder.self())
            .with(REPLICAS)
            .with(other)
            .with(new Entry.PodSchema("postgres", "postgres-0"))
            .with(new Entry.PodSchema("postgres", "postgres-1"))
            .with(new Entry.PodSchema("postgres", "postgres-1"));

    assertEquals(4, journal.entries().size());
  }
}
