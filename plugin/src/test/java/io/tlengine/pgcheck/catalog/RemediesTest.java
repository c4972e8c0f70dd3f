package io.tlengine.pgcheck.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.check.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each remedy that can be pasted is in remedies.txt, with the test that pastes it or the reason why
 * none does.
 */
class RemediesTest {

  private static final Path CHECKS = Path.of("src/main/java/io/tlengine/pgcheck/check");
  private static final Path SCRIPTS = Path.of("..", "ci", "test.d");

  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern COMMENT = Pattern.compile("\\s*(//|\\*|/\\*).*");
  private static final Pattern CODE = Pattern.compile("\"(PGC-\\d{3})\"");

  /**
   * Words of a shell or of psql, and a flag of Helm's; a code's page is looked at by other tests.
   */
  private static final Pattern COMMAND =
      Pattern.compile(
          "kubectl [a-z]{3}|: helm (?!pgcheck checks)|helm (rollback|history|template|list|plugin|pgcheck (?!checks))"
              + "|--set(-string)? ([a-z]|$)|(ALTER|GRANT|CREATE|REINDEX|VACUUM|UPDATE) [A-Za-z(]"
              + "|SELECT [a-z*]|pg_ctl |pg_checksums |openssl |psql \\\\");

  /** One line of remedies.txt. */
  record Row(String type, String code, String words, String where) {

    static Row of(String line) {
      var parts = line.split(" \\| ", -1);
      var names = parts[0].split(" ", 2);
      return new Row(names[0], names.length == 2 ? names[1] : "", parts[1], parts[2]);
    }

    boolean pasted() {
      return !where.startsWith("not pasted: ");
    }
  }

  static List<Row> rows() throws IOException {
    return Files.readAllLines(Path.of("src/test/resources/remedies.txt")).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(Row::of)
        .toList();
  }

  private static Map<String, Path> sources(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(f -> f.toString().endsWith(".java") && !f.endsWith("package-info.java"))
          .collect(Collectors.toMap(f -> f.getFileName().toString().replace(".java", ""), f -> f));
    }
  }

  @Test
  void everyCommandOfARemedyHasARow() throws IOException {
    var rows = rows();
    var without = new ArrayList<String>();
    for (var source : sources(CHECKS).entrySet()) {
      for (var line : Files.readAllLines(source.getValue())) {
        if (COMMENT.matcher(line).matches()) {
          continue;
        }
        LITERAL
            .matcher(line)
            .results()
            .map(m -> m.group(1))
            .filter(text -> COMMAND.matcher(text).find())
            .filter(
                text ->
                    rows.stream()
                        .noneMatch(
                            r -> r.type().equals(source.getKey()) && text.contains(r.words())))
            .forEach(text -> without.add(source.getKey() + " | " + text));
      }
    }
    assertEquals(List.of(), without);
  }

  @Test
  void everyCheckHasARow() throws IOException {
    var types = rows().stream().map(Row::type).collect(Collectors.toSet());

    assertEquals(
        List.of(),
        CheckCatalog.all().stream()
            .map(Check::getClass)
            .map(Class::getSimpleName)
            .filter(name -> !types.contains(name))
            .toList());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theRowIsOfItsSource(Row row) throws IOException {
    var source = sources(CHECKS).get(row.type());

    assertTrue(source != null, () -> "no class " + row.type());
    assertTrue(Files.readString(source).contains(row.words()), row::toString);
  }

  /** The test that pastes a remedy names its code. */
  @ParameterizedTest
  @MethodSource("rows")
  void whereItIsPastedThereIsSuchATest(Row row) throws IOException {
    if (!row.pasted()) {
      assertTrue(row.where().length() > "not pasted: ".length(), row::toString);
      return;
    }
    var test =
        row.where().endsWith(".sh")
            ? SCRIPTS.resolve(row.where())
            : sources(Path.of("src/test/java")).get(row.where());
    assertTrue(test != null && Files.exists(test), row::toString);
    var ofItsOwn = CODE.matcher(Files.readString(sources(CHECKS).get(row.type())));
    var code = ofItsOwn.find() ? ofItsOwn.group(1) : row.code();
    assertTrue(code.matches("PGC-\\d{3}"), () -> row + " wants a code");
    assertTrue(Files.readString(test).contains(code), row::toString);
  }
}
