package io.tlengine.pgcheck.cli;

import io.tlengine.pgcheck.gather.helm.HelmEnvironment;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Says what is going to be changed, and asks. */
final class Consent {

  private final Terminal terminal;

  Consent(Terminal terminal) {
    this.terminal = terminal;
  }

  /**
   * @param changes what is changed; where nothing is, nobody is asked
   * @param yes the user has agreed on the command line
   * @throws UsageException when the user does not agree, or cannot be asked
   */
  void ask(String release, HelmEnvironment environment, List<String> changes, boolean yes) {
    if (changes.isEmpty()) {
      return;
    }
    var err = terminal.err();
    err.println("This is going to change " + release + " in " + environment.namespace() + ":");
    changes.forEach(change -> err.println("  - " + change));
    err.println("  - put everything back as it was");
    err.flush();
    if (yes) {
      return;
    }
    if (!terminal.interactive()) {
      throw new UsageException("nobody can be asked here; if you agree, add --yes");
    }
    err.print("Go on? [y/N] ");
    err.flush();
    try {
      var answer =
          new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8))
              .readLine();
      if (answer == null || !answer.strip().toLowerCase(Locale.ROOT).startsWith("y")) {
        throw new UsageException("nothing was changed");
      }
    } catch (IOException e) {
      throw new UsageException("the answer could not be read, so nothing was changed");
    }
  }
}
