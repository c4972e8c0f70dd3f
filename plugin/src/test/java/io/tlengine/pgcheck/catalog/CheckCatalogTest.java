package io.tlengine.pgcheck.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.tlengine.pgcheck.check.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Classes, codes, pages, tests and README: all of them, and none too many. */
class CheckCatalogTest {

  private static final List<String> SECTIONS = List.of("Meaning", "Impact", "Diagnosis", "Remedy");

  /** The hundreds of the codes, by package. */
  private static final Map<String, Integer> BLOCKS =
      Map.of(
          "connection",
          1,
          "storage",
          2,
          "cluster",
          3,
          "database",
          4,
          "provider",
          5,
          "persistence",
          7,
          "release",
          8);

  private static final Pattern README_ROW =
      Pattern.compile("^\\| (PGC-\\d{3}) \\| ([^|]+?) \\| ([^|]+?) \\| ([^|]+?) \\|$");

  /** Surefire's working directory is the module. */
  private static final Path README = Path.of("..", "README.md");

  static List<Check> checks() {
    return CheckCatalog.all();
  }

  private static List<String> headings(String page) {
    return page.lines()
        .filter(l -> l.startsWith("## "))
        .map(l -> l.substring("## ".length()))
        .toList();
  }

  @Test
  void everyCheckThatExistsIsListedOnce() {
    var classes =
        new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.tlengine.pgcheck")
                .stream()
                .filter(c -> c.isAssignableTo(Check.class) && !c.isInterface())
                .filter(c -> !c.getModifiers().contains(JavaModifier.ABSTRACT))
                .map(JavaClass::getName)
                .sorted()
                .toList();

    assertEquals(classes, checks().stream().map(c -> c.getClass().getName()).sorted().toList());
  }

  @Test
  void noTwoChecksHaveTheSameCodeOrSlug() {
    var codes = new HashSet<String>();
    var slugs = new HashSet<String>();
    for (var check : checks()) {
      assertTrue(codes.add(check.info().code()), check.info().code());
      assertTrue(slugs.add(check.info().slug()), check.info().slug());
    }
    assertEquals(checks().size(), codes.size());
  }

  @ParameterizedTest
  @MethodSource("checks")
  void theCodeBelongsToTheBlockOfItsPackage(Check check) {
    var code = check.info().code();
    var type = check.getClass();
    var block = type.getPackageName().substring(type.getPackageName().lastIndexOf('.') + 1);

    assertTrue(code.matches("PGC-\\d{3}"), code);
    assertEquals(
        BLOCKS.get(block), Character.digit(code.charAt("PGC-".length()), 10), type.getName());
  }

  @ParameterizedTest
  @MethodSource("checks")
  void theEntryIsComplete(Check check) {
    var info = check.info();

    assertTrue(info.slug().matches("[a-z]+(-[a-z]+)+"), info.slug());
    assertFalse(info.summary().isBlank(), info.code());
    assertEquals(1, info.summary().lines().count(), info.code());
    assertFalse(check.needs().isEmpty(), info.code() + " needs no fact, and so judges nothing");
  }

  @ParameterizedTest
  @MethodSource("checks")
  void thePageHasItsHeadingAndItsSectionsInOrder(Check check) {
    var info = check.info();
    var page = CheckCatalog.page(check);

    assertEquals(
        "# " + info.code() + " " + info.slug(), page.lines().findFirst().orElse("no line"));
    assertEquals(SECTIONS, headings(page));
    for (var section : page.split("(?m)^## .*$")) {
      assertFalse(section.isBlank(), info.code() + " has an empty section");
    }
  }

  @Test
  void everyPageBelongsToACheck() throws IOException {
    var pages = new TreeSet<String>();
    try (var files = Files.list(Path.of("src/main/resources/checks"))) {
      files.map(f -> f.getFileName().toString()).forEach(pages::add);
    }

    assertEquals(
        checks().stream()
            .map(c -> c.info().code() + ".md")
            .collect(Collectors.toCollection(TreeSet::new)),
        pages);
  }

  @ParameterizedTest
  @MethodSource("checks")
  void everyCheckHasATestClassOfItsName(Check check) {
    var path = check.getClass().getName().replace('.', '/') + "Test.java";

    assertTrue(Files.isRegularFile(Path.of("src/test/java").resolve(path)), path);
  }

  @Test
  void aCodeIsFoundInEitherCaseAndNothingElseIs() {
    assertEquals("PGC-201", CheckCatalog.byCode("pgc-201").orElseThrow().info().code());
    assertTrue(CheckCatalog.byCode("PGC-000").isEmpty());
    assertTrue(CheckCatalog.byCode("").isEmpty());
  }

  @Test
  void theReadmeHasExactlyTheseRows() throws IOException {
    var rows =
        Files.readAllLines(README).stream().filter(l -> README_ROW.matcher(l).matches()).toList();

    assertEquals(
        checks().stream()
            .map(Check::info)
            .map(
                i ->
                    "| "
                        + String.join(" | ", i.code(), i.slug(), i.severity().text(), i.summary())
                        + " |")
            .toList(),
        rows);
  }

  /** What the tests above rest on: a page without a section, a row of another form. */
  @Test
  void aPageWithoutASectionAndARowOfAnotherFormAreNoticed() {
    assertNotEquals(SECTIONS, headings("# PGC-101 x\n\n## Meaning\na\n\n## Remedy\nb\n"));
    assertFalse(README_ROW.matcher("| PGC-101 | host-resolves |").matches());
    assertEquals(Set.of(1, 2, 3, 4, 5, 7, 8), Set.copyOf(BLOCKS.values()));
  }
}
