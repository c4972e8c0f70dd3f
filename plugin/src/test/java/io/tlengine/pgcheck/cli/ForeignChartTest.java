package io.tlengine.pgcheck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A chart that calls its variable DB_DSN: what the flags for other charts make of it. */
class ForeignChartTest {

  private static final String CHART =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: shop}
      spec:
        selector: {matchLabels: {app: shop}}
        template:
          metadata: {labels: {app: shop}}
          spec:
            containers:
              - name: shop
                image: shop
                env:
                  - {name: DB_DSN, valueFrom: {secretKeyRef: {name: shop-db, key: dsn}}}
      """;

  /** Port 9 (discard) of this machine has nobody who listens. */
  private static final String URL = "postgresql://app:geheim4711@127.0.0.1:9/shop?sslmode=require";

  @TempDir static Path folder;
  private static RehearsedRun program;

  @BeforeAll
  static void start() throws Exception {
    program = new RehearsedRun(folder);
    Files.writeString(folder.resolve("manifests.yaml"), CHART);
  }

  @AfterAll
  static void stop() {
    program.close();
  }

  @BeforeEach
  void hold() {
    var url = Base64.getEncoder().encodeToString(URL.getBytes(StandardCharsets.UTF_8));
    program.api.hold(Map.of("dsn", url));
  }

  private static ProgramRun run(String command, String... flags) {
    var line = new ArrayList<>(List.of(command, "tl", "chart", "--timeout", "5s"));
    line.addAll(List.of(flags));
    var run = program.of(Map.of(), line.toArray(String[]::new));
    assertFalse((run.out() + run.err()).contains("geheim"), run::toString);
    return run;
  }

  private static ProgramRun preflight(String... flags) {
    var all = new ArrayList<>(List.of("--only", "PGC-101,PGC-102,PGC-105,PGC-802"));
    all.addAll(List.of(flags));
    return run("preflight", all.toArray(String[]::new));
  }

  @Test
  void withoutAFlagNoDatabaseIsKnown() {
    var run = preflight();

    assertEquals(ExitCode.CLEAN, run.code(), run::toString);
    assertTrue(run.out().contains("takes no database URL from a Secret"), run::out);
    assertTrue(run.out().contains("1 passed, 0 failed, 0 warnings, 3 skipped"), run::out);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--database-url-env DB_DSN",
        "--database-url-env=DB_DSN",
        "--database-secret shop-db/dsn",
        "--database-secret=shop-db/dsn",
        "--database-secret shop-db/dsn --database-url-env DB_DSN"
      })
  void eachFlagNamesIt(String flags) {
    var run = preflight(flags.split(" "));

    assertEquals(ExitCode.FINDINGS, run.code(), run::toString);
    var said = run.out().replaceAll("\\s+", " ");
    assertTrue(said.contains("nothing accepts a connection at 127.0.0.1:9"), said);
    assertTrue(said.contains("shop-db"), said);
    assertTrue(said.contains("2 passed, 1 failed, 0 warnings, 1 skipped"), said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"preflight", "secret"})
  void aVariableThatNobodyTakesIsOneLine(String command) {
    var run = run(command, "--database-url-env", "NO_SUCH");

    run.assertInWords("NO_SUCH");
    assertEquals(ExitCode.USAGE, run.code(), run::toString);
    assertTrue(
        run.err().contains("no container of the chart takes the variable NO_SUCH from a Secret"),
        run.err());
  }

  @Test
  void aKeyThatTheSecretLacksIsNamed() {
    var run = preflight("--database-secret", "shop-db/uri");

    assertEquals(ExitCode.FINDINGS, run.code(), run::toString);
    var said = run.out().replaceAll("\\s+", " ");
    assertTrue(said.contains("the Secret shop-db lacks the key uri"), said);
    assertTrue(said.contains("0 passed, 1 failed, 0 warnings, 3 skipped"), said);
  }

  @Test
  void aSecretThatDoesNotExistIsNamed() {
    program.api.hold(Map.of());
    var run = preflight("--database-secret", "no-such/dsn");

    assertEquals(ExitCode.FINDINGS, run.code(), run::toString);
    var said = run.out().replaceAll("\\s+", " ");
    assertTrue(said.contains("the Secret no-such does not exist in the namespace"), said);
    assertTrue(said.contains("0 passed, 1 failed, 0 warnings, 3 skipped"), said);
  }

  /** What may be a URL with its password is not repeated. */
  @ParameterizedTest
  @ValueSource(strings = {"--database-secret " + URL, "--database-url-env " + URL})
  void aUrlInPlaceOfANameIsRefused(String flags) {
    var run = run("preflight", flags.split(" "));

    run.assertInWords(flags);
    assertEquals(ExitCode.USAGE, run.code(), run::toString);
    assertTrue(run.err().contains("takes the name of a "), run.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--database-url-env DB_DSN", "--database-secret shop-db/dsn"})
  void secretKnowsTheKeyByTheFlags(String flags) {
    var all = new ArrayList<>(List.of("--dry-run"));
    all.addAll(List.of(flags.split(" ")));
    var run = run("secret", all.toArray(String[]::new));

    assertEquals(ExitCode.CLEAN, run.code(), run::toString);
    assertTrue(
        run.out().contains("Secret/shop-db in default: nothing is missing, nothing was changed"),
        run.out());
  }
}
