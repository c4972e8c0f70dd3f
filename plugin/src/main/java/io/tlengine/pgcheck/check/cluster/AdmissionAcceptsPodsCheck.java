package io.tlengine.pgcheck.check.cluster;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.DryRuns.Answer;
import io.tlengine.pgcheck.fact.DryRuns.DryRun;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The API server takes the pods and claims that the release's objects make, in a dry run with
 * strict fields.
 */
public final class AdmissionAcceptsPodsCheck implements Check {

  private static final int BAD_REQUEST = 400;
  private static final int INVALID = 422;

  /**
   * What the level baseline forbids, too (k8s.io/pod-security-admission, policy, the checks'
   * forbidden reasons).
   */
  private static final Pattern BEYOND_BASELINE =
      Pattern.compile(
          "PodSecurity \"baseline|host namespaces|hostProcess|hostPort|host probes|privileged \\(|"
              + "non-default capabilities|hostPath|forbidden AppArmor|seLinuxOptions|procMount|"
              + "forbidden sysctls|\"Unconfined\"");

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-306",
        "admission-accepts-pods",
        Severity.ERROR,
        "Pod Security, a policy or a webhook rejects a pod or claim that the release makes");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.ADMISSION);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    // What is wrong with the template itself is wrong with its object, and PGC-308 says so.
    return DryRunAnswers.judge(
        facts.get(FactKey.ADMISSION).items().stream().filter(t -> !ofTemplate(t)).toList(),
        (tried, rejected) -> remedy(facts.get(FactKey.ADMISSION).namespace(), tried, rejected));
  }

  private static boolean ofTemplate(DryRun tried) {
    return tried.part().equals("its pod")
        && !tried.subject().startsWith("Pod/")
        && tried.answer() instanceof Answer.Rejected r
        && (r.code() == BAD_REQUEST || r.code() == INVALID)
        && !r.message().contains("denied");
  }

  private static String remedy(String namespace, DryRun tried, Answer.Rejected rejected) {
    var message = rejected.message();
    if (message.contains("violates PodSecurity")) {
      return "change securityContext of "
          + tried.subject()
          + " as the message names it, or install where a laxer level holds: kubectl label"
          + " --overwrite namespace "
          + namespace
          + " pod-security.kubernetes.io/enforce="
          + (BEYOND_BASELINE.matcher(message).find() ? "privileged" : "baseline");
    }
    if (message.contains("quota")) {
      return "see what is taken and raise it: kubectl describe resourcequota -n " + namespace;
    }
    return "change "
        + tried.subject()
        + " as the message says, or ask whoever keeps the policy: kubectl get"
        + " validatingadmissionpolicies,validatingwebhookconfigurations,mutatingwebhookconfigurations";
  }
}
