package io.tlengine.pgcheck.cli;

import io.tlengine.pgcheck.catalog.CheckCatalog;
import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckResult;
import io.tlengine.pgcheck.check.CheckRunner;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.gather.PreflightGatherer;
import io.tlengine.pgcheck.gather.helm.ChartName;
import io.tlengine.pgcheck.gather.helm.Helm;
import io.tlengine.pgcheck.gather.helm.HelmArguments;
import io.tlengine.pgcheck.gather.helm.HelmEnvironment;
import io.tlengine.pgcheck.gather.saved.SavedFacts;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.report.Report.Release;
import io.tlengine.pgcheck.report.ReportBuilder;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code preflight RELEASE CHART [helm flags]}: everything that can be known before an install. */
final class PreflightCommand implements Command {

  private static final String PRINT_RBAC = "--print-rbac";
  private static final String SAVE_FACTS = "--save-facts";
  private static final String FACTS = "--facts";

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
    ReleaseAndChart.addTo(spec, false);
    spec.addOption(
        OptionSpec.builder(PRINT_RBAC)
            .description(
                "print the smallest Role and ClusterRole that the checks (or those of --only) need,"
                    + " and stop; with RELEASE and CHART also what the install itself takes")
            .build());
    DatabaseOptions.addTo(spec);
    LookFrom.addTo(spec);
    spec.addOption(
        OptionSpec.builder(PreflightLook.PROBE_VOLUME)
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
    var wanted = PreflightLook.wanted(checks, parsed.hasMatchedOption(PreflightLook.PROBE_VOLUME));
    boolean printRbac = parsed.hasMatchedOption(PRINT_RBAC);
    if (printRbac && !parsed.hasMatchedPositional(0)) {
      terminal.out().print(PreflightGatherer.rbac(from.here(wanted), environment.namespace()));
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
    var arguments = ReleaseAndChart.from(parsed, split);
    var look =
        new PreflightLook(
            environment, arguments, from, wanted, started, options.timeout(), terminal);
    if (printRbac) {
      terminal.out().print(look.rbac());
      terminal.out().flush();
      return ExitCode.CLEAN;
    }
    if (parsed.hasMatchedOption(SAVE_FACTS)) {
      OutputOptions.writable("the facts", file(parsed, SAVE_FACTS));
    }
    SavedFacts kept;
    try (var chart = new ChartName(new Helm(environment), arguments, options.timeout())) {
      var facts = look.facts(hints);
      kept =
          new SavedFacts(
              version,
              arguments.release(),
              environment.namespace(),
              chart.text(),
              arguments.shownChart(),
              facts);
    }
    if (parsed.hasMatchedOption(SAVE_FACTS)) {
      save(kept, file(parsed, SAVE_FACTS), terminal);
    }
    return judge(checks, kept, started, begun, options, terminal);
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
