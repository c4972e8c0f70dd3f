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

  /** Helm's own flag of an upgrade; its rendering knows none. */
  public static final String REUSE_VALUES = "--reuse-values";

  public InstallCommand {
    flags = List.copyOf(flags);
  }

  /** The same arguments and more for another command of pgcheck, as a shell takes them. */
  public String as(String command, List<String> more) {
    return rest()
        + shell(
            Stream.of(
                    List.of("helm", "pgcheck", command, release, chart, "-n", namespace),
                    flags,
                    more)
                .flatMap(List::stream));
  }

  /**
   * Before a command when flags had to be left out: behind it, even a comment would be words of it
   * to zsh.
   */
  public String rest() {
    return complete ? "" : "with your other flags: ";
  }

  /** Helm's own rendering with these arguments. */
  public String template() {
    var template = Stream.of("helm", "template", release, chart, "-n", namespace);
    if (!flags.contains(REUSE_VALUES)) {
      return shell(Stream.concat(template, flags.stream()));
    }
    // The release's own values come first, as in an upgrade.
    var others = flags.stream().filter(flag -> !flag.equals(REUSE_VALUES));
    return shell(Stream.of("helm", "get", "values", release, "-n", namespace, "-o", "yaml"))
        + " | "
        + shell(Stream.of(template, Stream.of("-f", "-"), others).flatMap(words -> words));
  }

  private static String shell(Stream<String> words) {
    return words.map(ShellWord::quoted).collect(Collectors.joining(" "));
  }

  /** As kubectl and helm take it, with a space before it. */
  public String inNamespace() {
    return " -n " + namespace;
  }
}
