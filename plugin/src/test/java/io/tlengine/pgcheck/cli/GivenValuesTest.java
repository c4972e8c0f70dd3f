package io.tlengine.pgcheck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.gather.helm.HelmEnvironment;
import io.tlengine.pgcheck.plan.SecretRecipe;
import io.tlengine.pgcheck.plan.SecretRecipe.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class GivenValuesTest {

  private static final String URL = "postgresql://app:S3cret@db/engine";
  private static final SecretRecipe ONE =
      new SecretRecipe("pg", Map.of("DATABASE_URL", new Part.FromOutside(true)));
  private static final SecretRecipe TWO =
      new SecretRecipe(
          "pg",
          Map.of(
              "DATABASE_URL", new Part.FromOutside(true),
              "LICENCE", new Part.FromOutside(false),
              "password", new Part.NewPassword()));

  @TempDir Path folder;

  private static Map<String, String> read(SecretRecipe recipe, String... words) {
    var environment =
        new HelmEnvironment(Map.of("NEON", URL, "OTHER", "text", "EMPTY", "", "WRONG", "S3cret"));
    var line = new ArrayList<>(List.of("tl", "chart"));
    line.addAll(Arrays.asList(words));
    var parsed =
        new CommandLine(new SecretCommand(environment).spec())
            .parseArgs(line.toArray(String[]::new));
    return GivenValues.read(parsed, environment, List.of(recipe));
  }

  @Test
  void theOnlyKeyNeedsNoName() throws IOException {
    var file = Files.writeString(folder.resolve("a=b.txt"), URL + "\n");

    assertEquals(Map.of("DATABASE_URL", URL), read(ONE, "--from-env", "NEON"));
    assertEquals(Map.of("DATABASE_URL", URL), read(ONE, "--from-file", file.toString()));
  }

  @Test
  void severalKeysAreNamed() {
    assertEquals(
        Map.of("DATABASE_URL", URL, "LICENCE", "text", "password", "text"),
        read(
            TWO,
            "--from-env",
            "DATABASE_URL=NEON",
            "--from-env=LICENCE=OTHER",
            "--from-env",
            "password=OTHER"));
  }

  @Test
  void whatCannotBeUsedIsNamedAndNeverShown() throws IOException {
    var lines = Files.writeString(folder.resolve("lines"), "S3cret\nS3cret\n").toString();
    var bytes = Files.write(folder.resolve("bytes"), new byte[] {(byte) 0xff, 0}).toString();
    var empty = Files.writeString(folder.resolve("empty"), "\n").toString();
    refused(ONE, "ABSENT, which is not set or empty", "--from-env", "ABSENT");
    refused(ONE, "EMPTY, which is not set or empty", "--from-env", "EMPTY");
    refused(ONE, "no database URL: the URL does not begin with", "--from-env", "WRONG");
    refused(ONE, "more than one line", "--from-file", lines);
    refused(ONE, "no text in UTF-8", "--from-file", bytes);
    refused(ONE, "there is nothing in", "--from-file", empty);
    refused(ONE, "does not exist", "--from-file", folder.resolve("absent").toString());
    refused(ONE, "may not be read", "--from-file", folder.toString());
    refused(ONE, "given twice", "--from-env", "NEON", "--from-env", "DATABASE_URL=NEON");
    refused(TWO, "does not say which key; wanted: KEY=NEON", "--from-env", "NEON");
    refused(TWO, "[DATABASE_URL, LICENCE, password]", "--from-env", "NOKEY=NEON");
  }

  private static void refused(SecretRecipe recipe, String why, String... words) {
    var refusal = assertThrows(UsageException.class, () -> read(recipe, words));
    assertTrue(refusal.getMessage().contains(why), refusal.getMessage());
    assertFalse(refusal.getMessage().contains("S3cret"), refusal.getMessage());
  }
}
