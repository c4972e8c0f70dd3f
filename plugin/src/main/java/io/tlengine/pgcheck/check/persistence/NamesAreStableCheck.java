package io.tlengine.pgcheck.check.persistence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.PodNames.Answer;
import java.util.LinkedHashMap;
import java.util.Set;

/**
 * Each pod's own DNS name leads to that pod, before and after its restart, asked from inside the
 * cluster (StatefulSet: stable network ID).
 */
public final class NamesAreStableCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-704",
        "names-are-stable",
        Severity.ERROR,
        "a pod's own DNS name does not lead to that pod, before or after its restart");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.POD_NAMES);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var seen = facts.get(FactKey.POD_NAMES);
    var answers = seen.answers();
    var mute = answers.stream().filter(a -> !a.askable()).findFirst();
    if (answers.isEmpty() || mute.isPresent()) {
      return new Outcome.Unknown(
          mute.map(a -> "the image of " + a.from() + " has neither getent nor psql to ask with")
              .orElse("no pod could be asked for"),
          "use an image with one of them, or ask from another pod: kubectl run ask --rm -i --restart=Never -n "
              + seen.namespace()
              + " --image=busybox -- nslookup "
              + mute.map(Answer::name).orElse("NAME"));
    }
    var findings =
        answers.stream()
            .filter(a -> !a.isThatPod())
            .map(a -> finding(a, seen.namespace()))
            .toList();
    var evidence = new LinkedHashMap<String, Object>();
    long pods = answers.stream().map(Answer::pod).distinct().count();
    long slowest =
        answers.stream()
            .filter(Answer::afterRestart)
            .mapToLong(Answer::waitedMillis)
            .max()
            .orElse(0);
    evidence.put(
        "summary",
        pods
            + (pods == 1 ? " name leads to its pod" : " names lead to their pods")
            + ", before and after the restart; the new address was known at most "
            + slowest
            + " ms after the pod was ready. Level: pod deleted");
    for (var answer : answers) {
      evidence.put(
          answer.pod() + (answer.afterRestart() ? " after" : " before"),
          Outcome.evidence(
              "name", answer.name(),
              "askedFrom", answer.from(),
              "addresses", answer.addresses(),
              "dns", answer.dns(),
              "server", answer.server().orElse("not asked"),
              "waitedMillis", answer.waitedMillis()));
    }
    if (!findings.isEmpty()) {
      evidence.remove("summary");
    }
    return Outcome.of(findings, evidence);
  }

  private static Finding finding(Answer answer, String namespace) {
    var seen =
        answer.dns().isEmpty() && answer.server().isEmpty()
            ? "does not resolve"
            : "leads to "
                + (answer.server().isPresent()
                    ? answer.server().get()
                    : String.join(", ", answer.dns()));
    return Finding.error(
        "Pod/" + answer.pod(),
        "the name "
            + answer.name()
            + " "
            + seen
            + (answer.afterRestart() ? " after the pod's restart" : "")
            + "; wanted: the pod's own address "
            + String.join(", ", answer.addresses()),
        answer.refusal().orElse(""),
        "kubectl get endpointslices -l kubernetes.io/service-name="
            + service(answer.name())
            + " -n "
            + namespace
            + " (the set's serviceName must be a headless Service that selects its pods)");
  }

  private static String service(String name) {
    var labels = name.split("\\.", 3);
    return labels.length > 1 ? labels[1] : name;
  }
}
