package io.tlengine.pgcheck.check.cluster;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.DryRuns.Answer;
import io.tlengine.pgcheck.fact.DryRuns.DryRun;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import java.util.Locale;
import java.util.Set;

/** The API server takes the release's objects themselves, in a dry run with strict fields. */
public final class ManifestsAcceptedCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-308",
        "manifests-accepted",
        Severity.ERROR,
        "the API server rejects an object of the release, or does not know a field of it");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.DRY_RUNS);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    return DryRunAnswers.judge(
        facts.get(FactKey.DRY_RUNS).items(),
        (tried, rejected) -> remedy(facts.get(FactKey.DRY_RUNS).namespace(), tried, rejected));
  }

  private static String remedy(String namespace, DryRun tried, Answer.Rejected rejected) {
    var message = rejected.message();
    if (message.contains("unknown field") || message.contains("field not declared")) {
      return "take the field out of the chart's values, or correct it: kubectl explain "
          + tried.subject().substring(0, tried.subject().indexOf('/')).toLowerCase(Locale.ROOT)
          + " --recursive";
    }
    if (message.contains("immutable")) {
      return "delete the old object, so that the upgrade makes it anew: kubectl delete "
          + tried.subject().toLowerCase(Locale.ROOT)
          + " -n "
          + namespace;
    }
    return "change " + tried.subject() + " in the chart's values as the message says";
  }
}
