package io.tlengine.pgcheck.scenario.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.tlengine.pgcheck.fact.OldData.Directory;
import io.tlengine.pgcheck.fact.OldData.Look;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OldClaimAnswerTest {

  @TempDir Path folder;

  private static Pod ended(int code, String message) {
    return new PodBuilder()
        .withNewStatus()
        .withPhase(code == 0 ? "Succeeded" : "Failed")
        .addNewContainerStatus()
        .withNewState()
        .withNewTerminated()
        .withExitCode(code)
        .withMessage(message)
        .endTerminated()
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }

  private static Look read(int code, String message) {
    return OldClaimAnswer.read(ended(code, message));
  }

  private static String why(Look look) {
    return look instanceof Look.Unseen unseen ? unseen.why() : look.toString();
  }

  @Test
  void directoriesAndServersAreRead() {
    assertEquals(
        new Look.Seen(
            List.of(new Directory("", "9.6"), new Directory("my data/17/docker", "17")),
            List.of("secret", ""),
            List.of("16", "17")),
        read(
            0,
            """
            data 9.6 .
            data 17 ./my data/17/docker
            closed ./secret
            closed .
            server postgres (PostgreSQL) 16.9
            server postgres (PostgreSQL) 17.5 (Debian 17.5-1.pgdg12+1)
            image 18
            """));
  }

  @ParameterizedTest
  @CsvSource({
    "server postgres (PostgreSQL) 9.6.24,9.6",
    "server postgres (PostgreSQL) 18beta1,18",
    "server postgres (EnterpriseDB Advanced Server) 15.4.0,15",
    "image 15,15",
    "image 9.6,9.6"
  })
  void everyWayToWriteAVersionIsRead(String line, String major) {
    assertEquals(new Look.Seen(List.of(), List.of(), List.of(major)), read(0, line + "\n"));
  }

  @Test
  void anImageThatTellsNothingHasNoServer() {
    assertEquals(new Look.Seen(List.of(), List.of(), List.of()), read(0, "image \n"));
  }

  @Test
  void whoCouldNotLookSaysWhy() {
    assertTrue(
        why(read(128, "exec: \"sh\": executable file not found in $PATH")).contains("no shell"));
    assertEquals("sh: cannot read", why(read(1, "first\nsh: cannot read\n")));
    assertEquals("exit code 3", why(read(3, "")));
    assertTrue(
        why(OldClaimAnswer.read(
                new PodBuilder()
                    .withNewStatus()
                    .withPhase("Pending")
                    .addNewContainerStatus()
                    .withNewState()
                    .withNewWaiting("not there", "ImagePullBackOff")
                    .endState()
                    .endContainerStatus()
                    .endStatus()
                    .build()))
            .contains("did not begin: ImagePullBackOff: not there"));
  }

  /** The script itself, by this machine's sh, in a volume made of folders. */
  private Look look(Map<String, String> variables) throws IOException, InterruptedException {
    var said = Files.createTempFile("pgcheck", ".log");
    try (var in = getClass().getResourceAsStream("/probe/old.sh")) {
      var script =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .replace("/dev/termination-log", said.toString())
              .replace("/usr/lib/postgresql", folder.resolve("no").toString());
      var builder = new ProcessBuilder("/bin/sh", "-c", script).directory(folder.toFile());
      builder.environment().put("PATH", folder.resolve("bin").toString());
      builder.environment().putAll(variables);
      int code = builder.start().waitFor();
      return read(code, Files.readString(said));
    } finally {
      Files.delete(said);
    }
  }

  private void data(String path, String major) throws IOException {
    Files.createDirectories(folder.resolve(path, "global"));
    Files.writeString(folder.resolve(path, "PG_VERSION"), major);
  }

  @Test
  void theScriptFindsDataDirectoriesToASmallDepthAndAsksTheServer() throws Exception {
    data("pgdata", "17\n");
    data("pgdata/base/inner", "1");
    data("a b/17/docker", "9.6");
    data("one/two/three/four", "15");
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("pgdata"));
    var server = Files.createDirectories(folder.resolve("bin")).resolve("postgres");
    Files.writeString(server, "#!/bin/sh\necho 'postgres (PostgreSQL) 17.5'\n");
    Files.setPosixFilePermissions(server, PosixFilePermissions.fromString("rwx------"));

    assertEquals(
        new Look.Seen(
            List.of(new Directory("a b/17/docker", "9.6"), new Directory("pgdata", "17")),
            List.of(),
            List.of("17")),
        look(Map.of("PG_MAJOR", "18")));
  }

  @Test
  void theScriptTakesTheImagesWordWhereItHasNoServer() throws Exception {
    data(".", "17\n");

    assertEquals(
        new Look.Seen(List.of(new Directory("", "17")), List.of(), List.of("16")),
        look(Map.of("PG_MAJOR", "16")));
    assertEquals(
        new Look.Seen(List.of(new Directory("", "17")), List.of(), List.of()), look(Map.of()));
  }
}
