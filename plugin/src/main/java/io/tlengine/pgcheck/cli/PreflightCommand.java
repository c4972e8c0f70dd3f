package io.tlengine.pgcheck.cli;

import io.tlengine.pgcheck.catalog.CheckCatalog;
import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckResult;
import io.tlengine.pgcheck.check.CheckRunner;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.OldData;
import io.tlengine.pgcheck.fact.VolumeProbe;
import io.tlengine.pgcheck.gather.ChartName;
import io.tlengine.pgcheck.gather.Cluster;
import io.tlengine.pgcheck.gather.GatherException;
import io.tlengine.pgcheck.gather.Helm;
import io.tlengine.pgcheck.gather.HelmArguments;
import io.tlengine.pgcheck.gather.HelmEnvironment;
import io.tlengine.pgcheck.gather.PreflightGatherer;
import io.tlengine.pgcheck.gather.ReleaseStatus;
import io.tlengine.pgcheck.gather.SavedFacts;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.UrlHints;
import io.tlengine.pgcheck.report.Report.Release;
import io.tlengine.pgcheck.report.ReportBuilder;
import io.tlengine.pgcheck.scenario.ClusterLook;
import io.tlengine.pgcheck.scenario.OldClaimLook;
import io.tlengine.pgcheck.scenario.VolumeProber;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code preflight RELEASE CHART [helm flags]}: everything that can be known before an install. */
final class PreflightCommand implements Command {

  private static final String PRINT_RBAC = "--print-rbac";
  private static final String PROBE_VOLUME = "--probe-volume";
  private static final String SAVE_FACTS = "--save-facts";
  private static final String FACTS = "--facts";
  private static final String NOT_PROBED = PROBE_VOLUME + " was not given";

  /** What only --probe-volume looks at, since pods are made for it. */
  private static final Set<FactKey<?>> PROBED = Set.of(FactKey.OLD_DATA, FactKey.VOLUME_PROBE);

  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

  private final HelmEnvironment environment;
  private final String version;

  PreflightCommand(HelmEnvironment environment, String version) {
    this.environment = environment;
    this.version = version;
  }

  @Override
  public CommandSpec spec() {
    var spec = CommandSpec.create().name("preflight");
    spec.usageMessage()
        .customSynopsis("helm pgcheck preflight RELEASE CHART [OPTIONS] [FLAGS OF helm install]%n")
        .description(
            "Checks before an install or upgrade: renders CHART with your own arguments, reaches"
                + " the database it asks for, and looks at the storage it needs.",
            "",
            "Takes the arguments of helm install and helm upgrade. Changes nothing; only"
                + " --probe-volume and --from make objects of their own, and delete them.")
        .footer(
            "",
            "Examples:",
            "  helm pgcheck preflight tl charts/tl-engine -f values/external.yaml",
            "  helm pgcheck preflight tl charts/tl-engine -f values/external.yaml --print-rbac",
            "  helm pgcheck preflight tl charts/tl-engine -f values/external.yaml --from=both \\",
            "      --image registry.example.com/pgcheck:1.0",
            "  helm pgcheck preflight tl charts/tl-engine -f values/statefulset.yaml -n shop \\",
            "      --set-string database.statefulset.storage.className=fast -o json");
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .paramLabel("RELEASE")
            .type(String.class)
            .arity("0..1")
            .description("the release's name, as for helm install")
            .build());
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("1")
            .paramLabel("CHART")
            .type(String.class)
            .arity("0..1")
            .description("a folder, an archive or a reference, as for helm install")
            .build());
    spec.addOption(
        OptionSpec.builder(PRINT_RBAC)
            .description(
                "print the smallest Role and ClusterRole that the checks (or those of --only) need,"
                    + " and stop; with RELEASE and CHART also what the install itself takes")
            .build());
    DatabaseOptions.addTo(spec);
    LookFrom.addTo(spec);
    spec.addOption(
        OptionSpec.builder(PROBE_VOLUME)
            .description(
                "make a real claim, write to it, and read it back in a second pod; and look, without"
                    + " writing, which major version left the data in claims that are taken over;"
                    + " all that is made is deleted at the end")
            .build());
    spec.addOption(
        OptionSpec.builder(SAVE_FACTS)
            .paramLabel("FILE")
            .type(String.class)
            .description("keep what was seen, without secrets, to be judged again with --facts")
            .build());
    spec.addOption(
        OptionSpec.builder(FACTS)
            .paramLabel("FILE")
            .type(String.class)
            .description("judge what --save-facts kept: no RELEASE, no CHART, no cluster")
            .build());
    OutputOptions.addTo(spec, "2m");
    return spec;
  }

  @Override
  public List<String> ownArguments(List<String> line) {
    return HelmArguments.split(line).ours();
  }

  @Override
  public ExitCode run(ParseResult parsed, List<String> line, Terminal terminal)
      throws InterruptedException {
    var started = Instant.now();
    var begun = System.nanoTime();
    var options = OutputOptions.from(parsed);
    var hints = DatabaseOptions.from(parsed);
    var from = LookFrom.from(parsed);
    var checks = options.choose(CheckCatalog.preflight());
    Set<FactKey<?>> wanted =
        checks.stream()
            .flatMap(c -> c.facts().stream())
            .collect(Collectors.toCollection(HashSet::new));
    if (!parsed.hasMatchedOption(PROBE_VOLUME)) {
      wanted.removeAll(PROBED);
    }
    var here = from.here(wanted);
    boolean printRbac = parsed.hasMatchedOption(PRINT_RBAC);
    if (printRbac && !parsed.hasMatchedPositional(0)) {
      terminal.out().print(PreflightGatherer.rbac(here, environment.namespace()));
      terminal.out().flush();
      return ExitCode.CLEAN;
    }
    var split = HelmArguments.split(line);
    if (parsed.hasMatchedOption(FACTS)) {
      if (parsed.hasMatchedPositional(0)
          || parsed.hasMatchedOption(SAVE_FACTS)
          || !from.hereAlone()
          || !split.helms().isEmpty()) {
        throw new UsageException(
            FACTS
                + " takes release, chart and values from its file; leave the other arguments out");
      }
      var saved = SavedFacts.read(file(parsed, FACTS));
      return judge(checks, saved, saved.facts().observedAt(), begun, options, terminal);
    }
    if (!parsed.hasMatchedPositional(0) || !parsed.hasMatchedPositional(1)) {
      throw new UsageException(
          "preflight takes RELEASE and CHART, as helm install does; helm pgcheck preflight --help"
              + " shows what it takes");
    }
    var arguments =
        new HelmArguments(
            parsed.matchedPositional(0).getValue(),
            parsed.matchedPositional(1).getValue(),
            split.helms(),
            split.reuseValues(),
            split.apply());

    if (printRbac) {
      try (var status = status(arguments, options.timeout());
          var cluster = Cluster.connect(environment, REQUEST_TIMEOUT)) {
        terminal
            .out()
            .print(
                new PreflightGatherer(new Helm(environment), cluster, environment.namespace())
                    .rbac(arguments, status, here, terminal.in(), options.timeout()));
      }
      terminal.out().flush();
      return ExitCode.CLEAN;
    }
    if (parsed.hasMatchedOption(SAVE_FACTS)) {
      OutputOptions.writable("the facts", file(parsed, SAVE_FACTS));
    }
    SavedFacts kept;
    try (var chart = new ChartName(new Helm(environment), arguments, options.timeout())) {
      var facts = look(arguments, hints, from, wanted, here, started, options.timeout(), terminal);
      kept =
          new SavedFacts(
              version,
              arguments.release(),
              environment.namespace(),
              chart.text(),
              arguments.chart(),
              facts);
    }
    if (parsed.hasMatchedOption(SAVE_FACTS)) {
      save(kept, file(parsed, SAVE_FACTS), terminal);
    }
    return judge(checks, kept, started, begun, options, terminal);
  }

  private Facts look(
      HelmArguments arguments,
      UrlHints hints,
      LookFrom from,
      Set<FactKey<?>> wanted,
      Set<FactKey<?>> here,
      Instant started,
      Duration timeout,
      Terminal terminal)
      throws InterruptedException {
    var deadline = started.plus(timeout);
    try (var status = status(arguments, timeout);
        var cluster = Cluster.connect(environment, Durations.shorter(REQUEST_TIMEOUT, timeout))) {
      var gatherer = new PreflightGatherer(new Helm(environment), cluster, environment.namespace());
      var seen = gatherer.gather(arguments, status, hints, here, terminal.in(), timeout);
      var facts =
          from.with(
              seen,
              plan ->
                  guarded(
                      terminal,
                      "PGC-307",
                      steps ->
                          new ClusterLook(cluster, environment.namespace(), steps, timeout)
                              .look(
                                  plan,
                                  from.image(),
                                  wanted,
                                  status.installed(),
                                  Duration.between(Instant.now(), deadline))));
      return probed(cluster, facts, wanted, deadline, timeout, terminal);
    } catch (GatherException e) {
      return unreached(e, started, wanted, from);
    }
  }

  /** Without an API server nothing is known, and each check says so. */
  private static Facts unreached(
      GatherException why, Instant started, Set<FactKey<?>> wanted, LookFrom from)
      throws InterruptedException {
    if (why.kind() != GatherException.Kind.OUT_OF_REACH || Thread.currentThread().isInterrupted()) {
      throw why;
    }
    var facts = new Facts(started, Map.of());
    for (var key : wanted) {
      facts = facts.with(key, Fact.unavailable(why.reason(), why.remedy()));
    }
    for (var key : PROBED) {
      if (!wanted.contains(key)) {
        facts = facts.with(key, Fact.notApplicable(NOT_PROBED));
      }
    }
    return from.hereAlone() ? facts.with(FactKey.CLUSTER_DNS, LookFrom.notAsked()) : facts;
  }

  private ReleaseStatus status(HelmArguments arguments, Duration timeout) {
    return new ReleaseStatus(
        new Helm(environment), arguments.release(), environment.namespace(), timeout);
  }

  /**
   * @param started when the facts were seen, or the run began to look for them
   * @param begunNanos when this run began; with saved facts it is much later
   */
  private ExitCode judge(
      List<Check> checks,
      SavedFacts seen,
      Instant started,
      long begunNanos,
      OutputOptions options,
      Terminal terminal) {
    List<CheckResult> answers = CheckRunner.run(checks, seen.facts(), options.ignored());
    var report =
        ReportBuilder.build(
            version,
            "preflight",
            new Release(
                seen.release(),
                seen.namespace(),
                seen.chart(),
                seen.chartReference(),
                mode(seen.facts())),
            started,
            started.plusNanos(System.nanoTime() - begunNanos),
            options.failOn(),
            answers);
    options.write(report, terminal);
    return Bugs.exitCode(answers, report, terminal);
  }

  /** Old claims first: a claim that gets no volume may take all of the time. */
  private Facts probed(
      Cluster cluster,
      Facts facts,
      Set<FactKey<?>> wanted,
      Instant deadline,
      Duration given,
      Terminal terminal)
      throws InterruptedException {
    boolean both = wanted.containsAll(PROBED);
    facts =
        facts.with(
            FactKey.OLD_DATA,
            wanted.contains(FactKey.OLD_DATA)
                ? oldData(cluster, facts, both ? half(deadline) : deadline, given, terminal)
                : Fact.notApplicable(NOT_PROBED));
    return facts.with(
        FactKey.VOLUME_PROBE,
        wanted.contains(FactKey.VOLUME_PROBE)
            ? probe(cluster, facts, deadline, terminal)
            : Fact.notApplicable(NOT_PROBED));
  }

  private static Instant half(Instant deadline) {
    var now = Instant.now();
    return now.plus(Duration.between(now, deadline).dividedBy(2));
  }

  private Fact<OldData> oldData(
      Cluster cluster, Facts facts, Instant deadline, Duration given, Terminal terminal)
      throws InterruptedException {
    return guarded(
        terminal,
        "PGC-207",
        steps ->
            new OldClaimLook(cluster, environment.namespace(), steps, given)
                .observe(facts, Duration.between(Instant.now(), deadline)));
  }

  private Fact<VolumeProbe> probe(Cluster cluster, Facts facts, Instant deadline, Terminal terminal)
      throws InterruptedException {
    return switch (facts.fact(FactKey.PLAN)) {
      case Fact.Known<Plan> plan ->
          guarded(
              terminal,
              "PGC-209",
              steps ->
                  new VolumeProber(cluster, environment.namespace(), steps)
                      .observe(plan.value(), Duration.between(Instant.now(), deadline)));
      case Fact.Unavailable<Plan> gap -> Fact.unavailable(gap.reason(), gap.remedy());
      case Fact.NotApplicable<Plan> none -> Fact.notApplicable(none.reason());
    };
  }

  /** What makes objects and deletes them. */
  @FunctionalInterface
  private interface Guarded<T, E extends Exception> {
    T run(Steps steps) throws E, InterruptedException;
  }

  /**
   * Told to end, it deletes what it made first.
   *
   * @param code of the check that it is done for
   */
  private <T, E extends Exception> T guarded(Terminal terminal, String code, Guarded<T, E> work)
      throws E, InterruptedException {
    try (var steps = new Steps(terminal);
        var ending = new Ending(environment, steps)) {
      steps.serve(List.of(code), code);
      steps.begin();
      ending.guard(Thread.currentThread());
      return work.run(steps);
    }
  }

  private static void save(SavedFacts seen, Path file, Terminal terminal) {
    try {
      seen.write(file);
    } catch (IOException e) {
      throw new UsageException("the facts cannot be written to " + file + ": " + e);
    }
    terminal.err().println("facts: " + file);
  }

  private static Path file(ParseResult parsed, String option) {
    String text = parsed.matchedOptionValue(option, "");
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new UsageException(option + " is " + text + "; wanted: a file's path");
    }
  }

  private static String mode(Facts facts) {
    return facts.fact(FactKey.PLAN) instanceof Fact.Known<Plan> plan
        ? plan.value().mode().text()
        : "unknown";
  }
}
