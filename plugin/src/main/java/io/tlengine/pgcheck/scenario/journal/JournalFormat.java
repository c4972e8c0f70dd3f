package io.tlengine.pgcheck.scenario.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tlengine.pgcheck.scenario.journal.Journal.Entry;
import io.tlengine.pgcheck.scenario.journal.Journal.FieldOwner;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.server.DatabaseSecret;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A journal as JSON. One that a later version wrote is not guessed at. */
final class JournalFormat {

  private static final int VERSION = 1;
  private static final String LOGIN = "login";

  private JournalFormat() {}

  static String write(Journal journal) {
    var root = new ObjectMapper().createObjectNode();
    root.put("formatVersion", VERSION);
    root.put("release", journal.release());
    root.put("holder", journal.holder());
    journal
        .login()
        .ifPresent(
            login -> {
              var to = root.putObject(LOGIN).put("secret", login.name());
              login.key().ifPresent(key -> to.put("key", key));
            });
    var entries = root.putArray("entries");
    journal.entries().forEach(e -> write(e, entries.addObject()));
    return root.toPrettyString();
  }

  private static void write(Entry entry, ObjectNode to) {
    switch (entry) {
      case Entry.PodSchema schema ->
          to.put("kind", "PodSchema").put("set", schema.set()).put("pod", schema.pod());
      case Entry.RedisKeys keys ->
          to.put("kind", "RedisKeys").put("set", keys.set()).put("pod", keys.pod());
      case Entry.ExternalSchema schema ->
          to.put("kind", "ExternalSchema").put("secret", schema.secret()).put("key", schema.key());
      case Entry.Replicas replicas -> {
        to.put("kind", "Replicas")
            .put("set", replicas.set())
            .put("uid", replicas.uid())
            .put("replicas", replicas.replicas());
        var owners = to.putArray("owners");
        for (var owner : replicas.owners()) {
          owners
              .addObject()
              .put("manager", owner.manager())
              .put("operation", owner.operation())
              .put("apiVersion", owner.apiVersion())
              .put("subresource", owner.subresource());
        }
      }
      case Entry.NewClaims claims -> {
        to.put("kind", "NewClaims").put("set", claims.set());
        var names = to.putArray("names");
        claims.names().forEach(names::add);
      }
      case Entry.Revision revision ->
          to.put("kind", "Revision").put("revision", revision.revision());
    }
  }

  /**
   * @throws ScenarioException when this is no journal that this version can read
   */
  static Journal read(String json) throws ScenarioException {
    JsonNode root;
    try {
      root = new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw unreadable("it is no JSON");
    }
    if (root.path("formatVersion").asInt() != VERSION) {
      throw unreadable(
          "its format is "
              + root.path("formatVersion").asText("missing")
              + ", and this version reads "
              + VERSION);
    }
    var entries = new ArrayList<Entry>();
    for (var node : root.path("entries")) {
      entries.add(entry(node));
    }
    return new Journal(text(root, "release"), text(root, "holder"), login(root), entries);
  }

  private static Optional<DatabaseSecret> login(JsonNode root) throws ScenarioException {
    var node = root.path(LOGIN);
    return node.isMissingNode()
        ? Optional.empty()
        : Optional.of(
            new DatabaseSecret(
                text(node, "secret"),
                node.has("key") ? Optional.of(text(node, "key")) : Optional.empty()));
  }

  private static Entry entry(JsonNode node) throws ScenarioException {
    var kind = node.path("kind").asText();
    return switch (kind) {
      case "PodSchema" -> new Entry.PodSchema(text(node, "set"), text(node, "pod"));
      case "RedisKeys" -> new Entry.RedisKeys(text(node, "set"), text(node, "pod"));
      case "ExternalSchema" -> new Entry.ExternalSchema(text(node, "secret"), text(node, "key"));
      case "Replicas" ->
          new Entry.Replicas(
              text(node, "set"), text(node, "uid"), number(node, "replicas"), owners(node));
      case "NewClaims" -> new Entry.NewClaims(text(node, "set"), names(node));
      case "Revision" -> new Entry.Revision(number(node, "revision"));
      default -> throw unreadable("it has an entry of the unknown kind '" + kind + "'");
    };
  }

  private static List<FieldOwner> owners(JsonNode node) throws ScenarioException {
    var owners = new ArrayList<FieldOwner>();
    for (var owner : node.path("owners")) {
      owners.add(
          new FieldOwner(
              text(owner, "manager"),
              text(owner, "operation"),
              text(owner, "apiVersion"),
              text(owner, "subresource")));
    }
    return owners;
  }

  private static List<String> names(JsonNode node) {
    var names = new ArrayList<String>();
    node.path("names").forEach(n -> names.add(n.asText()));
    return names;
  }

  private static String text(JsonNode node, String field) throws ScenarioException {
    if (!node.path(field).isTextual()) {
      throw unreadable("an entry has no " + field);
    }
    return node.path(field).asText();
  }

  private static int number(JsonNode node, String field) throws ScenarioException {
    if (!node.path(field).isInt()) {
      throw unreadable("an entry has no " + field);
    }
    return node.path(field).asInt();
  }

  private static ScenarioException unreadable(String why) {
    return new ScenarioException(
        "the journal of an earlier run cannot be read: " + why,
        "run --restore with the version of pgcheck that wrote it; kubectl get configmap -l"
            + " app.kubernetes.io/managed-by=pgcheck -o yaml shows it");
  }
}
