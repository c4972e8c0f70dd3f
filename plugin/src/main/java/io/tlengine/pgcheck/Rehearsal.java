package io.tlengine.pgcheck;

import io.tlengine.pgcheck.cli.Pgcheck;
import io.tlengine.pgcheck.cli.Terminal;
import io.tlengine.pgcheck.gather.api.RehearsalApi;
import io.tlengine.pgcheck.gather.helm.HelmEnvironment;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Runs a preflight that changes and prints nothing, so that the JVM sees which classes a run takes
 * and keeps them in its cache (JEP 514). bin/class-cache starts it.
 */
public final class Rehearsal {

  private static final String MANIFESTS = "/rehearsal.yaml";

  private Rehearsal() {}

  /**
   * @param arguments a folder for itself, with the key store api.p12 and a helm that prints
   *     manifests.yaml
   */
  public static void main(String[] arguments) throws Exception {
    var folder = Path.of(arguments[0]);
    try (var manifests =
        Objects.requireNonNull(Rehearsal.class.getResourceAsStream(MANIFESTS), MANIFESTS)) {
      Files.copy(manifests, folder.resolve("manifests.yaml"));
    }
    var quiet = new PrintWriter(Writer.nullWriter());
    var terminal = new Terminal(InputStream.nullInputStream(), quiet, quiet, false, false, false);
    try (var api = new RehearsalApi(folder.resolve("api.p12"))) {
      var url = api.databaseUrl().getBytes(StandardCharsets.UTF_8);
      api.hold(Map.of("DATABASE_URL", Base64.getEncoder().encodeToString(url)));
      var kubeconfig = Files.writeString(folder.resolve("kubeconfig"), api.kubeconfig());
      var environment =
          new HelmEnvironment(
              Map.of(
                  "KUBECONFIG",
                  kubeconfig.toString(),
                  "HELM_BIN",
                  folder.resolve("helm").toString()));
      new Pgcheck(environment, "rehearsal", terminal)
          .run(List.of("preflight", "rehearsal", "chart", "--timeout", "3s"));
    }
  }
}
