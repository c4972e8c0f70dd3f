package io.tlengine.pgcheck.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.gather.api.RehearsalApi;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The whole program against an API server of this JVM and a helm that prints what the test says:
 * arguments in; exit code, out and err out.
 */
final class RehearsedRun implements AutoCloseable {

  /** The run's own --timeout; a second more than that is no matter, a hang is. */
  private static final Duration LONGEST = Duration.ofSeconds(60);

  final RehearsalApi api;
  private final Path folder;

  RehearsedRun(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
    this.folder = folder;
    var keys = folder.resolve("api.p12");
    var line =
        "-genkeypair -alias api -keyalg EC -dname CN=rehearsal -ext san=ip:127.0.0.1 -validity 2"
            + " -storetype PKCS12 -storepass rehearsal -keystore";
    var words = new java.util.ArrayList<>(List.of(line.split(" ", -1)));
    words.addFirst(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    words.add(keys.toString());
    var log = new File(folder.toFile(), "keytool.log");
    var made = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log).start();
    assertEquals(0, made.waitFor(), () -> log + " says why");
    api = new RehearsalApi(keys);
    Files.writeString(folder.resolve("kubeconfig"), api.kubeconfig());
    var helm =
        Files.writeString(
            folder.resolve("helm"),
            """
            #!/bin/sh
            here=${0%/*}
            [ "$1" != "$(cat "$here/hangs")" ] || exec sleep 30
            [ "$1" != status ] || [ ! -s "$here/release" ] || exec cat "$here/release"
            case $1 in
              status | get) cat "$here/status" >&2; exit 1 ;;
              version) echo v4.0.0 ;;
              *) exec cat "$here/manifests.yaml" ;;
            esac
            """);
    assertTrue(helm.toFile().setExecutable(true));
    helmSaysOfTheRelease("release: not found");
    helmKnowsTheRelease("");
    helmHangsAt("");
  }

  /** From now on it is there, with this status; empty for none. */
  void helmKnowsTheRelease(String status) throws IOException {
    var json = "{\"version\":2,\"info\":{\"status\":\"" + status + "\"}}";
    Files.writeString(folder.resolve("release"), status.isEmpty() ? "" : json);
  }

  /** This command of it does not end, from now on. */
  void helmHangsAt(String command) throws IOException {
    Files.writeString(folder.resolve("hangs"), command);
  }

  /** In place of a status, from now on. */
  void helmSaysOfTheRelease(String error) throws IOException {
    Files.writeString(folder.resolve("status"), "Error: " + error + "\n");
  }

  /** What a preflight says when the chart renders to this. */
  ProgramRun ofManifests(byte[] manifests) throws IOException {
    Files.write(folder.resolve("manifests.yaml"), manifests);
    return of(Map.of(), "preflight", "tl", "chart", "--timeout", "2s");
  }

  /**
   * @param environment in place of Helm's own, or more than it
   */
  ProgramRun of(Map<String, String> environment, String... line) {
    var variables = new HashMap<String, String>();
    variables.put("KUBECONFIG", folder.resolve("kubeconfig").toString());
    variables.put("HELM_BIN", folder.resolve("helm").toString());
    variables.putAll(environment);
    return assertTimeoutPreemptively(LONGEST, () -> ProgramRun.of(variables, line));
  }

  @Override
  public void close() {
    api.close();
  }
}
