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
import io.tlengine.pgcheck.plan.SecretRecipe;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
    return Set.of(FactKey.SECRET, FactKey.PLAN, FactKey.INSTALL_COMMAND);
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
                remedy(secret, missing, facts))),
        evidence);
  }

  /** The command that makes it; what only the user knows comes from files, never from words. */
  private static String remedy(SecretFacts secret, List<String> missing, Facts.View facts) {
    var parts =
        SecretRecipe.of(facts.get(FactKey.PLAN)).stream()
            .filter(r -> r.secret().equals(secret.name()))
            .flatMap(r -> r.parts().entrySet().stream())
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    var outside =
        missing.stream()
            .filter(k -> parts.get(k) instanceof SecretRecipe.Part.FromOutside)
            .toList();
    var files =
        outside.stream()
            .flatMap(key -> Stream.of("--from-file", key + "=./" + key + ".txt"))
            .toList();
    return (outside.isEmpty()
            ? ""
            : outside.stream()
                .map(key -> "write the value of " + key + " into " + key + ".txt, then: ")
                .collect(Collectors.joining()))
        + facts.get(FactKey.INSTALL_COMMAND).as("secret", files);
  }

  private static String list(List<String> keys) {
    return (keys.size() == 1 ? "the key " : "the keys ") + String.join(", ", keys);
  }
}
