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
            .map(ShellWord::quoted)
            .collect(Collectors.joining(" "))
        + rest();
  }

  /** Behind a command when flags had to be left out: a comment to the shell. */
  public String rest() {
    return complete ? "" : " # and your other --set flags";
  }

  /** Helm's own rendering with these arguments. */
  public String template() {
    return Stream.concat(
            Stream.of("helm", "template", release, chart, "-n", namespace), flags.stream())
        .map(ShellWord::quoted)
        .collect(Collectors.joining(" "));
  }

  /** As kubectl and helm take it, with a space before it. */
  public String inNamespace() {
    return " -n " + namespace;
  }
}
