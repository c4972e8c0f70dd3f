package io.tlengine.pgcheck.gather.connection;

import com.fasterxml.jackson.databind.JsonNode;
import io.tlengine.pgcheck.fact.DatabaseFacts;
import io.tlengine.pgcheck.fact.DatabaseFacts.Age;
import io.tlengine.pgcheck.fact.DatabaseFacts.Archiver;
import io.tlengine.pgcheck.fact.DatabaseFacts.ManagedService;
import io.tlengine.pgcheck.fact.DatabaseFacts.Role;
import io.tlengine.pgcheck.fact.DatabaseFacts.Room;
import io.tlengine.pgcheck.fact.DatabaseFacts.Server;
import io.tlengine.pgcheck.fact.DatabaseFacts.Session;
import io.tlengine.pgcheck.fact.DatabaseFacts.Setting;
import io.tlengine.pgcheck.fact.DatabaseFacts.Slot;
import io.tlengine.pgcheck.fact.DatabaseFacts.Text;
import io.tlengine.pgcheck.fact.DatabaseFacts.Wal;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.StreamSupport;

/** Turns the row of {@link DatabaseQuery} into the fact. */
final class DatabaseRow {

  private DatabaseRow() {}

  static DatabaseFacts read(
      JsonNode row,
      String source,
      Optional<List<String>> configurationErrors,
      long millis,
      OptionalLong roundTripMillis) {
    var database = row.path("database");
    return new DatabaseFacts(
        source,
        server(row.path("server")),
        new Session(
            row.at("/session/pid").asInt(),
            row.at("/session/encrypted").asBoolean(),
            row.at("/session/database").asText()),
        role(row.path("role")),
        room(row.path("room"), database.path("limit").asInt(-1)),
        new Text(
            database.path("encoding").asText(),
            database.path("collate").asText(),
            text(database.path("collationVersion")),
            text(database.path("actualCollationVersion"))),
        settings(row.path("settings")),
        stream(row.path("pending")).map(JsonNode::asText).toList(),
        configurationErrors,
        row.has("archiver") ? Optional.of(wal(row)) : Optional.empty(),
        stream(row.path("ages"))
            .map(a -> new Age(a.get(0).asText(), a.get(1).asLong(), a.get(2).asLong()))
            .toList(),
        database.path("bytes").asLong(),
        millis,
        roundTripMillis);
  }

  private static Server server(JsonNode node) {
    return new Server(
        node.path("number").asInt(),
        node.path("version").asText(),
        time(node.path("started")).orElse(Instant.EPOCH),
        node.path("recovery").asBoolean(),
        node.path("readOnly").asBoolean(),
        provider(node));
  }

  /**
   * Each has settings that no other server has; a setting of a module that is not loaded shows in
   * current_setting alone. Aurora has rds.* settings, too.
   */
  private static Optional<ManagedService> provider(JsonNode node) {
    Set<String> families = new HashSet<>();
    stream(node.path("families")).map(JsonNode::asText).forEach(families::add);
    if (families.contains("neon") || !node.path("neon").isNull()) {
      return Optional.of(ManagedService.NEON);
    }
    if (node.path("aurora").asBoolean()) {
      return Optional.of(ManagedService.AURORA);
    }
    if (families.contains("rds") || !node.path("rds").isNull()) {
      return Optional.of(ManagedService.RDS);
    }
    if (families.contains("azure")) {
      return Optional.of(ManagedService.AZURE);
    }
    if (families.contains("alloydb")) {
      return Optional.of(ManagedService.ALLOYDB);
    }
    return families.contains("cloudsql") ? Optional.of(ManagedService.CLOUD_SQL) : Optional.empty();
  }

  private static Role role(JsonNode node) {
    return new Role(
        node.path("name").asText(),
        node.path("superuser").asBoolean(),
        node.path("replication").asBoolean(),
        node.path("limit").asInt(-1),
        time(node.path("validUntil")),
        node.path("allStatistics").asBoolean(),
        node.path("reserved").asBoolean(),
        node.path("createInDatabase").asBoolean(),
        text(node.path("schema")),
        node.path("createInSchema").asBoolean());
  }

  private static Room room(JsonNode node, int databaseLimit) {
    Map<String, Integer> applications = new HashMap<>();
    node.path("applications")
        .properties()
        .forEach(e -> applications.put(e.getKey(), e.getValue().asInt()));
    return new Room(
        node.path("max").asInt(),
        node.path("superuserReserved").asInt(),
        node.path("reserved").asInt(),
        withoutOurs(node.path("used")),
        databaseLimit,
        withoutOurs(node.path("usedOfDatabase")),
        applications.values().stream().mapToInt(Integer::intValue).sum(),
        applications);
  }

  private static int withoutOurs(JsonNode count) {
    return Math.max(0, count.asInt() - 1);
  }

  private static Map<String, Setting> settings(JsonNode rows) {
    Map<String, Setting> settings = new HashMap<>();
    stream(rows)
        .forEach(
            s ->
                settings.put(
                    s.get(0).asText(),
                    new Setting(s.get(1).asText(), text(s.get(2)).orElse(""), s.get(3).asText())));
    return settings;
  }

  private static Wal wal(JsonNode row) {
    var archiver = row.path("archiver");
    return new Wal(
        stream(row.path("slots"))
            .map(
                s ->
                    new Slot(
                        s.path("name").asText(),
                        s.path("type").asText(),
                        s.path("active").asBoolean(),
                        s.path("temporary").asBoolean(),
                        text(s.path("status")),
                        s.path("retained").asLong()))
            .toList(),
        new Archiver(
            archiver.path("archived").asLong(),
            archiver.path("failed").asLong(),
            time(archiver.path("lastArchived")),
            time(archiver.path("lastFailed")),
            text(archiver.path("lastFailedWal"))));
  }

  private static java.util.stream.Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static Optional<String> text(JsonNode node) {
    return node.isNull() || node.isMissingNode() ? Optional.empty() : Optional.of(node.asText());
  }

  /** Seconds since 1970, with a fraction. */
  private static Optional<Instant> time(JsonNode node) {
    return node.isNumber()
        ? Optional.of(Instant.ofEpochMilli(Math.round(node.asDouble() * 1_000)))
        : Optional.empty();
  }
}
