package io.tlengine.pgcheck.gather.helm;

import io.tlengine.pgcheck.fact.InstallCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The arguments of {@code helm install RELEASE CHART ...}, as far as they matter before it.
 *
 * @param flags Helm's flags with their values, in the user's order
 * @param reuseValues start from the values of the installed release
 * @param apply how Helm is going to bring the objects to the server
 */
public record HelmArguments(
    String release, String chart, List<String> flags, boolean reuseValues, Apply apply) {

  private static final String SERVER_SIDE = "server-side";
  private static final String FORCE_CONFLICTS = "force-conflicts";
  private static final String OWNERSHIP = "take-ownership";
  private static final String WAIT = "wait";
  private static final String ATOMIC = "atomic";
  private static final String ROLLBACK = "rollback-on-failure";
  private static final String CREATE_NAMESPACE = "create-namespace";

  public HelmArguments {
    flags = List.copyOf(flags);
  }

  /**
   * A value's name (in --set-json before a colon) or form that promises a secret, Helm's own
   * credentials, and a URL with a user or a query in it.
   */
  private static final Pattern SECRET =
      Pattern.compile(
          "(?i)^--(username|password|key-file)\\b|^--set[a-z-]*=.*(pass|pwd|secret|token|key|url|uri"
              + "|dsn|credential|auth).*[=:]|^--set[a-z-]*=.*://|://[^/?#]*@|://[^?]*\\?");

  private static final Pattern USER_IN_URL = Pattern.compile("(?<=://)[^/?#]*@");
  private static final Pattern QUERY_OF_URL = Pattern.compile("(?<=://)([^?]*)\\?.*");

  /** Of the values those that name a Secret, as charts call them, or a key of it, as ours does. */
  private static final Pattern NAME_OF_SECRET =
      Pattern.compile(
          "([=,])(([\\w.-]*\\.)?(existingSecret|secretName)|database\\.secretKeys\\.\\w+)=[\\w.-]*");

  /** The command line, divided into what is Helm's and what is ours. */
  public record Split(List<String> ours, List<String> helms, boolean reuseValues, Apply apply) {}

  /**
   * Helm's flags for the time after the rendering, which does without them.
   *
   * @param serverSide auto, true or false; Helm 4's
   * @param forceConflicts take over the fields of other managers; Helm 4's
   * @param takeOwnership take over objects that are not the release's
   * @param waiting for the objects to be ready: false, true, or Helm 4's watcher, hookOnly and
   *     legacy
   * @param createNamespace make the namespace where there is none
   */
  public record Apply(
      String serverSide,
      boolean forceConflicts,
      boolean takeOwnership,
      String waiting,
      boolean createNamespace) {

    private static final String NO = "false";

    /** As Helm does without flags. */
    public static final Apply DEFAULT = new Apply("auto", false, false, NO, false);

    private Apply with(String flag, String value) {
      return switch (flag) {
        case SERVER_SIDE ->
            new Apply(value, forceConflicts, takeOwnership, waiting, createNamespace);
        case FORCE_CONFLICTS ->
            new Apply(serverSide, !value.equals(NO), takeOwnership, waiting, createNamespace);
        case OWNERSHIP ->
            new Apply(serverSide, forceConflicts, !value.equals(NO), waiting, createNamespace);
        case WAIT -> new Apply(serverSide, forceConflicts, takeOwnership, value, createNamespace);
        // What goes back when the objects do not get ready has to wait for them.
        case ATOMIC, ROLLBACK ->
            new Apply(
                serverSide,
                forceConflicts,
                takeOwnership,
                waits() ? waiting : value,
                createNamespace);
        case CREATE_NAMESPACE ->
            new Apply(serverSide, forceConflicts, takeOwnership, waiting, !value.equals(NO));
        default -> this;
      };
    }

    public boolean waits() {
      return !waiting.equals(NO) && !waiting.equals("hookOnly");
    }

    /** Helm 4 watches the objects, unless it is told to look at them as Helm 3 does. */
    public boolean watches() {
      return waits() && !waiting.equals("legacy");
    }
  }

  /**
   * Takes Helm's flags out of a command line; everything that is not known to be Helm's stays ours,
   * in its order. After "--" everything is Helm's.
   */
  public static Split split(List<String> line) {
    var ours = new ArrayList<String>();
    var helms = new ArrayList<String>();
    boolean reuse = false;
    var apply = Apply.DEFAULT;
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
        boolean next = takesNext && HelmFlags.DROPPED_CHOICE.get(name).contains(line.get(i + 1));
        apply =
            apply.with(
                name, equals > 0 ? word.substring(equals + 1) : next ? line.get(i + 1) : "true");
        i += next ? 1 : 0;
      } else if (HelmFlags.DROPPED_SWITCH.contains(name)) {
        apply = apply.with(name, equals > 0 ? word.substring(equals + 1) : "true");
      } else {
        ours.add(word);
      }
    }
    return new Split(ours, helms, reuse, apply);
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

  /** Arguments for {@code helm show chart}: where the chart comes from, without its values. */
  List<String> showChart() {
    var arguments = new ArrayList<>(List.of("show", "chart", chart));
    for (var flag : eachFlag()) {
      if (HelmFlags.FINDING.contains(name(flag.getFirst().split("=", 2)[0]))) {
        arguments.addAll(flag);
      }
    }
    return arguments;
  }

  /** Helm looks for the chart in a repository, even where a folder has its name. */
  boolean fromRepository() {
    return flags.stream().anyMatch(word -> word.equals("--repo") || word.startsWith("--repo="));
  }

  /** The flags, each with the value that follows it as a word of its own. */
  private List<List<String>> eachFlag() {
    var all = new ArrayList<List<String>>();
    for (int i = 0; i < flags.size(); i++) {
      var word = flags.get(i);
      boolean two =
          !word.contains("=") && HelmFlags.VALUE.contains(name(word)) && i + 1 < flags.size();
      all.add(two ? List.of(word, flags.get(++i)) : List.of(word));
    }
    return all;
  }

  /** The chart as the user named it, but for what a URL may hold of credentials. */
  public String shownChart() {
    var chartOnly = USER_IN_URL.matcher(chart).replaceFirst("");
    return QUERY_OF_URL.matcher(chartOnly).replaceFirst("$1");
  }

  /** These arguments as a fact: flags that may hold secrets are left out. */
  public InstallCommand command(String namespace) {
    var shown = new ArrayList<String>();
    boolean complete = shownChart().equals(chart);
    for (var flag : eachFlag()) {
      var other = NAME_OF_SECRET.matcher(String.join("=", flag)).replaceAll("$1");
      if (SECRET.matcher(other).find()) {
        complete = false;
      } else {
        shown.addAll(flag);
      }
    }
    if (reuseValues) {
      shown.add(InstallCommand.REUSE_VALUES);
    }
    if (apply.createNamespace()) {
      shown.add("--" + CREATE_NAMESPACE);
    }
    return new InstallCommand(release, namespace, shownChart(), shown, complete);
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
