package io.tlengine.pgcheck.cli;

import io.tlengine.pgcheck.gather.PodLook;
import io.tlengine.pgcheck.gather.helm.HelmEnvironment;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code look}: what the pod of {@code preflight --from-cluster} runs; not for people. */
final class LookCommand implements Command {

  private final HelmEnvironment environment;
  private final String version;

  LookCommand(HelmEnvironment environment, String version) {
    this.environment = environment;
    this.version = version;
  }

  @Override
  public CommandSpec spec() {
    var spec = CommandSpec.create().name("look");
    spec.usageMessage()
        .hidden(true)
        .description("Looks from the pod that preflight --from-cluster makes, and answers it.");
    return spec;
  }

  @Override
  public ExitCode run(ParseResult parsed, List<String> line, Terminal terminal) {
    PodLook.run(environment.variables(), version).forEach(terminal.out()::println);
    terminal.out().flush();
    return ExitCode.CLEAN;
  }
}
