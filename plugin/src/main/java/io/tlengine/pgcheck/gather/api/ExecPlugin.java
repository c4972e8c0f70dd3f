package io.tlengine.pgcheck.gather.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ExecConfig;
import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.gather.failure.GatherException.Kind;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * A program that a kubeconfig names for the login (client.authentication.k8s.io), called as kubectl
 * calls it, but never for longer than it may take.
 */
final class ExecPlugin {

  private final ExecConfig config;
  private final Path kubeconfig;
  private final Duration timeout;

  /**
   * @param kubeconfig a relative command is looked for beside it
   */
  ExecPlugin(ExecConfig config, Path kubeconfig, Duration timeout) {
    this.config = config;
    this.kubeconfig = kubeconfig;
    this.timeout = timeout;
  }

  /**
   * What the program answered.
   *
   * @param certificate in PEM form, together with its key
   * @param expires empty: it holds for the whole run
   */
  record Credential(
      Optional<String> token,
      Optional<String> certificate,
      Optional<String> key,
      Optional<Instant> expires) {}

  /**
   * @throws GatherException USAGE, with the program's words, when it gives no credential;
   *     OUT_OF_REACH when it does not end
   */
  Credential ask() {
    var words = new ArrayList<String>();
    var command = Optional.ofNullable(config.getCommand()).orElse("");
    if (command.isBlank() || command.indexOf('\0') >= 0) {
      throw refused("the kubeconfig's exec plugin has no command");
    }
    words.add(
        command.contains(File.separator)
            ? kubeconfig.toAbsolutePath().resolveSibling(command).toString()
            : command);
    words.addAll(Optional.ofNullable(config.getArgs()).orElse(List.of()));
    var builder = new ProcessBuilder(words);
    builder
        .environment()
        .put(
            "KUBERNETES_EXEC_INFO",
            new ObjectMapper()
                .createObjectNode()
                .put("apiVersion", Optional.ofNullable(config.getApiVersion()).orElse(""))
                .put("kind", "ExecCredential")
                .set("spec", new ObjectMapper().createObjectNode().put("interactive", false))
                .toString());
    for (var variable : Optional.ofNullable(config.getEnv()).orElse(List.of())) {
      if (variable.getName() != null && variable.getValue() != null) {
        builder.environment().put(variable.getName(), variable.getValue());
      }
    }
    return credential(command, run(command, builder));
  }

  private String run(String command, ProcessBuilder builder) {
    Process process;
    try {
      process = builder.start();
    } catch (IOException | IllegalArgumentException e) {
      throw refused(
          "cannot run the kubeconfig's exec plugin "
              + command
              + Optional.ofNullable(config.getInstallHint())
                  .filter(h -> !h.isBlank())
                  .map(h -> ": " + h.lines().findFirst().orElse("").strip())
                  .orElse(""));
    }
    try {
      process.getOutputStream().close();
      var out = read(process.getInputStream());
      var err = read(process.getErrorStream());
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new GatherException(
            Kind.OUT_OF_REACH,
            "the kubeconfig's exec plugin "
                + command
                + " did not end within "
                + timeout.toSeconds()
                + " s",
            "log in by hand first");
      }
      if (process.exitValue() != 0) {
        throw refused(
            "the kubeconfig's exec plugin "
                + command
                + " ended with code "
                + process.exitValue()
                + err.get()
                    .lines()
                    .filter(l -> !l.isBlank())
                    .findFirst()
                    .map(l -> ": " + l.strip())
                    .orElse(""));
      }
      return out.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GatherException(Kind.OUT_OF_REACH, "interrupted");
    } catch (ExecutionException | IOException | java.util.concurrent.TimeoutException e) {
      throw refused("the kubeconfig's exec plugin " + command + " gave no answer");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static FutureTask<String> read(InputStream from) {
    var task =
        new FutureTask<>(
            () -> {
              try (from) {
                return new String(from.readAllBytes(), StandardCharsets.UTF_8);
              }
            });
    Thread.ofVirtual().start(task);
    return task;
  }

  private static Credential credential(String command, String answer) {
    JsonNode status;
    try {
      status =
          Optional.ofNullable(new ObjectMapper().readTree(answer))
              .map(a -> a.path("status"))
              .orElseThrow(() -> none(command));
    } catch (JsonProcessingException e) {
      // Its text may be the secret itself, so it is not shown.
      throw none(command);
    }
    var token = text(status, "token");
    var certificate = text(status, "clientCertificateData");
    var key = text(status, "clientKeyData");
    if (token.isEmpty() && (certificate.isEmpty() || key.isEmpty())) {
      throw none(command);
    }
    return new Credential(token, certificate, key, time(status));
  }

  private static Optional<Instant> time(JsonNode status) {
    try {
      return text(status, "expirationTimestamp").map(Instant::parse);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> text(JsonNode status, String name) {
    return Optional.of(status.path(name).asText("")).filter(t -> !t.isBlank());
  }

  private static GatherException none(String command) {
    return refused(
        "the kubeconfig's exec plugin "
            + command
            + " answered with no ExecCredential that holds a token or a certificate");
  }

  private static GatherException refused(String what) {
    return new GatherException(Kind.USAGE, what + "; try: kubectl version");
  }
}
