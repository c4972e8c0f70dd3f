package io.tlengine.pgcheck.cli;

import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.gather.helm.HelmEnvironment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** The whole program, but for the process around it: arguments in, exit code out. */
public final class Pgcheck {

  private static final int HELP_WIDTH = 100;

  /** Kubernetes: names of namespaces (DNS label, RFC 1123). */
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  private final HelmEnvironment environment;
  private final String version;
  private final Terminal terminal;

  public Pgcheck(HelmEnvironment environment, String version, Terminal terminal) {
    this.environment = environment;
    this.version = version;
    this.terminal = terminal;
  }

  /** Runs one command line; what goes wrong ends in one line on standard error. */
  public ExitCode run(List<String> line) {
    try {
      return dispatch(line);
    } catch (UsageException e) {
      return complain(e.getMessage(), ExitCode.USAGE);
    } catch (ParameterException e) {
      return complain(
          parseMessage(e)
              + "; helm pgcheck "
              + (e.getCommandLine().getParent() == null
                  ? ""
                  : e.getCommandLine().getCommandName() + " ")
              + "--help shows what it takes",
          ExitCode.USAGE);
    } catch (GatherException e) {
      return complain(
          e.getMessage(),
          switch (e.kind()) {
            case USAGE -> ExitCode.USAGE;
            case OUT_OF_REACH -> ExitCode.INCOMPLETE;
          });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return complain(
          "interrupted; the last step above says what became of the changes", ExitCode.INCOMPLETE);
    } catch (RuntimeException e) {
      return complain(
          "internal error: "
              + Failure.of(e)
              + " ("
              + e.getClass().getSimpleName()
              + (e.getStackTrace().length > 0 ? " at " + e.getStackTrace()[0] : "")
              + "); please report it with the command line",
          ExitCode.INTERNAL);
    }
  }

  private ExitCode dispatch(List<String> line) throws InterruptedException {
    if (!line.isEmpty() && line.getFirst().equals("--version")) {
      terminal.out().println("pgcheck " + version);
      terminal.out().flush();
      return ExitCode.CLEAN;
    }
    var commands = commands();
    var root = root(commands);
    if (line.isEmpty() || line.getFirst().equals("help")) {
      var topic = line.size() > 1 ? root.getSubcommands().get(line.get(1)) : root;
      if (topic == null) {
        throw new UsageException(
            "there is no command " + line.get(1) + "; there are " + names(commands));
      }
      return help(topic);
    }
    var command = commands.get(line.getFirst());
    var words = new ArrayList<String>();
    if (command == null && !line.getFirst().startsWith("-")) {
      throw new UsageException(
          "there is no command " + line.getFirst() + "; there are " + names(commands));
    }
    if (command == null) {
      words.addAll(line);
    } else {
      words.add(line.getFirst());
      words.addAll(command.ownArguments(line.subList(1, line.size())));
    }
    if (words.contains("--help") || words.contains("-h")) {
      return help(root.getSubcommands().getOrDefault(words.getFirst(), root));
    }
    var parsed = root.parseArgs(words.toArray(String[]::new));
    if (command == null) {
      return help(root);
    }
    refuseNoNamespace();
    return command.run(parsed.subcommand(), line.subList(1, line.size()), terminal);
  }

  /**
   * Helm hands it on as it was given; the API server would refuse it much later, in each answer.
   */
  private void refuseNoNamespace() {
    var namespace = environment.namespace();
    if (!NAMESPACE.matcher(namespace).matches()) {
      throw new UsageException(
          "the namespace is "
              + namespace
              + "; wanted: a name of a-z, 0-9 and -, with a letter or digit at both ends, no longer"
              + " than 63 (RFC 1123 label)");
    }
  }

  /** Those for people. */
  private static String names(Map<String, Command> commands) {
    return String.join(
        ", ",
        commands.entrySet().stream()
            .filter(c -> !c.getValue().spec().usageMessage().hidden())
            .map(Map.Entry::getKey)
            .toList());
  }

  private Map<String, Command> commands() {
    var commands = new LinkedHashMap<String, Command>();
    commands.put("preflight", new PreflightCommand(environment, version));
    commands.put("persistence", new PersistenceCommand(environment, version));
    commands.put("secret", new SecretCommand(environment));
    commands.put("checks", new ChecksCommand());
    commands.put("look", new LookCommand(environment, version));
    return commands;
  }

  private CommandLine root(Map<String, Command> commands) {
    var spec = CommandSpec.create().name("helm pgcheck");
    spec.usageMessage()
        .description(
            "Checks an application's PostgreSQL on Kubernetes: before the install that it can work,"
                + " after it that the data stays.")
        .footer(exitCodes());
    spec.addOption(
        OptionSpec.builder("--version").description("print the version and stop").build());
    spec.addOption(helpOption());
    commands.forEach(
        (name, command) -> {
          var sub = command.spec();
          sub.addOption(helpOption());
          // In the order in which they are declared: what belongs together stands together.
          sub.usageMessage().width(HELP_WIDTH).sortOptions(false).parameterListHeading("%n");
          spec.addSubcommand(name, sub);
        });
    spec.usageMessage().width(HELP_WIDTH);
    return new CommandLine(spec);
  }

  private static OptionSpec helpOption() {
    return OptionSpec.builder("-h", "--help").description("print this help and stop").build();
  }

  private static String[] exitCodes() {
    var lines = new ArrayList<String>();
    lines.add("");
    lines.add("Namespace, context and kubeconfig are Helm's: -n, --kube-context, --kubeconfig.");
    lines.add("");
    lines.add("Exit codes:");
    for (var code : ExitCode.values()) {
      lines.add("  " + code.code() + "  " + code.meaning());
    }
    lines.add("");
    lines.add("helm pgcheck COMMAND --help shows a command's arguments and examples.");
    return lines.toArray(String[]::new);
  }

  private ExitCode help(CommandLine topic) {
    topic.usage(terminal.out(), terminal.colours() ? Ansi.ON : Ansi.OFF);
    terminal.out().flush();
    return ExitCode.CLEAN;
  }

  /** picocli's own words, on one line and without its class names. */
  private static String parseMessage(ParameterException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("wrong arguments");
  }

  private ExitCode complain(String message, ExitCode code) {
    terminal.err().println("pgcheck: " + message.replace('\n', ' '));
    terminal.err().flush();
    return code;
  }
}
