package io.tlengine.pgcheck.check.release;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.SecretFacts;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The Secret that the release's containers refer to exists and holds their keys: without it the
 * pods stay in CreateContainerConfigError.
 */
public final class SecretCompleteCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-802",
        "secret-complete",
        Severity.ERROR,
        "the Secret with the credentials, or a key it must hold, is missing");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.SECRET);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var secret = facts.get(FactKey.SECRET);
    var evidence =
        evidence("secret", secret.name(), "keys", secret.neededKeys().stream().sorted().toList());
    if (secret.renderedByChart()) {
      evidence.put("note", "the chart makes it");
      return new Outcome.Passed(evidence);
    }
    var missing =
        secret.neededKeys().stream().filter(k -> !secret.keys().contains(k)).sorted().toList();
    if (secret.exists() && missing.isEmpty()) {
      return new Outcome.Passed(evidence);
    }
    return new Outcome.Failed(
        List.of(
            Finding.error(
                "Secret/" + secret.name(),
                secret.exists()
                    ? "the Secret " + secret.name() + " lacks " + list(missing)
                    : "the Secret "
                        + secret.name()
                        + " does not exist in the namespace "
                        + secret.namespace()
                        + "; wanted: "
                        + list(missing),
                "",
                secret.exists() ? complete(secret, missing) : create(secret, missing))),
        evidence);
  }

  /** From files: a value on a command line would stay in the shell's history. */
  private static String create(SecretFacts secret, List<String> missing) {
    return "write each value into a file, then: kubectl create secret generic "
        + secret.name()
        + " -n "
        + secret.namespace()
        + missing.stream()
            .map(key -> " --from-file=" + key + "=./" + key + ".txt")
            .collect(Collectors.joining())
        + " (no line break at a file's end: printf %s, not echo)";
  }

  private static String complete(SecretFacts secret, List<String> missing) {
    return "add it: kubectl patch secret "
        + secret.name()
        + " -n "
        + secret.namespace()
        + " --type merge --patch-file patch.yaml, with stringData: "
        + missing.stream().map(key -> key + ": ...").collect(Collectors.joining(", "));
  }

  private static String list(List<String> keys) {
    return (keys.size() == 1 ? "the key " : "the keys ") + String.join(", ", keys);
  }
}
