package io.tlengine.pgcheck.gather.saved;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.gather.failure.GatherException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The facts of one preflight in a file: what was seen, so that it can be judged again without a
 * cluster. Holds no secret, since facts do not; it names hosts and objects, so only its owner may
 * read it.
 *
 * @param toolVersion of the pgcheck that looked
 * @param chart its name and version; as the user named it, where they are not known
 * @param chartReference the chart as the user named it
 */
public record SavedFacts(
    String toolVersion,
    String release,
    String namespace,
    String chart,
    String chartReference,
    Facts facts) {

  /** Grows when a reader of the old form could not read the new one. */
  static final int FORMAT_VERSION = 3;

  private static final String KNOWN = "known";
  private static final String UNAVAILABLE = "unavailable";
  private static final String NOT_APPLICABLE = "notApplicable";

  /**
   * Writes the file as a whole or not at all, with mode 0600.
   *
   * @throws IOException when the folder is not there or not writable
   */
  public void write(Path file) throws IOException {
    // createTempFile gives mode 0600 on POSIX systems.
    var folder = file.toAbsolutePath().getParent();
    var temporary = Files.createTempFile(folder, ".pgcheck", ".json");
    try {
      Files.write(temporary, bytes());
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** What the file holds, for other ways to bring it from one place to another. */
  byte[] bytes() {
    var mapper = FactsMapper.create();
    var root = mapper.createObjectNode();
    root.put("formatVersion", FORMAT_VERSION);
    root.putObject("tool").put("name", "pgcheck").put("version", toolVersion);
    root.putObject("release")
        .put("name", release)
        .put("namespace", namespace)
        .put("chart", chart)
        .put("chartReference", chartReference);
    root.put("observedAt", facts.observedAt().toString());
    var all = root.putObject("facts");
    facts.byKey().entrySet().stream()
        .sorted(Comparator.comparing(e -> e.getKey().name()))
        .forEach(e -> all.set(e.getKey().name(), node(mapper, e.getKey(), e.getValue())));
    try {
      return mapper.writeValueAsBytes(root);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode node(ObjectMapper mapper, FactKey<?> key, Fact<?> fact) {
    var node = mapper.createObjectNode();
    switch (fact) {
      case Fact.Known<?> known -> node.set(KNOWN, value(mapper, key, known.value()));
      case Fact.Unavailable<?> gap ->
          node.putObject(UNAVAILABLE).put("reason", gap.reason()).put("remedy", gap.remedy());
      case Fact.NotApplicable<?> none ->
          node.putObject(NOT_APPLICABLE).put("reason", none.reason());
    }
    return node;
  }

  /** As its key's type, which for a sealed one is not the value's own. */
  private static JsonNode value(ObjectMapper mapper, FactKey<?> key, Object value) {
    try (var buffer = new TokenBuffer(mapper, false)) {
      mapper.writerFor(key.type()).writeValue(buffer, value);
      return mapper.readTree(buffer.asParser());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a file that {@link #write} made.
   *
   * @throws GatherException USAGE, in one line, for a file that cannot be read, is cut off, or was
   *     made by another version
   */
  public static SavedFacts read(Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw refused(
          file,
          Files.isDirectory(file)
              ? "is a folder"
              : Files.exists(file) ? "may not be read" : "does not exist");
    }
    try {
      return parse(Files.readAllBytes(file));
    } catch (IOException e) {
      throw refused(file, "is no JSON");
    } catch (UnusableFactsException e) {
      throw refused(file, e.getMessage());
    }
  }

  /** What a file, or a pod's answer, is not; the message follows on its name. */
  static final class UnusableFactsException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableFactsException(String message) {
      super(message);
    }

    @Override
    public String getMessage() {
      return Objects.requireNonNullElse(super.getMessage(), "");
    }
  }

  /** Reads what {@link #bytes} made. */
  static SavedFacts parse(byte[] bytes) throws UnusableFactsException {
    var mapper = FactsMapper.create();
    JsonNode root;
    try {
      root = mapper.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).readTree(bytes);
    } catch (JsonEOFException e) {
      throw new UnusableFactsException("is cut off in line " + e.getLocation().getLineNr());
    } catch (JsonProcessingException e) {
      throw new UnusableFactsException(
          "is no JSON"
              + (e.getLocation() == null ? "" : " in line " + e.getLocation().getLineNr()));
    } catch (IOException e) {
      throw new UnusableFactsException("is no JSON");
    }
    if (!(root instanceof ObjectNode document) || !document.has("formatVersion")) {
      throw new UnusableFactsException("holds no facts");
    }
    var maker = document.at("/tool/version").asText("unknown");
    int format = document.path("formatVersion").asInt(0);
    if (format != FORMAT_VERSION) {
      throw new UnusableFactsException(
          "has format version "
              + format
              + " of pgcheck "
              + maker
              + ", and this one reads "
              + FORMAT_VERSION);
    }
    try {
      return new SavedFacts(
          maker,
          text(document, "/release/name"),
          text(document, "/release/namespace"),
          text(document, "/release/chart"),
          text(document, "/release/chartReference"),
          facts(mapper, document));
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new UnusableFactsException(
          "was changed, or made by another version (" + maker + "): " + e.getMessage());
    }
  }

  private static Facts facts(ObjectMapper mapper, JsonNode document) {
    var facts = new Facts(Instant.parse(text(document, "/observedAt")), Map.of());
    var keys = keys();
    for (var field : document.path("facts").properties()) {
      var key =
          keys.stream()
              .filter(k -> k.name().equals(field.getKey()))
              .findFirst()
              .orElseThrow(
                  () -> new IllegalArgumentException("there is no fact " + field.getKey()));
      facts = with(facts, key, mapper, field.getValue());
    }
    return facts;
  }

  private static <T> Facts with(Facts facts, FactKey<T> key, ObjectMapper mapper, JsonNode node) {
    if (node.has(KNOWN)) {
      try {
        var value = mapper.treeToValue(node.get(KNOWN), key.type());
        if (value != null) {
          return facts.with(key, Fact.known(value));
        }
      } catch (JsonMappingException e) {
        // The library's own words name classes; the place in the file says more.
        var place =
            e.getPath().stream()
                .map(p -> p.getFieldName() == null ? "[" + p.getIndex() + "]" : p.getFieldName())
                .collect(Collectors.joining("."));
        throw new IllegalArgumentException(
            "the fact " + key.name() + (place.isEmpty() ? "" : " at " + place), e);
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException("the fact " + key.name(), e);
      }
      throw new IllegalArgumentException("the fact " + key.name() + " is null");
    }
    if (node.has(UNAVAILABLE)) {
      return facts.with(
          key,
          Fact.unavailable(
              text(node, "/" + UNAVAILABLE + "/reason"),
              text(node, "/" + UNAVAILABLE + "/remedy")));
    }
    return facts.with(key, Fact.notApplicable(text(node, "/" + NOT_APPLICABLE + "/reason")));
  }

  /** Every constant of FactKey, so that a new one needs no second list. */
  static List<FactKey<?>> keys() {
    return Arrays.stream(FactKey.class.getFields())
        .filter(f -> Modifier.isStatic(f.getModifiers()) && f.getType() == FactKey.class)
        .<FactKey<?>>map(
            f -> {
              try {
                return (FactKey<?>) f.get(null);
              } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
              }
            })
        .toList();
  }

  private static String text(JsonNode node, String path) {
    var text = node.at(path);
    if (!text.isTextual()) {
      throw new IllegalArgumentException(path + " is missing");
    }
    return text.asText();
  }

  private static GatherException refused(Path file, String why) {
    return new GatherException(
        Kind.USAGE,
        "the facts file " + file + " " + why + "; wanted: a file of this version's --save-facts");
  }
}
