package io.tlengine.pgcheck.cli;

import io.tlengine.pgcheck.catalog.CheckCatalog;
import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckRunner;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.helm.Helm;
import io.tlengine.pgcheck.gather.helm.HelmEnvironment;
import io.tlengine.pgcheck.report.Report.Release;
import io.tlengine.pgcheck.report.ReportBuilder;
import io.tlengine.pgcheck.scenario.PersistenceJob;
import io.tlengine.pgcheck.scenario.Scenarios;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.release.FoundRelease;
import io.tlengine.pgcheck.scenario.release.ReleaseDatabase;
import io.tlengine.pgcheck.scenario.restore.ReleaseRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code persistence}: changes a running release and compares what comes back. */
final class PersistenceCommand implements Command {

  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

  private static final String LIST = "--list";
  private static final String RESTORE = "--restore";
  private static final String PRINT_JOB = "--print-job";
  private static final String IMAGE = "--image";
  private static final String WAIT_SUSPEND = "--wait-suspend";
  private static final String OUTPUT = "--output";

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
        .customSynopsis(
            "helm pgcheck persistence RELEASE [OPTIONS]",
            "       helm pgcheck persistence --statefulset NAME [OPTIONS]%n")
        .description(
            "Proves after an install that the data stays: writes rows, deletes the database's pods,"
                + " scales (with an external database: replaces the application's pods), reads the"
                + " rows back and compares them one by one.",
            "",
            "Works in a schema of its own, pgcheck_lab, and puts everything back at the end, also"
                + " of an interrupted run. One run at a time: a Lease sees to that.")
        .footer(
            "",
            "Examples:",
            "  helm pgcheck persistence tl -n shop --list",
            "  helm pgcheck persistence tl -n shop",
            "  helm pgcheck persistence --statefulset postgres --database-secret app-db -n shop",
            "  helm pgcheck persistence tl --yes -o table -o html=persistence.html",
            "  helm pgcheck persistence tl -n shop --print-job \\",
            "      --image registry.example.com/pgcheck:1.0 | kubectl apply -f -");
    TestedDatabase.addTo(spec);
    spec.addOption(
        OptionSpec.builder("-y", "--yes")
            .type(boolean.class)
            .description("do not ask; needed where nobody can answer")
            .build());
    spec.addOption(
        OptionSpec.builder(LIST)
            .type(boolean.class)
            .description(
                "say what would be run on this release and what each run changes, and why the"
                    + " others would not; change nothing")
            .build());
    spec.addOption(
        OptionSpec.builder(RESTORE)
            .type(boolean.class)
            .description(
                "put back what a killed run left, and nothing else; waits until its Lease has run"
                    + " out")
            .build());
    spec.addOption(
        OptionSpec.builder(WAIT_SUSPEND)
            .type(String.class)
            .paramLabel("TIME")
            .description(
                "external database: stay away for so long (10m) that the provider suspends it, and"
                    + " prove that the rows outlive a cold start")
            .build());
    spec.addOption(
        OptionSpec.builder(PRINT_JOB)
            .type(boolean.class)
            .description(
                "print a Job that runs the same in the cluster, with an account and a Role for it,"
                    + " for kubectl apply -f -; change nothing")
            .build());
    spec.addOption(
        OptionSpec.builder(IMAGE)
            .type(String.class)
            .paramLabel("IMAGE")
            .description("pgcheck's image for that Job")
            .build());
    OutputOptions.addTo(spec, "5m");
    return spec;
  }

  @Override
  public ExitCode run(ParseResult parsed, List<String> line, Terminal terminal)
      throws InterruptedException {
    refuseWithoutEffect(parsed);
    var options = OutputOptions.from(parsed);
    var checks = options.choose(CheckCatalog.persistence());
    var tested = TestedDatabase.from(parsed);
    var waitSuspend =
        Optional.ofNullable(parsed.<String>matchedOptionValue(WAIT_SUSPEND, null))
            .map(text -> Durations.parse(WAIT_SUSPEND, text));
    var steps = new Steps(terminal);
    var helm = new Helm(environment);
    boolean list = parsed.hasMatchedOption(LIST);
    boolean printJob = parsed.hasMatchedOption(PRINT_JOB);
    boolean restore = parsed.hasMatchedOption(RESTORE);
    try (var cluster =
            Cluster.connect(environment, Durations.shorter(REQUEST_TIMEOUT, options.timeout()));
        var ending = new Ending(environment, steps);
        steps) {
      var target = tested.target(helm, cluster, environment.namespace());
      var alone = new ReleaseRun(cluster, helm, environment.namespace(), target, steps);
      boolean left = alone.somethingLeft();
      if (left && (list || printJob)) {
        terminal
            .err()
            .println(
                "an interrupted run left something: helm pgcheck persistence "
                    + target.arguments()
                    + " --restore");
      } else if (left || restore) {
        if (!left && !tested.exists(helm, cluster, environment.namespace(), options.timeout())) {
          throw new UsageException(
              nothingToRestore(tested.kindAndName(), environment.namespace(), alone.journals()));
        }
        ending.guard(Thread.currentThread());
        // A journal may be that of a run at work: only --restore has the patience to wait.
        restore(alone, restore ? options.timeout() : Duration.ZERO, left, terminal);
      }
      if (restore) {
        return ExitCode.CLEAN;
      }
      var found = tested.find(helm, cluster, environment.namespace(), options.timeout());
      waitSuspend.ifPresent(w -> refuseWaitSuspend(found.database(), checks, tested.kindAndName()));
      if (printJob) {
        terminal.out().print(job(found, tested, parsed, options));
        terminal.out().flush();
        return ExitCode.CLEAN;
      }
      var selection =
          Selection.of(
              checks,
              Scenarios.of(found, cluster, helm, environment.namespace(), waitSuspend, steps),
              options);
      if (list) {
        selection.print(terminal.out());
        return ExitCode.CLEAN;
      }
      return run(tested.title(), found, selection, alone, ending, options, parsed, terminal, steps);
    } catch (ScenarioException e) {
      throw e.ending();
    }
  }

  /** What would be taken and then do nothing is a misunderstanding. */
  private static void refuseWithoutEffect(ParseResult parsed) {
    refuse(parsed, LIST, "prints a list and no report", OUTPUT);
    refuse(parsed, LIST, "only looks", PRINT_JOB, RESTORE, IMAGE);
    refuse(parsed, PRINT_JOB, "prints a Job; its report goes to its log", OUTPUT);
    refuse(parsed, PRINT_JOB, "changes nothing", RESTORE);
    if (parsed.hasMatchedOption(IMAGE) && !parsed.hasMatchedOption(PRINT_JOB)) {
      throw new UsageException(IMAGE + " is for the Job of " + PRINT_JOB + "; add it");
    }
  }

  /** Only an external database is suspended, and only PGC-708 waits for that. */
  static void refuseWaitSuspend(ReleaseDatabase database, List<Check> checks, String kindAndName) {
    if (!(database instanceof ReleaseDatabase.External)) {
      throw new UsageException(
          WAIT_SUSPEND
              + " is for an external database, which its provider suspends; the "
              + kindAndName
              + " runs its own ("
              + String.join(
                  ", ", database.sets().stream().map(s -> "StatefulSet/" + s.name()).toList())
              + "), so leave it out");
    }
    if (checks.stream().noneMatch(c -> c.needs().contains(FactKey.EXTERNAL_ROWS))) {
      throw new UsageException(
          WAIT_SUSPEND
              + " is for PGC-708, which --only leaves out; name it there, or leave it out");
    }
  }

  private static void refuse(ParseResult parsed, String option, String does, String... others) {
    for (var other : others) {
      if (parsed.hasMatchedOption(option) && parsed.hasMatchedOption(other)) {
        throw new UsageException(
            option + " " + does + ", so " + other + " has no effect; give one of the two");
      }
    }
  }

  /** A name mistyped must not pass for a release that is as it was. */
  static String nothingToRestore(String what, String namespace, List<String> journals) {
    return "no "
        + what
        + " in "
        + namespace
        + " and nothing of it to put back"
        + (journals.isEmpty() ? "" : "; there is a journal of: " + String.join(", ", journals));
  }

  /** The Job takes what says what is to be run; its report goes to its log. */
  private String job(
      FoundRelease found, TestedDatabase tested, ParseResult parsed, OutputOptions options) {
    if (!(tested instanceof TestedDatabase.OfRelease release)) {
      throw new UsageException("--print-job takes a RELEASE; it is not there for --statefulset");
    }
    var arguments = new ArrayList<String>();
    for (var option : List.of("--timeout", WAIT_SUSPEND, "--only", "--fail-on")) {
      if (parsed.hasMatchedOption(option)) {
        arguments.addAll(List.of(option, parsed.<String>matchedOptionValue(option, "")));
      }
    }
    return PersistenceJob.yaml(
        found.database(),
        release.name(),
        environment.namespace(),
        LookFrom.image(parsed)
            .orElseThrow(
                () ->
                    new UsageException(
                        "--print-job takes the image that the Job runs: --image"
                            + " registry.example.com/pgcheck:1.0")),
        arguments,
        options.timeout());
  }

  private static void restore(ReleaseRun alone, Duration patience, boolean left, Terminal terminal)
      throws ScenarioException, InterruptedException {
    alone.run(patience, changes -> left);
    terminal.err().println(left ? "everything is as before" : "nothing was left to put back");
    terminal.err().flush();
  }

  private ExitCode run(
      String title,
      FoundRelease found,
      Selection selection,
      ReleaseRun alone,
      Ending ending,
      OutputOptions options,
      ParseResult parsed,
      Terminal terminal,
      Steps steps)
      throws ScenarioException, InterruptedException {
    var started = Instant.now();
    var facts = selection.without(new Facts(started, Map.of()));
    List<String> notPutBack = List.of();
    if (!selection.scenarios().isEmpty()) {
      new Consent(terminal)
          .ask(title, environment, selection.changes(), parsed.hasMatchedOption("--yes"));
      ending.guard(Thread.currentThread());
      steps.begin();
      var known = facts;
      var done =
          alone.run(
              Duration.ZERO,
              changes -> selection.observe(known, changes, options.timeout(), steps));
      steps.close();
      facts = done.result();
      notPutBack = done.notPutBack();
    }
    var answers = CheckRunner.run(selection.checks(), facts, options.ignored());
    var report =
        ReportBuilder.build(
            version,
            "persistence",
            new Release(title, environment.namespace(), "", "", mode(found.database())),
            started,
            Instant.now(),
            options.failOn(),
            answers);
    options.write(steps.timeline().map(report::with).orElse(report), terminal);
    var code = Bugs.exitCode(answers, report, terminal);
    return notPutBack.isEmpty() || code != ExitCode.CLEAN ? code : ExitCode.INCOMPLETE;
  }

  private static String mode(ReleaseDatabase database) {
    return switch (database) {
      case ReleaseDatabase.InCluster own -> "statefulset";
      case ReleaseDatabase.Redis redis -> "redis";
      case ReleaseDatabase.External external -> "external";
    };
  }
}
