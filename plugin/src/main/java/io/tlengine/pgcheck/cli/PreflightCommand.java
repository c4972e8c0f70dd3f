package io.tlengine.pgcheck.cli;

import io.tlengine.pgcheck.catalog.CheckCatalog;
import io.tlengine.pgcheck.check.CheckResult;
import io.tlengine.pgcheck.check.CheckRunner;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.gather.Cluster;
import io.tlengine.pgcheck.gather.Helm;
import io.tlengine.pgcheck.gather.HelmArguments;
import io.tlengine.pgcheck.gather.HelmEnvironment;
import io.tlengine.pgcheck.gather.PreflightGatherer;
import io.tlengine.pgcheck.report.Report.Release;
import io.tlengine.pgcheck.report.ReportBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code preflight RELEASE CHART [helm flags]}: everything that can be known before an install. */
final class PreflightCommand implements Command {

  private static final String PRINT_RBAC = "--print-rbac";
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
            "Takes the arguments of helm install and helm upgrade. Changes nothing.")
        .footer(
            "",
            "Examples:",
            "  helm pgcheck preflight tl charts/tl-engine -f values/external.yaml",
            "  helm pgcheck preflight --print-rbac -n shop | kubectl apply -f -",
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
                    + " and stop")
            .build());
    DatabaseOptions.addTo(spec);
    OutputOptions.addTo(spec, "2m");
    return spec;
  }

  @Override
  public List<String> ownArguments(List<String> line) {
    return HelmArguments.split(line).ours();
  }

  @Override
  public ExitCode run(ParseResult parsed, List<String> line, Terminal terminal) {
    var started = Instant.now();
    var options = OutputOptions.from(parsed);
    var hints = DatabaseOptions.from(parsed);
    var checks = options.choose(CheckCatalog.preflight());
    Set<FactKey<?>> wanted =
        checks.stream().flatMap(c -> c.facts().stream()).collect(Collectors.toSet());
    if (parsed.hasMatchedOption(PRINT_RBAC)) {
      terminal.out().print(PreflightGatherer.rbac(wanted, environment.namespace()));
      terminal.out().flush();
      return ExitCode.CLEAN;
    }
    if (!parsed.hasMatchedPositional(0) || !parsed.hasMatchedPositional(1)) {
      throw new UsageException(
          "preflight takes RELEASE and CHART, as helm install does; helm pgcheck preflight --help"
              + " shows what it takes");
    }
    var split = HelmArguments.split(line);
    var arguments =
        new HelmArguments(
            parsed.matchedPositional(0).getValue(),
            parsed.matchedPositional(1).getValue(),
            split.helms(),
            split.reuseValues());

    Facts facts;
    try (var cluster = Cluster.connect(environment, REQUEST_TIMEOUT)) {
      facts =
          new PreflightGatherer(new Helm(environment), cluster, environment.namespace())
              .gather(arguments, hints, wanted, terminal.in(), options.timeout());
    }
    List<CheckResult> answers = CheckRunner.run(checks, facts, options.ignored());
    var report =
        ReportBuilder.build(
            version,
            "preflight",
            new Release(
                arguments.release(), environment.namespace(), arguments.chart(), mode(facts)),
            started,
            Instant.now(),
            options.failOn(),
            answers);
    options.write(report, terminal);
    return Bugs.exitCode(answers, report, terminal);
  }

  private static String mode(Facts facts) {
    return facts.fact(FactKey.PLAN) instanceof Fact.Known<io.tlengine.pgcheck.plan.Plan> plan
        ? plan.value().mode().text()
        : "unknown";
  }
}
