package io.tlengine.pgcheck.cli;

import io.tlengine.pgcheck.catalog.CheckCatalog;
import io.tlengine.pgcheck.check.CheckRunner;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.gather.Cluster;
import io.tlengine.pgcheck.gather.Helm;
import io.tlengine.pgcheck.gather.HelmEnvironment;
import io.tlengine.pgcheck.report.Report.Release;
import io.tlengine.pgcheck.report.ReportBuilder;
import io.tlengine.pgcheck.scenario.ReleaseDatabase;
import io.tlengine.pgcheck.scenario.ReleaseFinder;
import io.tlengine.pgcheck.scenario.Scenario;
import io.tlengine.pgcheck.scenario.ScenarioException;
import io.tlengine.pgcheck.scenario.Scenarios;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code persistence RELEASE}: changes a running release and compares what comes back. */
final class PersistenceCommand implements Command {

  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

  private final HelmEnvironment environment;
  private final String version;

  PersistenceCommand(HelmEnvironment environment, String version) {
    this.environment = environment;
    this.version = version;
  }

  @Override
  public CommandSpec spec() {
    var spec = CommandSpec.create().name("persistence");
    spec.usageMessage()
        .customSynopsis("helm pgcheck persistence RELEASE [OPTIONS]%n")
        .description(
            "Proves after an install that the data stays: writes rows, deletes the database's pod"
                + " (or, with an external database, the application's pods), reads the rows back"
                + " and compares them one by one.",
            "",
            "Works in a schema of its own, pgcheck_lab, which it drops at the end.")
        .footer(
            "",
            "Examples:",
            "  helm pgcheck persistence tl -n shop",
            "  helm pgcheck persistence tl --yes -o table -o html=persistence.html");
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .paramLabel("RELEASE")
            .type(String.class)
            .required(true)
            .description("a Helm release, or the value of app.kubernetes.io/instance")
            .build());
    spec.addOption(
        OptionSpec.builder("-y", "--yes")
            .type(boolean.class)
            .description("do not ask; needed where nobody can answer")
            .build());
    OutputOptions.addTo(spec, "5m");
    return spec;
  }

  @Override
  public ExitCode run(ParseResult parsed, List<String> line, Terminal terminal)
      throws InterruptedException {
    var started = Instant.now();
    var options = OutputOptions.from(parsed);
    String release = parsed.matchedPositional(0).getValue();
    var checks = options.choose(CheckCatalog.persistence());
    var facts = new Facts(started, Map.of());
    Set<FactKey<?>> wanted =
        checks.stream()
            // An accepted finding is not worth a deleted pod.
            .filter(c -> !options.ignored().containsKey(c.info().code()))
            .flatMap(c -> c.needs().stream())
            .collect(Collectors.toSet());
    var steps = new Steps(terminal.err());
    ReleaseDatabase database;
    try (var cluster = Cluster.connect(environment, REQUEST_TIMEOUT);
        var ending = new Ending(environment, terminal.err())) {
      database =
          new ReleaseFinder(new Helm(environment), cluster, environment.namespace())
              .find(release, options.timeout());
      facts = Scenarios.notApplicable(database, facts);
      var scenarios =
          Scenarios.of(database, cluster, environment.namespace(), steps).stream()
              .filter(s -> wanted.contains(s.brings()))
              .toList();
      if (!scenarios.isEmpty()) {
        agree(release, scenarios, parsed.hasMatchedOption("--yes"), terminal);
        ending.guard(Thread.currentThread());
        steps.begin();
      }
      for (var scenario : scenarios) {
        facts = with(facts, scenario, options.timeout());
      }
    } catch (ScenarioException e) {
      throw new UsageException(e.getMessage() + "; " + e.remedy());
    }
    var answers = CheckRunner.run(checks, facts, options.ignored());
    var report =
        ReportBuilder.build(
            version,
            "persistence",
            new Release(release, environment.namespace(), "", mode(database)),
            started,
            Instant.now(),
            options.failOn(),
            answers);
    options.write(report, terminal);
    return Bugs.exitCode(answers, report, terminal);
  }

  private static <T> Facts with(Facts facts, Scenario<T> scenario, Duration timeout)
      throws InterruptedException {
    return facts.with(scenario.brings(), scenario.observe(timeout));
  }

  private void agree(String release, List<Scenario<?>> scenarios, boolean yes, Terminal terminal) {
    terminal
        .err()
        .println("This is going to change " + release + " in " + environment.namespace() + ":");
    scenarios.stream()
        .flatMap(s -> s.changes().stream())
        .forEach(change -> terminal.err().println("  - " + change));
    if (yes) {
      return;
    }
    if (!terminal.interactive()) {
      throw new UsageException("nobody can be asked here; if you agree, add --yes");
    }
    terminal.err().print("Go on? [y/N] ");
    terminal.err().flush();
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

  private static String mode(ReleaseDatabase database) {
    return switch (database) {
      case ReleaseDatabase.InCluster own -> "statefulset";
      case ReleaseDatabase.External external -> "external";
    };
  }
}
