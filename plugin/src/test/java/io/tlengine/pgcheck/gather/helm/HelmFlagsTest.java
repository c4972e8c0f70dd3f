package io.tlengine.pgcheck.gather.helm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our list of Helm's flags against the help texts of real Helms. */
class HelmFlagsTest {

  /**
   * As pflag prints it: {@code -f, --values strings specify ...}; a value that may be left out
   * stands behind the type, as in {@code --wait WaitStrategy[=watcher]}.
   */
  private static final Pattern LINE =
      Pattern.compile("^ {2,6}(?:(-\\w), )?--([\\w-]+)( \\S+?)?(\\[=\\S+])? {2,}\\S.*$");

  /** Flags that Helm takes away before it calls a plugin (Helm, pkg/cmd/load_plugins.go). */
  private static final Set<String> KEPT_BY_HELM =
      Set.of(
          "debug",
          "kube-apiserver",
          "kube-as-group",
          "kube-as-user",
          "kube-ca-file",
          "kube-context",
          "kube-insecure-skip-tls-verify",
          "kube-tls-server-name",
          "kube-token",
          "kubeconfig",
          "namespace",
          "registry-config",
          "repository-cache",
          "repository-config");

  /**
   * @param arity 0 for a switch or a value only after "=", 1 for a value
   */
  private record Flag(Optional<String> shortForm, String name, int arity) {}

  private static Optional<Flag> flag(String line) {
    var match = LINE.matcher(line);
    return match.matches()
        ? Optional.of(
            new Flag(
                Optional.ofNullable(match.group(1)),
                match.group(2),
                match.group(3) == null || match.group(4) != null ? 0 : 1))
        : Optional.empty();
  }

  /** What we would do wrong with this flag; nothing when it is known with its arity. */
  private static Optional<String> fault(Flag flag) {
    var name = flag.name();
    if (KEPT_BY_HELM.contains(name) || HelmFlags.OURS.contains(name)) {
      return Optional.empty();
    }
    if (HelmFlags.DROPPED_CHOICE.containsKey(name)) {
      return Optional.empty();
    }
    boolean value = HelmFlags.VALUE.contains(name) || HelmFlags.DROPPED_VALUE.contains(name);
    boolean none =
        HelmFlags.SWITCH.contains(name)
            || HelmFlags.DROPPED_SWITCH.contains(name)
            || HelmFlags.REUSE.contains(name);
    if (!value && !none) {
      return Optional.of("--" + name + " is not known");
    }
    if ((flag.arity() == 1) != value) {
      return Optional.of("--" + name + " takes " + flag.arity() + " values");
    }
    var shortForm = flag.shortForm();
    return shortForm.isPresent() && !name.equals(HelmFlags.SHORT.get(shortForm.get()))
        ? Optional.of(shortForm.get() + " is not known as --" + name)
        : Optional.empty();
  }

  @ParameterizedTest
  @CsvSource({
    "helm3, install", "helm3, upgrade", "helm3, template",
    "helm4, install", "helm4, upgrade", "helm4, template"
  })
  void everyFlagOfARealHelmIsKnownWithItsArity(String helm, String command)
      throws IOException, InterruptedException {
    var flags = flags(RealHelm.run(helm, command, "--help"));
    // A help text that could not be read would compare well with anything.
    assertFalse(flags.size() < 30, flags.size() + " flags in helm " + command + " --help");

    assertEquals(List.of(), flags.stream().flatMap(f -> fault(f).stream()).toList());
  }

  /** The rendering's flags that helm show chart takes, too: all of them, and no other. */
  @ParameterizedTest
  @ValueSource(strings = {"helm3", "helm4"})
  void theFlagsThatFindAChartAreThoseOfShowChart(String helm)
      throws IOException, InterruptedException {
    var shared =
        flags(RealHelm.run(helm, "show", "chart", "--help")).stream()
            .map(Flag::name)
            .filter(name -> HelmFlags.VALUE.contains(name) || HelmFlags.SWITCH.contains(name))
            .collect(Collectors.toSet());

    assertEquals(HelmFlags.FINDING, shared);
  }

  private static List<Flag> flags(String help) {
    return help.lines().flatMap(line -> flag(line).stream()).toList();
  }

  @Test
  void theComparisonFindsAFlagThatIsMissingOrHasAnotherArity() {
    assertEquals(
        Optional.of("--brand-new is not known"),
        fault(flag("      --brand-new string   something").orElseThrow()));
    assertEquals(
        Optional.of("--set takes 0 values"),
        fault(flag("      --set                set it").orElseThrow()));
    assertEquals(
        Optional.of("--devel takes 1 values"),
        fault(flag("      --devel string       now with a value").orElseThrow()));
    assertEquals(
        Optional.of("-x is not known as --values"),
        fault(flag("  -x, --values strings   values").orElseThrow()));
    assertEquals(
        Optional.empty(), fault(flag("  -f, --values strings   specify values").orElseThrow()));
    assertEquals(
        Optional.empty(), fault(flag("      --wait WaitStrategy[=watcher]   wait").orElseThrow()));
  }
}
