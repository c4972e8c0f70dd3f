package io.tlengine.pgcheck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.plan.BrokenUrls;
import io.tlengine.pgcheck.plan.Fixtures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets as people make them by mistake: a finding, and none of their values in it. */
class MalformedSecretsTest {

  private static final int COUNT = 200;

  /** Part of every value, and never to be seen. */
  private static final String SECRET = "geheim4711";

  private static final List<String> KEYS =
      List.of(
          "DATABASE_URL", "DATABASE_URL_DIRECT", "username", "password", "replication-password");

  private static final List<String> FORMS =
      List.of(
          "%s\n",
          "\r\n%s",
          "\"%s\"",
          "'%s'",
          "<%s>",
          "\0%s",
          "%s\u00e9\ud83d\ude00",
          "  %s  ",
          "\t",
          "",
          "postgresql://%s",
          "postgresql://app:%s@127.0.0.1:9/engine\n",
          "psql 'postgresql://a:%s@h/d'",
          "postgresql://app:%s@127.0.0.1:9/a?sslmode=never",
          "DATABASE_URL=postgresql://a:%s@127.0.0.1:9/b",
          "postgresql://app:%s@[::1/b",
          "jdbc:postgresql://127.0.0.1:9/b?password=%s",
          "{\"password\": \"%s\"}",
          "host=127.0.0.1 port=9 password=%s",
          "postgresql://app:%s@127.0.0.1:99999/b",
          "changeme%s",
          "${%s}",
          "cG9zdGdyZXM6%s",
          "postgresql://app:%s@127.0.0.1:9,127.0.0.2/b?target_session_attrs=maybe");

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

  static IntStream seeds() {
    return IntStream.range(0, COUNT);
  }

  private static Map<String, byte[]> broken(Random random) {
    var data = new HashMap<String, byte[]>();
    for (var key : KEYS) {
      int form = random.nextInt(FORMS.size() + 2);
      if (form < FORMS.size()) {
        data.put(key, FORMS.get(form).replace("%s", SECRET).getBytes(StandardCharsets.UTF_8));
      } else if (form == FORMS.size()) {
        var bytes = new byte[random.nextInt(1, 3000)];
        random.nextBytes(bytes);
        data.put(key, bytes);
      }
    }
    return data;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aBrokenSecretEndsInWords(int seed) throws IOException {
    var data = broken(new Random(seed));
    var held = new HashMap<String, String>(Map.of("unused", "eA=="));
    data.forEach((key, value) -> held.put(key, Base64.getEncoder().encodeToString(value)));
    program.api.hold(held);
    var names = List.of("our-statefulset", "our-external", "our-replicated");

    var run = program.ofManifests(bytes(names.get(seed % names.size())));

    run.assertInWords("seed " + seed);
    assertFalse((run.out() + run.err()).contains(SECRET), () -> seed + ": " + run);
  }

  /** The application's own URL, and the one for migrations, which is another broken one. */
  @ParameterizedTest
  @MethodSource("io.tlengine.pgcheck.plan.BrokenUrls#seeds")
  void aBrokenUrlEndsInWords(int seed) throws IOException {
    var url = BrokenUrls.of(seed);
    program.api.hold(
        Map.of(
            "DATABASE_URL",
            base64(url),
            "DATABASE_URL_DIRECT",
            base64(BrokenUrls.of(seed + 1000))));

    var run = program.ofManifests(bytes("our-external"));

    run.assertInWords(url);
    assertFalse((run.out() + run.err()).contains("geheim"), () -> url + ": " + run);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** No API server has such a Secret, but what stands before one may send anything. */
  @ParameterizedTest
  @ValueSource(strings = {"%%%", "a", "=", "geheim 4711", "\u0000", "geheim\n4711"})
  void dataThatIsNoBase64EndsInWords(String data) throws IOException {
    program.api.hold(Map.of("DATABASE_URL", data));

    program.ofManifests(bytes("our-external")).assertInWords(data);
  }

  /** The case that shows that the others mean something. */
  @ParameterizedTest
  @ValueSource(strings = "postgresql://app:" + SECRET + "@127.0.0.1:9/engine?sslmode=require")
  void aSoundSecretIsUsed(String url) throws IOException {
    var text = base64(url);
    program.api.hold(Map.of("DATABASE_URL", text, "DATABASE_URL_DIRECT", text));

    var run = program.ofManifests(bytes("our-external"));

    assertEquals(ExitCode.FINDINGS, run.code(), run::toString);
    assertTrue(run.out().contains("PGC-102") && run.out().contains("refused"), run::out);
  }

  private static byte[] bytes(String fixture) {
    return Fixtures.text(fixture).getBytes(StandardCharsets.UTF_8);
  }
}
