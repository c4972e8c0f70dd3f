package io.tlengine.pgcheck.fact;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the user is going to install, so that a remedy can be pasted.
 *
 * @param flags Helm's flags with their values, without those that may hold secrets
 * @param complete no flag had to be left out
 */
public record InstallCommand(
    String release, String namespace, String chart, List<String> flags, boolean complete) {

  public InstallCommand {
    flags = List.copyOf(flags);
  }

  /** The same arguments and more for another command of pgcheck, as a shell takes them. */
  public String as(String command, List<String> more) {
    return Stream.of(
                List.of("helm", "pgcheck", command, release, chart, "-n", namespace), flags, more)
            .flatMap(List::stream)
            .map(InstallCommand::quoted)
            .collect(Collectors.joining(" "))
        + (complete ? "" : " (and your other --set flags)");
  }

  /** As kubectl takes it, with a space before it. */
  public String inNamespace() {
    return " -n " + namespace;
  }

  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9@%+=:,./_-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
