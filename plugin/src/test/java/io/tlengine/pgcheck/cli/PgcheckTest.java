package io.tlengine.pgcheck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.catalog.CheckCatalog;
import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.report.Report.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole program but for the process around it: arguments in; exit code, out and err out. */
class PgcheckTest {

  private static final List<String> COMMANDS =
      List.of("preflight", "persistence", "secret", "checks");

  @TempDir Path folder;

  private static ProgramRun run(Map<String, String> environment, String... line) {
    return ProgramRun.of(environment, line);
  }

  private static ProgramRun run(String... line) {
    return run(Map.of(), line);
  }

  /** One line that says who speaks, nothing among the results, and no trace. */
  private static void assertComplaint(ExitCode code, ProgramRun run) {
    assertEquals(code, run.code(), run::toString);
    assertEquals("", run.out());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().startsWith("pgcheck: "), run.err());
    assertTrue(run.err().endsWith("\n"), run.err());
    assertFalse(run.err().contains("Exception") || run.err().contains("\tat "), run.err());
  }

  private static ProgramRun help(String... line) {
    var run = run(line);
    assertEquals(ExitCode.CLEAN, run.code(), run::toString);
    assertEquals("", run.err());
    return run;
  }

  @ParameterizedTest
  @CsvSource({"--help", "-h", "help", "''"})
  void theHelpListsExactlyTheCommandsThatExist(String word) {
    var out = help(word.isEmpty() ? new String[0] : new String[] {word}).out();
    var listed =
        Pattern.compile("(?m)^Commands:\\R((?:  .*\\R)+)")
            .matcher(out)
            .results()
            .flatMap(m -> m.group(1).lines())
            .filter(l -> l.matches("  \\w.*"))
            .map(l -> l.strip().split("\\s+")[0])
            .toList();

    assertEquals(COMMANDS, listed, out);
  }

  /** The table in the help is the one that scripts rely on. */
  @ParameterizedTest
  @EnumSource(ExitCode.class)
  void theHelpNamesEveryExitCode(ExitCode code) {
    assertTrue(
        help("--help").out().contains("\n  " + code.code() + "  " + code.meaning() + "\n"),
        code::name);
  }

  @Test
  void theExitCodesAreTheOnesThatWerePromised() {
    assertEquals(
        List.of(0, 1, 2, 3, 4), Arrays.stream(ExitCode.values()).map(ExitCode::code).toList());
    assertEquals(ExitCode.CLEAN, ExitCode.of(Verdict.passed));
    assertEquals(ExitCode.FINDINGS, ExitCode.of(Verdict.failed));
    assertEquals(ExitCode.INCOMPLETE, ExitCode.of(Verdict.incomplete));
  }

  @ParameterizedTest
  @CsvSource({"preflight", "persistence", "secret", "checks"})
  void everyCommandHasAHelpWithExamples(String command) {
    var out = help(command, "--help").out();

    assertTrue(out.startsWith("Usage: helm pgcheck " + command), out);
    assertTrue(out.contains("Examples:\n  helm pgcheck " + command), out);
    assertEquals(out, help("help", command).out());
    assertEquals(out, help(command, "-h").out());
    assertTrue(out.lines().allMatch(l -> l.length() <= 100), out);
  }

  @Test
  void theVersionIsOneLine() {
    assertEquals(new ProgramRun(ExitCode.CLEAN, "pgcheck 1.2.3\n", ""), run("--version"));
  }

  static Stream<Arguments> wrongLines() {
    return Stream.of(
        wrong("frobnicate", "frobnicate"),
        wrong("help frobnicate", "frobnicate"),
        wrong("--frobnicate", "--frobnicate"),
        wrong("preflight", "RELEASE"),
        wrong("preflight tl", "CHART"),
        wrong("preflight tl chart more", "more"),
        wrong("preflight tl chart --frobnicate", "--frobnicate"),
        wrong("preflight tl chart --timeout soon", "--timeout is soon; wanted: a time"),
        wrong("preflight tl chart --timeout 0s", "--timeout is 0s; wanted: a time above zero"),
        wrong("preflight tl chart --timeout -5s", "--timeout"),
        wrong("preflight tl chart --timeout", "--timeout"),
        wrong("preflight tl chart --fail-on fatal", "--fail-on is fatal; wanted: error, warning"),
        wrong("preflight tl chart --only PGC-999", "--only names PGC-999, which is no code"),
        wrong("preflight tl chart --only PGC-701", "PGC-701 belongs to helm pgcheck persistence\n"),
        wrong(
            "preflight tl chart --only PGC-101,PGC-701",
            "PGC-701 belongs to helm pgcheck persistence\n"),
        wrong(
            "preflight tl chart --only PGC-710,PGC-101,PGC-701",
            "PGC-701, PGC-710 belong to helm pgcheck persistence\n"),
        wrong(
            "preflight tl chart --ignore PGC-701=x",
            "PGC-701 belongs to helm pgcheck persistence\n"),
        wrong("persistence tl --ignore PGC-101=x", "PGC-101 belongs to helm pgcheck preflight\n"),
        wrong(
            "persistence tl --list --only PGC-701,PGC-101",
            "PGC-101 belongs to helm pgcheck preflight\n"),
        wrong("preflight tl chart --ignore PGC-104", "wanted: CODE=REASON"),
        wrong("preflight tl chart --ignore PGC-104=", "wanted: CODE=REASON"),
        wrong("preflight tl chart --ignore PGC-999=x", "--ignore names PGC-999"),
        wrong(
            "preflight tl chart -o yaml",
            "--output is yaml; wanted: table, json, junit, sarif, markdown, html"),
        wrong("preflight tl chart -o json -o table", "two formats for standard output"),
        wrong("preflight tl chart -o json=x -o html=x", "names the file x twice; wanted: a file"),
        wrong("persistence tl -o json=x -o html=./x", "names the file ./x twice"),
        wrong("preflight tl chart -o html=", "html= without a file's name; wanted: html=FILE"),
        wrong("preflight tl chart -o json=/", "written to /: it is a folder; wanted: a file's"),
        wrong("preflight tl chart --save-facts .", "written to .: it is a folder"),
        wrong("preflight tl chart -o html=/no/such/folder/x.html", "/no/such/folder/x.html"),
        wrong("preflight --facts /no/such/file", "/no/such/file does not exist"),
        wrong("preflight tl chart --facts f", "--facts takes release, chart and values"),
        wrong("preflight --facts f -f values.yaml", "--facts takes release, chart and values"),
        wrong("preflight tl chart --save-facts /no/such/folder/f", "/no/such/folder/f"),
        wrong("secret", "RELEASE"),
        wrong("secret tl", "CHART"),
        wrong("secret tl chart --frobnicate", "--frobnicate"),
        wrong("secret tl chart --timeout 5", "--timeout is 5"),
        wrong("persistence", "RELEASE"),
        wrong("persistence tl --only PGC-101", "PGC-101 belongs to helm pgcheck preflight\n"),
        wrong("persistence tl --timeout 5", "--timeout is 5"),
        wrong("persistence tl -f values.yaml", "-f"),
        wrong("persistence tl --statefulset db", "not both"),
        wrong("persistence --statefulset StatefulSet/db", "wanted: the name alone"),
        wrong("persistence tl --database-secret db", "goes with --statefulset"),
        wrong("persistence --statefulset db --database-secret p://u:p@h", "name of a Secret"),
        wrong("persistence tl --list -o json", "--list prints a list and no report, so --output"),
        wrong("persistence tl --list --output=table", "so --output has no effect"),
        wrong("persistence tl --list --print-job", "so --print-job has no effect"),
        wrong("persistence tl --list --restore", "so --restore has no effect"),
        wrong("persistence tl --list --image a", "so --image has no effect"),
        wrong("persistence tl --print-job --image a -o json", "so --output has no effect"),
        wrong("persistence tl --print-job --image a --restore", "so --restore has no effect"),
        wrong("persistence tl --image a", "--image is for the Job of --print-job"),
        wrong("checks PGC-999", "PGC-999 is no code of this version"),
        wrong("checks nope", "nope is no code of this version; helm pgcheck checks lists them"),
        wrong("checks PGC-101 PGC-102", "PGC-102"));
  }

  private static Arguments wrong(String line, String named) {
    return Arguments.of(line, named);
  }

  @ParameterizedTest
  @MethodSource("wrongLines")
  void aWrongArgumentEndsInOneLineThatNamesIt(String line, String named) {
    var run = run(line.split(" ", -1));

    assertComplaint(ExitCode.USAGE, run);
    assertTrue(run.err().contains(named), run.err());
  }

  @ParameterizedTest
  @CsvSource({"preflight tl chart", "persistence tl", "secret tl chart", "checks"})
  void aNameThatNoNamespaceCanHaveIsRefusedBeforeAnythingIsAsked(String line) {
    for (var name : List.of("Bad_NS", "-a", "a-", "a.b", "a\nb", "a".repeat(64))) {
      var run = run(Map.of("HELM_NAMESPACE", name), line.split(" "));

      assertComplaint(ExitCode.USAGE, run);
      var shown = name.replace('\n', ' ');
      assertTrue(run.err().contains("the namespace is " + shown + "; wanted: a name"), run.err());
    }
  }

  @Test
  void aNameWithALineBreakStillMakesOneLine() {
    assertComplaint(ExitCode.USAGE, run("checks", "no\npe"));
    assertComplaint(ExitCode.USAGE, run("preflight", "tl", "chart", "--fail-on", "a\nb"));
  }

  @Test
  void theCatalogueListsEveryCodeWithItsSeverity() {
    var run = run("checks");

    assertEquals(ExitCode.CLEAN, run.code());
    assertEquals(
        CheckCatalog.all().stream().map(c -> c.info().code()).toList(),
        Pattern.compile("(?m)^  (PGC-\\d{3})  ")
            .matcher(run.out())
            .results()
            .map(m -> m.group(1))
            .toList());
    assertFalse(run.out().contains("null"), run.out());
  }

  static List<Check> checks() {
    return CheckCatalog.all();
  }

  @ParameterizedTest
  @MethodSource("checks")
  void everyCodesPageIsPrinted(Check check) {
    assertEquals(
        new ProgramRun(ExitCode.CLEAN, CheckCatalog.page(check), ""),
        run("checks", check.info().code()));
  }

  static Stream<Arguments> commandsWithACluster() {
    return Stream.of(
        Arguments.of((Object) new String[] {"preflight", "tl", "chart"}),
        Arguments.of((Object) new String[] {"secret", "tl", "chart"}),
        Arguments.of((Object) new String[] {"persistence", "tl", "--yes"}));
  }

  @ParameterizedTest
  @MethodSource("commandsWithACluster")
  void aKubeconfigThatIsMissingOrUnreadableEndsWithTwo(String[] line) throws IOException {
    var missing = folder.resolve("missing");
    var broken = Files.writeString(folder.resolve("broken"), "clusters: [");

    for (var file : List.of(missing, broken, folder)) {
      var run = run(Map.of("KUBECONFIG", file.toString()), line);
      assertComplaint(ExitCode.USAGE, run);
      assertTrue(run.err().contains(file.toString()), run.err());
    }
  }

  @ParameterizedTest
  @MethodSource("commandsWithACluster")
  void anApiServerThatDoesNotAnswerEndsWithFour(String[] line) throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    var kubeconfig = kubeconfig(port);

    var run = run(Map.of("KUBECONFIG", kubeconfig.toString()), line);

    assertOutOfReach(line, run, "127.0.0.1:" + port);
  }

  /** What reports says it of each check; what changes things ends in one line. */
  private static void assertOutOfReach(String[] line, ProgramRun run, String why) {
    if (!line[0].equals("preflight")) {
      assertComplaint(ExitCode.INCOMPLETE, run);
      assertTrue(run.err().contains(why), run.err());
      return;
    }
    assertEquals(ExitCode.INCOMPLETE, run.code());
    assertEquals("", run.err());
    assertTrue(run.out().contains(why), run.out());
    assertTrue(run.out().contains("-> kubectl version\n"), run.out());
    assertTrue(
        run.out().contains("incomplete: 0 passed, 0 failed, 0 warnings, 2 skipped, "), run.out());
  }

  /** It takes the connection and says nothing: the run's own time ends it. */
  @ParameterizedTest
  @MethodSource("commandsWithACluster")
  void anApiServerThatSaysNothingEndsWithinTheTimeout(String[] line) throws IOException {
    try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      var kubeconfig = kubeconfig(silent.getLocalPort());
      var words = new ArrayList<>(Arrays.asList(line));
      words.addAll(List.of("--timeout", "2s"));
      long start = System.nanoTime();

      var run = run(Map.of("KUBECONFIG", kubeconfig.toString()), words.toArray(String[]::new));

      assertOutOfReach(line, run, "timed out");
      var took = Duration.ofNanos(System.nanoTime() - start);
      assertTrue(took.compareTo(Duration.ofSeconds(8)) < 0, took::toString);
    }
  }

  private Path kubeconfig(int port) throws IOException {
    return Files.writeString(
        folder.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        current-context: c
        clusters: [{name: c, cluster: {server: "https://127.0.0.1:%d"}}]
        contexts: [{name: c, context: {cluster: c, user: u}}]
        users: [{name: u, user: {}}]
        """
            .formatted(port));
  }
}
