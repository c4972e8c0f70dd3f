package io.tlengine.pgcheck.gather.helm;

import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.gather.failure.GatherException.Kind;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Calls the helm that called us. Namespace, context and kubeconfig reach it by the environment. */
public final class Helm {

  private final HelmEnvironment environment;

  public Helm(HelmEnvironment environment) {
    this.environment = environment;
  }

  /**
   * How a call ended.
   *
   * @param err stderr, which holds Helm's message when the code is not 0
   */
  public record Result(int code, String out, String err) {

    /** Helm's message, shortened to its cause: without "Error:", its log and usage hints. */
    public String cause() {
      return HelmWords.cause(err).orElse("helm ended with code " + code);
    }
  }

  /** Whether there is one: pgcheck's image has none, and a Job goes by labels instead. */
  public boolean there() {
    var binary = Path.of(environment.helmBinary());
    return binary.getNameCount() > 1
        ? Files.isExecutable(binary)
        : environment.nonEmpty("PATH").map(path -> path.split(File.pathSeparator, -1)).stream()
            .flatMap(Arrays::stream)
            .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(binary)));
  }

  /**
   * Runs helm with these arguments.
   *
   * @param input what it reads from its standard input, for {@code -f -}
   * @throws GatherException USAGE when there is no helm
   */
  public Result run(List<String> arguments, InputStream input, Duration timeout) {
    var command = new ArrayList<String>();
    command.add(environment.helmBinary());
    command.addAll(arguments);
    var builder = new ProcessBuilder(command);
    // With HELM_DEBUG Helm prints what it computed, values included, into the output we parse.
    builder.environment().put("HELM_DEBUG", "false");
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new GatherException(
          Kind.USAGE,
          "cannot run "
              + environment.helmBinary()
              + ": no such program; call this as helm pgcheck, or put helm on PATH");
    }
    var out = read(process.getInputStream());
    var err = read(process.getErrorStream());
    try {
      feed(process, input);
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new GatherException(
            Kind.OUT_OF_REACH,
            "helm " + arguments.getFirst() + " did not end within " + timeout.toSeconds() + " s",
            "give it more time with --timeout");
      }
      return new Result(process.exitValue(), out.get(), err.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GatherException(Kind.OUT_OF_REACH, "interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      process.destroy();
    }
  }

  private static void feed(Process process, InputStream input) {
    try (var to = process.getOutputStream()) {
      input.transferTo(to);
    } catch (IOException e) {
      // Helm ended without reading: its exit code and message say why.
    }
  }

  private static FutureTask<String> read(InputStream from) {
    var task =
        new FutureTask<>(
            () -> {
              try (from) {
                return new String(from.readAllBytes(), StandardCharsets.UTF_8);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    Thread.ofVirtual().start(task);
    return task;
  }
}
