package io.tlengine.pgcheck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Kubeconfigs that cannot be used: one line that says why, within the timeout. */
class MalformedKubeconfigsTest {

  private static final int COUNT = 200;

  /** In every login, and never to be seen. */
  private static final String SECRET = "geheim4711";

  @TempDir static Path folder;
  private static RehearsedRun program;

  @BeforeAll
  static void start() throws Exception {
    program = new RehearsedRun(folder);
  }

  @AfterAll
  static void stop() {
    program.close();
  }

  private static ProgramRun run(Path kubeconfig, Map<String, String> environment) {
    var variables = new HashMap<>(environment);
    variables.put("KUBECONFIG", kubeconfig.toString());
    long start = System.nanoTime();
    var run = program.of(variables, "preflight", "tl", "chart", "--timeout", "2s");
    var took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.compareTo(Duration.ofSeconds(20)) < 0, () -> took + " " + run);
    assertFalse((run.out() + run.err()).contains(SECRET), run::toString);
    return run;
  }

  private static Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("broken"), text);
  }

  /** Port 9 (discard) of this machine has nobody who listens. */
  private static String kubeconfig(String cluster, String user) {
    return """
    apiVersion: v1
    kind: Config
    current-context: c
    clusters:
      - name: c
        cluster: %s
    contexts:
      - name: c
        context: {cluster: c, user: u}
    users:
      - name: u
        user: %s
    """
        .formatted(cluster, user);
  }

  private static final String HERE = "{server: 'https://127.0.0.1:9'}";

  static Stream<Arguments> wrong() {
    var junk =
        Base64.getEncoder()
            .encodeToString(SECRET.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return Stream.of(
        wrong("names no cluster", ""),
        wrong("no kubeconfig", "null"),
        wrong("names no cluster", "{}"),
        wrong("names no cluster", "clusters: []"),
        wrong("no kubeconfig", "clusters: [null]"),
        wrong("names no cluster", "clusters: [{name: c}]"),
        wrong("not valid YAML", "clusters: ["),
        wrong("not valid YAML", SECRET),
        wrong("not valid YAML", "- a\n- b"),
        wrong("not valid YAML", "clusters: 7"),
        wrong("not valid YAML", "\u0000\u0001\u0002"),
        wrong("not valid YAML", "[".repeat(30_000)),
        wrong("not valid YAML", "{\"clusters\": [{\"name\": \"" + SECRET),
        wrong("no current-context", "clusters: [{name: c, cluster: " + HERE + "}]"),
        wrong("no context", "current-context: x\nclusters: [{name: c, cluster: " + HERE + "}]"),
        wrong(
            "no cluster c,",
            kubeconfig(HERE, "{}")
                .replace("  - name: c\n    cluster:", "  - name: d\n    cluster:")),
        wrong("no user u,", kubeconfig(HERE, "{}").replace("- name: u", "- name: v")),
        wrong("has no server", kubeconfig("{insecure-skip-tls-verify: true}", "{}")),
        wrong("is no address", kubeconfig("{server: 'https://127.0.0.1:99999'}", "{}")),
        wrong("is no address", kubeconfig("{server: 'https://127.0.0.1:0'}", "{}")),
        wrong("is no address", kubeconfig("{server: 'https://'}", "{}")),
        wrong("is no address", kubeconfig("{server: 'ftp://host'}", "{}")),
        wrong("is no address", kubeconfig("{server: 'https://a b'}", "{}")),
        wrong("is no address", kubeconfig("{server: '://'}", "{}")),
        wrong(
            "certificate-authority-data is no base64",
            kubeconfig(
                "{server: 'https://127.0.0.1:9', certificate-authority-data: '%%" + SECRET + "'}",
                "{}")),
        wrong(
            "certificate authority is",
            kubeconfig(
                "{server: 'https://127.0.0.1:9', certificate-authority-data: " + junk + "}", "{}")),
        wrong(
            "cannot be read from /no/such",
            kubeconfig("{server: 'https://127.0.0.1:9', certificate-authority: /no/such}", "{}")),
        wrong("not both", kubeconfig(HERE, "{client-key-data: " + junk + "}")),
        wrong("not both", kubeconfig(HERE, "{client-certificate-data: " + junk + "}")),
        wrong(
            "client certificate is",
            kubeconfig(
                HERE, "{client-certificate-data: " + junk + ", client-key-data: " + junk + "}")),
        wrong(
            "client-key cannot be read from",
            kubeconfig(HERE, "{client-key: ., client-certificate: .}")
                .replace("client-certificate: .", "client-certificate-data: " + junk)),
        wrong("token is empty", kubeconfig(HERE, "{token: \"" + SECRET + "\\nX: y\"}")),
        wrong("tokenFile cannot be read", kubeconfig(HERE, "{tokenFile: /no/such}")),
        wrong("tokenFile cannot be read", kubeconfig(HERE, "{tokenFile: \"a\\0b\"}")),
        wrong("auth-provider", kubeconfig(HERE, "{auth-provider: {name: oidc}}")),
        wrong("no command", kubeconfig(HERE, "{exec: {apiVersion: v1}}")),
        wrong("no command", kubeconfig(HERE, "{exec: {command: ''}}")),
        wrong(
            "cannot run",
            kubeconfig(HERE, "{exec: {command: /no/such, installHint: 'install it'}}")),
        wrong("cannot run", kubeconfig(HERE, "{exec: {command: no-such-program-anywhere}}")),
        wrong("cannot run", kubeconfig(HERE, "{exec: {command: sh, args: [\"a\\0b\"]}}")),
        wrong("ended with code 3: because", exec("echo because >&2; exit 3")),
        wrong("no ExecCredential", exec("echo " + SECRET)),
        wrong("no ExecCredential", exec("true")),
        wrong("no ExecCredential", exec("echo null")),
        wrong("no ExecCredential", exec("echo \"{}\"")),
        wrong("no ExecCredential", exec("head -c 100000 /dev/urandom")),
        wrong("did not end within 2 s", exec("sleep 600")),
        wrong("did not end within 2 s", exec("yes")),
        wrong(
            "proxy-url",
            kubeconfig(
                "{server: 'https://127.0.0.1:9', proxy-url: 'http://u:" + SECRET + "@:x'}", "{}")),
        wrong(
            "proxy-url",
            kubeconfig("{server: 'https://127.0.0.1:9', proxy-url: 'socks5://h:1'}", "{}")),
        wrong(
            "proxy-url",
            kubeconfig("{server: 'https://127.0.0.1:9', proxy-url: 'http://h:99999'}", "{}")));
  }

  private static String exec(String script) {
    return kubeconfig(HERE, "{exec: {command: sh, args: [-c, '%s']}}".formatted(script));
  }

  private static Arguments wrong(String words, String text) {
    return Arguments.of(words, text);
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void aKubeconfigThatCannotBeUsedSaysWhy(String words, String text) throws IOException {
    var run = run(file(text), Map.of());

    run.assertInWords(text);
    var said = (run.err() + run.out()).replaceAll("\\s+", " ");
    assertEquals(words.startsWith("did not") ? ExitCode.INCOMPLETE : ExitCode.USAGE, run.code());
    assertTrue(said.contains(words), said);
  }

  @ParameterizedTest
  @CsvSource({
    "HTTPS_PROXY, http://:x",
    "HTTPS_PROXY, http://h:99999",
    "https_proxy, socks5://127.0.0.1:9",
    "HTTPS_PROXY, a b"
  })
  void aProxyThatIsNoneIsNamed(String variable, String value) throws IOException {
    var run =
        run(file(kubeconfig("{server: 'https://192.0.2.1:9'}", "{}")), Map.of(variable, value));

    run.assertInWords(value);
    assertEquals(ExitCode.USAGE, run.code());
    assertTrue(run.err().contains("HTTPS_PROXY"), run.err());
  }

  @Test
  void aFolderALoopAndAFileThatMayNotBeReadAreNamed() throws IOException {
    var loop = folder.resolve("loop");
    Files.deleteIfExists(loop);
    Files.createSymbolicLink(loop, loop);

    for (var path : new Path[] {folder, loop, folder.resolve("missing")}) {
      var run = run(path, Map.of());
      run.assertInWords(path.toString());
      assertEquals(ExitCode.USAGE, run.code());
      assertTrue(run.err().contains(path.toString()), run.err());
    }
  }

  static IntStream seeds() {
    return IntStream.range(0, COUNT);
  }

  /** The API server of the unbroken one answers; of a broken one it may, too. */
  @ParameterizedTest
  @MethodSource("seeds")
  void aBrokenKubeconfigEndsInWords(int seed) throws Exception {
    Files.writeString(folder.resolve("manifests.yaml"), "");
    var good = Files.readString(folder.resolve("kubeconfig"));
    var text = Mutations.of(good.replaceAll("(?<=[{,]) ?", "\n      "), seed);
    if (seed % 4 == 0) {
      var random = new Random(seed);
      var bytes = new StringBuilder(good);
      for (int i = 0; i < 3; i++) {
        bytes.setCharAt(random.nextInt(bytes.length()), (char) random.nextInt(1, 127));
      }
      text = bytes.toString();
    }

    var run = run(file(text), Map.of());

    assertTrue(run.code() != ExitCode.INTERNAL, run + "\n" + text);
    if (run.code() == ExitCode.USAGE) {
      run.assertInWords(text);
    }
  }
}
