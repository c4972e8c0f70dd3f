package io.tlengine.pgcheck.gather.helm;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What Helm 3 and Helm 4 say on standard error when they refuse, made one line. */
public final class HelmWords {

  /** Helm 4 writes a message to its log, and the same once more behind "Error:". */
  private static final Pattern LOG =
      Pattern.compile("^(?:time=\\S+ )?level=[A-Z]+ msg=(.*)$", Pattern.DOTALL);

  private static final String ERROR = "Error: ";

  /** The reason behind slog's key error="..."; both texts are quoted as in Go. */
  private static final Pattern LOG_ERROR = Pattern.compile("^(.*?) (?:error|err)=(.*)$");

  /** A file of values, or of --set-file. */
  private static final Pattern FILE =
      Pattern.compile(
          "^(?:failed parsing --set-file data: )?(?:open|read|stat) .*: (?:no such file or"
              + " directory|is a directory|permission denied)$");

  /**
   * The message in a refusal of the arguments themselves. Helm reads the files of values and the
   * chart before it renders, so that what a template says never begins like this.
   */
  private static final List<Pattern> USAGE =
      List.of(
          // A chart that is not there: a path, a reference, a folder that holds none.
          Pattern.compile("^path \".*\" not found$"),
          Pattern.compile("^repo \\S+ not found$"),
          Pattern.compile("^non-absolute URLs should be in form of repo_name/path_to_chart, got: "),
          Pattern.compile("^Chart\\.yaml file is missing$"),
          Pattern.compile("^unable to detect chart at "),
          FILE,
          // Helm 3, and Helm 4, which says where it noticed.
          Pattern.compile("^(?:release name check failed: )?release name \".*\": "));

  private HelmWords() {}

  /** The message, shortened to its cause; empty when Helm said nothing. */
  static Optional<String> cause(String err) {
    var lines = err.lines().map(String::strip).filter(Predicate.not(String::isEmpty)).toList();
    boolean said = lines.stream().anyMatch(l -> l.startsWith(ERROR));
    return lines.stream()
        .filter(l -> !l.startsWith("WARNING:") && !l.startsWith("Use --debug"))
        .filter(l -> !said || !LOG.matcher(l).matches())
        .map(HelmWords::plain)
        .distinct()
        .reduce((a, b) -> a + " " + b);
  }

  /** What is wrong with chart, files or release name; empty when values or templates are. */
  public static Optional<String> usage(String cause, HelmArguments arguments) {
    if (USAGE.stream().noneMatch(p -> p.matcher(cause).find())) {
      return Optional.empty();
    }
    if (cause.contains("release name \"")) {
      return Optional.of(
          "RELEASE is "
              + arguments.release()
              + "; wanted: a name that helm install takes, of a-z, 0-9, - and ., no longer than 53");
    }
    return Optional.of(FILE.matcher(cause).find() ? file(cause) : chart(cause, arguments));
  }

  private static String file(String cause) {
    return "helm cannot read a file of the command line: "
        + cause
        + "; name one that can be read (-f, --set-file)";
  }

  private static String chart(String cause, HelmArguments arguments) {
    return "CHART is "
        + arguments.shownChart()
        + "; wanted: a chart's folder, archive or reference, as for helm install (helm says: "
        + cause
        + ")";
  }

  private static String plain(String line) {
    if (line.startsWith(ERROR)) {
      return line.substring(ERROR.length()).strip();
    }
    var log = LOG.matcher(line);
    if (!log.matches()) {
      return line;
    }
    var parts = LOG_ERROR.matcher(log.group(1));
    return parts.matches()
        ? unquoted(parts.group(1)) + ": " + unquoted(parts.group(2))
        : unquoted(log.group(1));
  }

  private static String unquoted(String text) {
    return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
        ? text.substring(1, text.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\")
        : text;
  }
}
