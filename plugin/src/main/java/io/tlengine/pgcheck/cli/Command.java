package io.tlengine.pgcheck.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** A subcommand: its arguments, described without reflection, and what it does. */
interface Command {

  CommandSpec spec();

  /**
   * The command line that picocli gets to see, for commands that also take Helm's flags.
   *
   * @param line the words behind the subcommand
   */
  default List<String> ownArguments(List<String> line) {
    return line;
  }

  /**
   * @param parsed our own arguments
   * @param line all words behind the subcommand
   */
  ExitCode run(ParseResult parsed, List<String> line, Terminal terminal)
      throws InterruptedException;
}
