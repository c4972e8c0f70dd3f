package io.tlengine.pgcheck.cli;

import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.helm.Helm;
import io.tlengine.pgcheck.gather.helm.HelmArguments;
import io.tlengine.pgcheck.gather.helm.HelmEnvironment;
import io.tlengine.pgcheck.gather.release.ReleasePlan;
import io.tlengine.pgcheck.plan.SecretRecipe;
import io.tlengine.pgcheck.scenario.SecretMaker;
import io.tlengine.pgcheck.scenario.SecretMaker.Made;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code secret RELEASE CHART [helm flags]}: makes the Secret that the release reads. */
final class SecretCommand implements Command {

  private static final String DRY_RUN = "--dry-run";
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

  private final HelmEnvironment environment;

  SecretCommand(HelmEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public CommandSpec spec() {
    var spec = CommandSpec.create().name("secret");
    spec.usageMessage()
        .customSynopsis("helm pgcheck secret RELEASE CHART [OPTIONS] [FLAGS OF helm install]%n")
        .description(
            "Makes the Secret that RELEASE is going to read, when it or one of its keys is missing:"
                + " passwords are new and random, URLs of the release's own database are composed"
                + " and encoded, what only you know comes from a file or a variable.",
            "",
            "What is there is never changed, and no value is printed. The Secret is not part of the"
                + " release: helm leaves it alone. With --create-namespace its namespace is made,"
                + " too, as by helm install.")
        .footer(
            "",
            "Examples:",
            "  helm pgcheck secret tl charts/tl-engine -f values/statefulset.yaml",
            "  helm pgcheck secret tl charts/tl-engine -f values/external.yaml --from-env NEON_URL",
            "  helm pgcheck secret tl charts/tl-engine -f values/neon.yaml \\",
            "      --from-file DATABASE_URL=./pooled.txt --from-file"
                + " DATABASE_URL_DIRECT=./direct.txt");
    ReleaseAndChart.addTo(spec, true);
    spec.addOption(
        OptionSpec.builder(GivenValues.FROM_ENV)
            .paramLabel("[KEY=]VARIABLE")
            .type(String[].class)
            .arity("1")
            .description("the value of a key is in this environment variable")
            .build());
    spec.addOption(
        OptionSpec.builder(GivenValues.FROM_FILE)
            .paramLabel("[KEY=]FILE")
            .type(String[].class)
            .arity("1")
            .description("the value of a key is in this file; a line break at its end is left out")
            .build());
    DatabaseOptions.addTo(spec);
    spec.addOption(
        OptionSpec.builder(DRY_RUN)
            .description("say what would be made, and make nothing")
            .build());
    spec.addOption(
        OptionSpec.builder("--timeout")
            .paramLabel("TIME")
            .type(String.class)
            .defaultValue("1m")
            .description("for the whole run (default: 1m)")
            .build());
    return spec;
  }

  /** Helm has a --dry-run, too, with and without a value; here it is ours. */
  @Override
  public List<String> ownArguments(List<String> line) {
    var ours = new ArrayList<>(HelmArguments.split(line).ours());
    if (dryRun(line)) {
      ours.add(DRY_RUN);
    }
    return ours;
  }

  private static boolean dryRun(List<String> line) {
    return line.stream()
        .takeWhile(w -> !w.equals("--"))
        .anyMatch(w -> w.equals(DRY_RUN) || w.startsWith(DRY_RUN + "="));
  }

  @Override
  public ExitCode run(ParseResult parsed, List<String> line, Terminal terminal) {
    var timeout = Durations.parse("--timeout", parsed.matchedOptionValue("--timeout", "1m"));
    var arguments = ReleaseAndChart.from(parsed, HelmArguments.split(line));
    boolean dryRun = dryRun(line);
    var hints = DatabaseOptions.from(parsed);
    try (var cluster = Cluster.connect(environment, Durations.shorter(REQUEST_TIMEOUT, timeout))) {
      var plan =
          ReleasePlan.of(
              new Helm(environment),
              cluster,
              environment.namespace(),
              arguments,
              hints,
              terminal.in(),
              timeout);
      var recipes = SecretRecipe.of(plan.plan());
      var given = GivenValues.read(parsed, environment, recipes);
      if (recipes.isEmpty()) {
        terminal.out().println("this release reads no Secret that it does not bring itself");
      }
      var maker =
          new SecretMaker(
              cluster,
              environment.namespace(),
              arguments.release(),
              plan,
              arguments.apply().createNamespace());
      for (var recipe : recipes) {
        say(maker.make(recipe, given, dryRun), dryRun, terminal);
      }
      if (maker.madeNamespace()) {
        terminal.out().println("Namespace/" + environment.namespace() + ": made");
      }
    } catch (ScenarioException e) {
      throw e.ending();
    }
    terminal.out().flush();
    return ExitCode.CLEAN;
  }

  private void say(Made made, boolean dryRun, Terminal terminal) {
    var name = "Secret/" + made.secret() + " in " + environment.namespace();
    if (made.added().isEmpty()) {
      terminal.out().println(name + ": nothing is missing, nothing was changed");
      return;
    }
    terminal
        .out()
        .println(
            name
                + (made.exists()
                    ? (dryRun ? ": would be completed" : ": completed")
                    : (dryRun ? ": would be made" : ": made")));
    made.added().forEach((key, how) -> terminal.out().println("  " + key + ": " + how));
    made.kept().forEach(key -> terminal.out().println("  " + key + ": kept as it is"));
  }
}
