package io.tlengine.pgcheck.gather.saved;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.Rendering;
import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.gather.failure.GatherException.Kind;
import io.tlengine.pgcheck.gather.helm.Manifests;
import io.tlengine.pgcheck.plan.PlanReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SavedFactsTest {

  private static final Instant SEEN = Instant.parse("2026-11-22T10:00:00.123456789Z");

  @TempDir Path folder;

  private static SavedFacts saved(Facts facts) {
    return new SavedFacts("0.1.0", "tl", "shop", "tl-engine-0.1.0", "charts/tl-engine", facts);
  }

  private SavedFacts throughTheFile(SavedFacts facts) throws IOException {
    var file = folder.resolve("facts.json");
    facts.write(file);
    return SavedFacts.read(file);
  }

  static List<FactKey<?>> keys() {
    return SavedFacts.keys();
  }

  @Test
  void everyKeyIsFoundByItsOwnName() {
    assertTrue(keys().size() >= 9, () -> keys().toString());
    assertEquals(keys().size(), new HashSet<>(keys().stream().map(FactKey::name).toList()).size());
    assertTrue(keys().contains(FactKey.PLAN) && keys().contains(FactKey.EXTERNAL_ROWS));
  }

  /** Of every key there is, so a new fact that does not come back whole is found here. */
  @ParameterizedTest
  @MethodSource("keys")
  <T> void everyFactComesBackAsItWas(FactKey<T> key) throws IOException {
    var samples = Samples.of(key.type());
    assertFalse(samples.isEmpty());
    for (var sample : samples) {
      var facts = new Facts(SEEN, Map.of()).with(key, Fact.known(key.type().cast(sample)));

      assertEquals(saved(facts), throughTheFile(saved(facts)), key::name);
    }
    var gap = new Facts(SEEN, Map.of()).with(key, Fact.unavailable("no right", "grant it"));
    assertEquals(saved(gap), throughTheFile(saved(gap)));
    var none = new Facts(SEEN, Map.of()).with(key, Fact.notApplicable("not here"));
    assertEquals(saved(none), throughTheFile(saved(none)));
  }

  @Test
  void onlyTheOwnerMayReadTheFileAndAnOlderOneIsReplaced() throws IOException {
    var file = Files.writeString(folder.resolve("facts.json"), "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

    saved(new Facts(SEEN, Map.of())).write(file);

    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(SEEN, SavedFacts.read(file).facts().observedAt());
    try (var files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void whatAChartWritesOutIsNotInTheFile() throws IOException {
    var plan =
        PlanReader.read(
            Manifests.parse(
                """
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: db}
                spec:
                  serviceName: db
                  template:
                    spec:
                      containers:
                        - name: postgres
                          image: postgres:17
                          ports: [{containerPort: 5432}]
                          env:
                            - {name: POSTGRES_PASSWORD, value: S3cret-of-a-chart}
                            - {name: BACKUP, value: "postgres://a:S3cret-of-a-chart@db/x"}
                          args: ["--password", "S3cret-of-a-chart"]
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: db}
                stringData: {password: S3cret-of-a-chart}
                """));
    var file = folder.resolve("facts.json");
    saved(new Facts(SEEN, Map.of()).with(FactKey.PLAN, Fact.known(plan))).write(file);

    var text = Files.readString(file);
    assertTrue(text.contains("POSTGRES_PASSWORD"), text);
    assertFalse(text.contains("S3cret"), text);
  }

  private String document() throws IOException {
    var file = folder.resolve("whole.json");
    saved(
            new Facts(SEEN, Map.of())
                .with(FactKey.RENDERING, Fact.known(new Rendering.Rendered(3)))
                .with(FactKey.CLAIMS, Fact.unavailable("no right", "grant it")))
        .write(file);
    return Files.readString(file);
  }

  private void refused(Path file, String why) {
    var refusal = assertThrows(GatherException.class, () -> SavedFacts.read(file));
    assertEquals(Kind.USAGE, refusal.kind());
    assertTrue(refusal.getMessage().contains(file.toString()), refusal.getMessage());
    assertTrue(refusal.getMessage().contains(why), refusal.getMessage());
    assertEquals(1, refusal.getMessage().lines().count(), refusal.getMessage());
    assertFalse(refusal.getMessage().contains("io.tlengine"), refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "3", "{}", "{\"a\": 1}", "null"})
  void jsonWithoutFactsIsRefused(String text) throws IOException {
    refused(Files.writeString(folder.resolve("f"), text), "holds no facts");
  }

  @ParameterizedTest
  @ValueSource(strings = {"not json", "<xml/>", "{\"formatVersion\": 1} more", "\u0000\u0001"})
  void whatIsNoJsonIsRefused(String text) throws IOException {
    refused(Files.writeString(folder.resolve("f"), text), "is no JSON");
  }

  @Test
  void aFileThatIsNotThereOrAFolderIsRefused() {
    refused(folder.resolve("missing"), "does not exist");
    refused(folder, "is a folder");
  }

  @Test
  void bytesThatAreNoTextAreRefused() throws IOException {
    var bytes = new byte[2_000];
    new Random(1).nextBytes(bytes);
    refused(Files.write(folder.resolve("f"), bytes), "is no JSON");
  }

  /** At every place: a file that was cut off never passes for a whole one. */
  @Test
  void aFileThatIsCutOffIsRefused() throws IOException {
    var text = document().stripTrailing();
    for (int length = 2; length < text.length() - 1; length += 7) {
      refused(Files.writeString(folder.resolve("f"), text.substring(0, length)), " in line ");
    }
  }

  static Stream<Arguments> changes() {
    return Stream.<Arguments>of(
        change("an older format", "format version 1", d -> d.put("formatVersion", 1)),
        change("a newer format", "format version 4", d -> d.put("formatVersion", 4)),
        change("no time", "/observedAt", d -> d.remove("observedAt")),
        change("no such time", "0.1.0", d -> d.put("observedAt", "yesterday")),
        change("no release", "/release/name", d -> d.remove("release")),
        change("a fact nobody knows", "no fact moon", d -> facts(d).putObject("moon")),
        change(
            "a fact without a value",
            "fact claims",
            d -> facts(d).putObject("claims").putNull("known")),
        change(
            "a fact of another form",
            "the fact claims",
            d -> facts(d).putObject("claims").put("known", "many")),
        change(
            "a part nobody knows",
            "extra",
            d -> ((ObjectNode) d.at("/facts/rendering/known")).put("extra", 1)),
        change(
            "a part that is missing",
            "objects",
            d -> ((ObjectNode) d.at("/facts/rendering/known")).remove("objects")),
        change(
            "another record",
            "the fact rendering",
            d -> ((ObjectNode) d.at("/facts/rendering/known")).put("@type", "Other")),
        change(
            "no record",
            "the fact rendering",
            d -> ((ObjectNode) d.at("/facts/rendering/known")).remove("@type")),
        change(
            "no reason",
            "/unavailable/reason",
            d -> ((ObjectNode) d.at("/facts/claims/unavailable")).remove("reason")));
  }

  private static Arguments change(String name, String why, Consumer<ObjectNode> change) {
    return Arguments.of(name, why, change);
  }

  private static ObjectNode facts(JsonNode document) {
    return (ObjectNode) document.get("facts");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void aFileOfAnotherVersionIsRefused(String name, String why, Consumer<ObjectNode> change)
      throws IOException {
    var mapper = new ObjectMapper();
    var document = (ObjectNode) mapper.readTree(document());
    change.accept(document);

    refused(Files.writeString(folder.resolve(name), document.toString()), why);
  }
}
