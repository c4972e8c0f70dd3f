package io.tlengine.pgcheck.cli;

import io.tlengine.pgcheck.catalog.CheckCatalog;
import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.report.Format;
import io.tlengine.pgcheck.report.Report;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The options that every command with a report has.
 *
 * @param outputs formats and where they go; no file: standard output
 * @param only the codes to look at; none: all
 * @param ignored reasons by code
 */
record OutputOptions(
    List<Output> outputs,
    Severity failOn,
    List<String> only,
    Map<String, String> ignored,
    Duration timeout) {

  record Output(Format format, Optional<Path> file) {}

  static void addTo(CommandSpec spec, String defaultTimeout) {
    spec.addOption(
        OptionSpec.builder("-o", "--output")
            .paramLabel("FORMAT[=FILE]")
            .type(String[].class)
            .arity("1")
            .description(
                String.join(", ", Format.names())
                    + "; with =FILE into that file, beside the one on the terminal. May be given"
                    + " several times: -o junit=report.xml -o html=report.html")
            .build());
    spec.addOption(
        OptionSpec.builder("--fail-on")
            .paramLabel("SEVERITY")
            .type(String.class)
            .defaultValue("error")
            .description("exit with 3 from this severity upwards: error, warning or info")
            .build());
    spec.addOption(
        OptionSpec.builder("--only")
            .paramLabel("CODE[,CODE]")
            .type(String.class)
            .description("look at these codes and nothing else")
            .build());
    spec.addOption(
        OptionSpec.builder("--ignore")
            .paramLabel("CODE=REASON")
            .type(String[].class)
            .arity("1")
            .description("accept a code's findings; it is shown as skipped, with your reason")
            .build());
    spec.addOption(
        OptionSpec.builder("--timeout")
            .paramLabel("TIME")
            .type(String.class)
            .defaultValue(defaultTimeout)
            .description("for the whole run (default: " + defaultTimeout + ")")
            .build());
  }

  static OutputOptions from(ParseResult parsed) {
    return new OutputOptions(
        outputs(parsed.matchedOptionValue("--output", new String[0])),
        severity(parsed.matchedOptionValue("--fail-on", "error")),
        only(parsed.matchedOptionValue("--only", "")),
        ignored(parsed.matchedOptionValue("--ignore", new String[0])),
        Durations.parse(
            "--timeout",
            parsed.matchedOptionValue(
                "--timeout", parsed.commandSpec().findOption("--timeout").defaultValue())));
  }

  /**
   * The checks that were chosen, out of those of this command.
   *
   * @throws UsageException when a code is one of the other command's: it would be dropped
   */
  List<Check> choose(List<Check> checks) {
    var here = checks.stream().map(c -> c.info().code()).toList();
    var strangers =
        Stream.concat(only.stream(), ignored.keySet().stream())
            .filter(code -> !here.contains(code))
            .distinct()
            .sorted()
            .toList();
    if (!strangers.isEmpty()) {
      boolean one = strangers.size() == 1;
      throw new UsageException(
          String.join(", ", strangers)
              + (one ? " belongs" : " belong")
              + " to helm pgcheck "
              + CheckCatalog.command(strangers.getFirst()));
    }
    return only.isEmpty()
        ? checks
        : checks.stream().filter(c -> only.contains(c.info().code())).toList();
  }

  /** Writes the report to every output; files are named on standard error. */
  void write(Report report, Terminal terminal) {
    for (var output : outputs) {
      try {
        if (output.file().isEmpty()) {
          output.format().reporter(terminal.colours()).write(report, terminal.out());
          terminal.out().flush();
        } else {
          var file = output.file().get();
          try (var to = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            output.format().reporter(false).write(report, to);
          }
          terminal.err().println("report: " + file);
        }
      } catch (IOException e) {
        throw new UsageException(
            "the report cannot be written to "
                + output.file().map(Path::toString).orElse("standard output")
                + ": "
                + e);
      }
    }
  }

  private static List<Output> outputs(String[] words) {
    var outputs = new ArrayList<Output>();
    for (var word : words) {
      int equals = word.indexOf('=');
      var name = equals >= 0 ? word.substring(0, equals) : word;
      var format =
          Format.parse(name)
              .orElseThrow(
                  () ->
                      new UsageException(
                          "--output is "
                              + name
                              + "; wanted: "
                              + String.join(", ", Format.names())));
      if (equals == word.length() - 1) {
        throw new UsageException(
            "--output is " + word + " without a file's name; wanted: " + word + "FILE");
      }
      Optional<Path> file =
          equals >= 0 ? Optional.of(Path.of(word.substring(equals + 1))) : Optional.empty();
      file.ifPresent(f -> writable("the report", f));
      outputs.add(new Output(format, file));
    }
    if (outputs.stream().filter(o -> o.file().isEmpty()).count() > 1) {
      throw new UsageException(
          "--output names two formats for standard output; give all but one a file: -o json=FILE");
    }
    refuseOneFileForTwo(outputs);
    if (outputs.stream().allMatch(o -> o.file().isPresent())) {
      // A verdict that nobody sees is none.
      outputs.addFirst(new Output(Format.TABLE, Optional.empty()));
    }
    return outputs;
  }

  /** The second would overwrite the first. */
  private static void refuseOneFileForTwo(List<Output> outputs) {
    var files = new HashSet<Path>();
    for (var output : outputs) {
      var file = output.file().map(f -> f.toAbsolutePath().normalize());
      if (file.isPresent() && !files.add(file.get())) {
        throw new UsageException(
            "--output names the file "
                + output.file().get()
                + " twice; wanted: a file of its own for each format");
      }
    }
  }

  /** Before the run: a report that has nowhere to go is found out too late after it. */
  static void writable(String what, Path file) {
    if (Files.isDirectory(file)) {
      throw new UsageException(
          what + " cannot be written to " + file + ": it is a folder; wanted: a file's name");
    }
    var folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isWritable(folder)) {
      throw new UsageException(
          what
              + " cannot be written to "
              + file
              + ": its folder does not exist or is not writable");
    }
  }

  private static Severity severity(String text) {
    for (var severity : Severity.values()) {
      if (severity.text().equals(text)) {
        return severity;
      }
    }
    throw new UsageException("--fail-on is " + text + "; wanted: error, warning or info");
  }

  private static List<String> only(String text) {
    var codes = new ArrayList<String>();
    for (var word : text.split(",", -1)) {
      if (!word.isBlank()) {
        codes.add(code("--only", word));
      }
    }
    return codes;
  }

  private static Map<String, String> ignored(String[] words) {
    var reasons = new HashMap<String, String>();
    for (var word : words) {
      int equals = word.indexOf('=');
      if (equals <= 0 || word.substring(equals + 1).isBlank()) {
        throw new UsageException(
            "--ignore is " + word + "; wanted: CODE=REASON, such as PGC-104=\"renewed on Monday\"");
      }
      reasons.put(code("--ignore", word.substring(0, equals)), word.substring(equals + 1));
    }
    return reasons;
  }

  private static String code(String option, String text) {
    var code = text.strip().toUpperCase(Locale.ROOT);
    if (CheckCatalog.byCode(code).isEmpty()) {
      throw new UsageException(
          option + " names " + text + ", which is no code; helm pgcheck checks lists them");
    }
    return code;
  }
}
