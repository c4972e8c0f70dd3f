package io.tlengine.pgcheck.cli;

import io.tlengine.pgcheck.catalog.CheckCatalog;
import io.tlengine.pgcheck.check.CheckRunner;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.gather.Cluster;
import io.tlengine.pgcheck.gather.Helm;
import io.tlengine.pgcheck.gather.HelmEnvironment;
import io.tlengine.pgcheck.report.Report.Release;
import io.tlengine.pgcheck.report.ReportBuilder;
import io.tlengine.pgcheck.scenario.ExternalRowsScenario;
import io.tlengine.pgcheck.scenario.PodDeletionScenario;
import io.tlengine.pgcheck.scenario.Progress;
import io.tlengine.pgcheck.scenario.ReleaseDatabase;
import io.tlengine.pgcheck.scenario.ReleaseFinder;
import io.tlengine.pgcheck.scenario.ScenarioException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    ReleaseDatabase database;
    try (var cluster = Cluster.connect(environment, REQUEST_TIMEOUT);
        var ending = new Ending(environment)) {
      database =
          new ReleaseFinder(new Helm(environment), cluster, environment.namespace())
              .find(release, options.timeout());
      agree(release, database, parsed.hasMatchedOption("--yes"), terminal);
      ending.guard(Thread.currentThread());
      facts = observe(facts, cluster, database, progress(terminal), options.timeout());
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

  private Facts observe(
      Facts facts, Cluster cluster, ReleaseDatabase database, Progress progress, Duration timeout)
      throws InterruptedException {
    var namespace = environment.namespace();
    return switch (database) {
      case ReleaseDatabase.InCluster own ->
          facts
              .with(
                  FactKey.POD_DELETION,
                  fact(
                      () ->
                          new PodDeletionScenario(cluster, namespace, own.set(), progress)
                              .run(timeout)))
              .with(
                  FactKey.EXTERNAL_ROWS, Fact.notApplicable("the release brings its own database"));
      case ReleaseDatabase.External external ->
          facts
              .with(
                  FactKey.POD_DELETION,
                  Fact.notApplicable("the database is not the release's: nothing of it is stopped"))
              .with(
                  FactKey.EXTERNAL_ROWS,
                  fact(
                      () ->
                          new ExternalRowsScenario(cluster, namespace, external, progress)
                              .run(timeout)));
    };
  }

  private interface Scenario<T> {
    T run() throws ScenarioException, InterruptedException;
  }

  /** A scenario that refused to begin has shown nothing: its fact is not available. */
  private static <T> Fact<T> fact(Scenario<T> scenario) throws InterruptedException {
    try {
      return Fact.known(scenario.run());
    } catch (ScenarioException e) {
      return Fact.unavailable(String.valueOf(e.getMessage()), e.remedy());
    }
  }

  private void agree(String release, ReleaseDatabase database, boolean yes, Terminal terminal) {
    var changes =
        switch (database) {
          case ReleaseDatabase.InCluster own -> PodDeletionScenario.changes(own.set());
          case ReleaseDatabase.External external -> ExternalRowsScenario.changes(external);
        };
    terminal
        .err()
        .println("This is going to change " + release + " in " + environment.namespace() + ":");
    changes.forEach(change -> terminal.err().println("  - " + change));
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

  private static Progress progress(Terminal terminal) {
    long start = System.nanoTime();
    return step -> {
      terminal
          .err()
          .println(
              String.format(
                  Locale.ROOT, "%6.1f s  %s", (System.nanoTime() - start) / 1_000_000_000.0, step));
      terminal.err().flush();
    };
  }

  private static String mode(ReleaseDatabase database) {
    return switch (database) {
      case ReleaseDatabase.InCluster own -> "statefulset";
      case ReleaseDatabase.External external -> "external";
    };
  }
}
