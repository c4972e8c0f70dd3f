package io.tlengine.pgcheck.gather;

import io.tlengine.pgcheck.fact.InstallCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The arguments of {@code helm install RELEASE CHART ...}, as far as they matter for rendering.
 *
 * @param flags Helm's flags with their values, in the user's order
 * @param reuseValues start from the values of the installed release
 */
public record HelmArguments(String release, String chart, List<String> flags, boolean reuseValues) {

  public HelmArguments {
    flags = List.copyOf(flags);
  }

  /** A value's name or form that promises a secret, and Helm's own credentials. */
  private static final Pattern SECRET =
      Pattern.compile(
          "(?i)^--(username|password|key-file)\\b|^--set[a-z-]*=.*(pass|pwd|secret|token|key|url|uri"
              + "|dsn|credential|auth).*=|^--set[a-z-]*=.*://");

  /** The command line, divided into what is Helm's and what is ours. */
  public record Split(List<String> ours, List<String> helms, boolean reuseValues) {}

  /**
   * Takes Helm's flags out of a command line; everything that is not known to be Helm's stays ours,
   * in its order. After "--" everything is Helm's.
   */
  public static Split split(List<String> line) {
    var ours = new ArrayList<String>();
    var helms = new ArrayList<String>();
    boolean reuse = false;
    for (int i = 0; i < line.size(); i++) {
      var word = line.get(i);
      if (word.equals("--")) {
        helms.addAll(line.subList(i + 1, line.size()));
        break;
      }
      int equals = word.indexOf('=');
      var name = name(equals >= 0 ? word.substring(0, equals) : word);
      if (name.isEmpty() && attached(word)) {
        // As in -fvalues.yaml: the value follows without a blank.
        name = HelmFlags.SHORT.getOrDefault(word.substring(0, 2), "");
        equals = 1;
      }
      boolean takesNext = equals < 0 && i + 1 < line.size();
      if (HelmFlags.VALUE.contains(name)) {
        helms.add(word);
        if (takesNext) {
          helms.add(line.get(++i));
        }
      } else if (HelmFlags.SWITCH.contains(name)) {
        helms.add(word);
      } else if (HelmFlags.DROPPED_VALUE.contains(name)) {
        i += takesNext ? 1 : 0;
      } else if (HelmFlags.REUSE.contains(name)) {
        reuse = true;
      } else if (HelmFlags.DROPPED_CHOICE.containsKey(name)) {
        i += takesNext && HelmFlags.DROPPED_CHOICE.get(name).contains(line.get(i + 1)) ? 1 : 0;
      } else if (!HelmFlags.DROPPED_SWITCH.contains(name)) {
        ours.add(word);
      }
    }
    return new Split(ours, helms, reuse);
  }

  /** Arguments for {@code helm template}. */
  public List<String> template(String namespace, String kubeVersion, boolean upgrade) {
    var arguments = new ArrayList<>(List.of("template", release, chart));
    arguments.addAll(List.of("--namespace", namespace, "--kube-version", kubeVersion));
    if (upgrade) {
      arguments.add("--is-upgrade");
    }
    arguments.addAll(flags);
    return arguments;
  }

  /** These arguments as a fact: flags that may hold secrets are left out. */
  public InstallCommand command(String namespace) {
    var shown = new ArrayList<String>();
    boolean complete = true;
    for (int i = 0; i < flags.size(); i++) {
      var word = flags.get(i);
      boolean two =
          !word.contains("=") && HelmFlags.VALUE.contains(name(word)) && i + 1 < flags.size();
      var text = two ? word + "=" + flags.get(i + 1) : word;
      if (SECRET.matcher(text).find()) {
        complete = false;
      } else {
        shown.addAll(two ? List.of(word, flags.get(i + 1)) : List.of(word));
      }
      i += two ? 1 : 0;
    }
    return new InstallCommand(release, namespace, chart, shown, complete);
  }

  /** Whether the user's values come from standard input. */
  public boolean readsStandardInput() {
    for (int i = 0; i < flags.size(); i++) {
      var word = flags.get(i);
      boolean next = i + 1 < flags.size() && flags.get(i + 1).equals("-");
      if (word.equals("--values=-")
          || word.equals("-f=-")
          || word.equals("-f-")
          || (next && (word.equals("-f") || word.equals("--values")))) {
        return true;
      }
    }
    return false;
  }

  private static boolean attached(String word) {
    return word.length() > 2
        && !word.startsWith("--")
        && HelmFlags.SHORT.containsKey(word.substring(0, 2))
        && !HelmFlags.DROPPED_SWITCH.contains(HelmFlags.SHORT.get(word.substring(0, 2)));
  }

  private static String name(String word) {
    if (word.startsWith("--")) {
      return word.substring(2);
    }
    return HelmFlags.SHORT.getOrDefault(word, "");
  }
}
