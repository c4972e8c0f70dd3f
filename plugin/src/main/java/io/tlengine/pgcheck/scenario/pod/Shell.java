package io.tlengine.pgcheck.scenario.pod;

import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Runs commands where the database's server runs. */
public interface Shell {

  /**
   * How a command ended.
   *
   * @param code its exit code
   */
  record Ran(int code, String out, String err) {}

  /**
   * @throws ScenarioException when no command can be run there, or it did not end in time
   * @throws InterruptedException when the program was told to end
   */
  Ran run(Duration timeout, List<String> command) throws ScenarioException, InterruptedException;

  /** A script of /sh, with its arguments. */
  default Ran script(Duration timeout, String name, String... arguments)
      throws ScenarioException, InterruptedException {
    var command = new java.util.ArrayList<>(List.of("sh", "-c", text(name), name));
    command.addAll(List.of(arguments));
    return run(timeout, command);
  }

  private static String text(String name) {
    try (var in = Shell.class.getResourceAsStream("/sh/" + name + ".sh")) {
      if (in == null) {
        throw new IllegalStateException("no script " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
