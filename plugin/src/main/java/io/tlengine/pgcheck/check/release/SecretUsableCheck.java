package io.tlengine.pgcheck.check.release;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.InstallCommand;
import io.tlengine.pgcheck.fact.SecretValues.Disagreement;
import io.tlengine.pgcheck.fact.SecretValues.ValueFact;
import io.tlengine.pgcheck.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The values in the Secret are what they look like: not empty, without the line break that an
 * editor or echo adds, without quotation marks around them, no placeholder, and safe in a URL where
 * a pod composes one. A URL's own form is PGC-110's, but for quotation marks around it.
 */
public final class SecretUsableCheck implements Check {

  private static final List<String> URL_KEY =
      List.of("--set-string", "database.secretKeys.url=DATABASE_URL");

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-803",
        "secret-usable",
        Severity.ERROR,
        "a value of the Secret is empty, ends in a line break, is a placeholder, breaks a URL that a pod composes, or contradicts another key");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.PLAN, FactKey.SECRET_VALUES, FactKey.INSTALL_COMMAND);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var plan = facts.get(FactKey.PLAN);
    var seen = facts.get(FactKey.SECRET_VALUES);
    if (seen.values().isEmpty()) {
      return new Outcome.Skipped(
          plan.secrets().stream()
              .filter(s -> !s.renderedByChart() && !s.keys().isEmpty())
              .findFirst()
              .map(s -> "follows from PGC-802: the Secret " + s.name() + " has no value yet")
              .orElse("no value of an existing Secret is used"));
    }
    var findings = new ArrayList<Finding>();
    for (var value : seen.values()) {
      fault(value, plan)
          .map(
              what ->
                  Finding.error(
                      "Secret/" + value.secret() + " key " + value.key(),
                      "the value of " + value.key() + " " + what,
                      "",
                      remedy(value, plan, facts.get(FactKey.INSTALL_COMMAND))))
          .ifPresent(findings::add);
    }
    seen.disagreements().forEach(d -> findings.add(finding(d)));
    return Outcome.of(
        findings,
        evidence("keys", seen.values().stream().map(ValueFact::key).distinct().sorted().toList()));
  }

  private static Optional<String> fault(ValueFact value, Plan plan) {
    if (value.placeholder()) {
      return Optional.of("is a placeholder; wanted: the real value");
    }
    // Of a URL too: one in quotation marks would be read as another scheme, and is not.
    if (value.quoted()) {
      return Optional.of(
          "stands in quotation marks, which become part of it; wanted: without them");
    }
    if (value.url()) {
      return Optional.empty();
    }
    if (value.empty()) {
      return Optional.of("is empty");
    }
    if (value.lineBreak()) {
      return Optional.of(
          "holds a line break, which becomes part of it; wanted: one line without end");
    }
    return composed(value, plan)
        .filter(c -> value.reserved())
        .map(
            c ->
                "has characters that must be percent-encoded in a URL, and "
                    + c.workload()
                    + " puts it into "
                    + c.variable()
                    + " as it is; wanted: letters, digits and ._~!$&'()*+,;=- only, or a key with"
                    + " the encoded URL");
  }

  private static Optional<Plan.UrlPart> composed(ValueFact value, Plan plan) {
    return plan.composedOf().stream()
        .filter(c -> c.secret().equals(value.secret()) && c.key().equals(value.key()))
        .findFirst();
  }

  private static String remedy(ValueFact value, Plan plan, InstallCommand install) {
    if (value.reserved()
        && !value.empty()
        && !value.lineBreak()
        && !value.quoted()
        && !value.placeholder()
        && composed(value, plan).isPresent()) {
      return "install with a key that holds the encoded URL, "
          + String.join(" ", URL_KEY)
          + ", which is added by: "
          + install.as("secret", URL_KEY);
    }
    return "write the value into a file with printf %s, then: kubectl create secret generic "
        + value.secret()
        + install.inNamespace()
        + " --from-file="
        + value.key()
        + "=./"
        + value.key()
        + ".txt --dry-run=client -o yaml | kubectl apply --server-side --force-conflicts -f -";
  }

  private static Finding finding(Disagreement disagreement) {
    var subject = "Secret/" + disagreement.secret();
    return disagreement.serious()
        ? Finding.error(subject, disagreement.what(), "", disagreement.remedy())
        : Finding.warning(subject, disagreement.what(), "", disagreement.remedy());
  }
}
