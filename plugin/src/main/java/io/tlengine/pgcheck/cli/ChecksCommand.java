package io.tlengine.pgcheck.cli;

import io.tlengine.pgcheck.catalog.CheckCatalog;
import io.tlengine.pgcheck.check.Check;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code checks [CODE]}: the catalogue, or one code's page. */
final class ChecksCommand implements Command {

  private static final Map<Character, String> BLOCKS =
      Map.of(
          '1', "Reach and log in",
          '2', "Storage",
          '3', "Cluster room, rights, admission",
          '4', "Database settings",
          '5', "Connections, poolers, providers",
          '6', "Diagnosis",
          '7', "Persistence",
          '8', "Release, values, Secret",
          '9', "Leftovers");

  @Override
  public CommandSpec spec() {
    var spec = CommandSpec.create().name("checks");
    spec.usageMessage()
        .description(
            "Lists all codes, or prints one code's page: meaning, impact, diagnosis," + " remedy.")
        .footer("", "Examples:", "  helm pgcheck checks", "  helm pgcheck checks PGC-201");
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .arity("0..1")
            .paramLabel("CODE")
            .type(String.class)
            .description("for example PGC-201")
            .build());
    return spec;
  }

  @Override
  public ExitCode run(ParseResult parsed, List<String> line, Terminal terminal) {
    if (parsed.hasMatchedPositional(0)) {
      String code = parsed.matchedPositional(0).getValue();
      var check =
          CheckCatalog.byCode(code)
              .orElseThrow(
                  () ->
                      new UsageException(
                          code + " is no code of this version; helm pgcheck checks lists them"));
      terminal.out().print(CheckCatalog.page(check));
    } else {
      list(terminal);
    }
    terminal.out().flush();
    return ExitCode.CLEAN;
  }

  private static void list(Terminal terminal) {
    var blocks = new TreeMap<Character, List<Check>>();
    for (var check : CheckCatalog.all()) {
      blocks
          .computeIfAbsent(
              check.info().code().charAt("PGC-".length()), b -> new java.util.ArrayList<>())
          .add(check);
    }
    blocks.forEach(
        (block, checks) -> {
          terminal.out().println(block + "xx " + BLOCKS.get(block));
          for (var check : checks) {
            var info = check.info();
            terminal
                .out()
                .println(
                    String.format(
                        Locale.ROOT,
                        "  %s  %-22s  %-7s  %s",
                        info.code(),
                        info.slug(),
                        info.severity().text(),
                        info.summary()));
          }
        });
    terminal.out().println();
    terminal.out().println("A code's page: helm pgcheck checks PGC-201");
  }
}
