package io.tlengine.pgcheck.check.cluster;

import static io.tlengine.pgcheck.check.Outcome.evidence;

import io.tlengine.pgcheck.check.Check;
import io.tlengine.pgcheck.check.CheckInfo;
import io.tlengine.pgcheck.check.Finding;
import io.tlengine.pgcheck.check.Outcome;
import io.tlengine.pgcheck.check.Severity;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.Grant;
import io.tlengine.pgcheck.fact.InstallerRights.Answer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The user may do all that Helm does in an install or upgrade with these arguments
 * (authorization.k8s.io/v1 SelfSubjectAccessReview for each verb and resource).
 */
public final class InstallerMayCreateCheck implements Check {

  @Override
  public CheckInfo info() {
    return new CheckInfo(
        "PGC-302",
        "installer-may-create",
        Severity.ERROR,
        "you lack a right that Helm needs to install or upgrade this release");
  }

  @Override
  public Set<FactKey<?>> needs() {
    return Set.of(FactKey.INSTALLER_RIGHTS);
  }

  @Override
  public Outcome evaluate(Facts.View facts) {
    var rights = facts.get(FactKey.INSTALLER_RIGHTS);
    Map<String, List<Answer>> missing = new LinkedHashMap<>();
    rights.answers().stream()
        .filter(a -> !a.allowed())
        .forEach(
            a ->
                missing
                    .computeIfAbsent(qualified(a) + a.namespace(), k -> new ArrayList<>())
                    .add(a));
    return Outcome.of(
        missing.values().stream().map(m -> finding(rights.user(), m)).toList(),
        evidence("user", rights.user(), "rights", rights.answers().size()));
  }

  private static Finding finding(String user, List<Answer> missing) {
    var first = missing.getFirst();
    var verbs = missing.stream().map(Answer::verb).toList();
    return Finding.error(
        qualified(first),
        (user.isEmpty() ? "you" : user)
            + " may not "
            + String.join(", ", verbs)
            + " "
            + qualified(first)
            + first.namespace().map(n -> " in " + n).orElse(" in the whole cluster")
            + ", which Helm does for "
            + first.why(),
        missing.stream().map(Answer::reason).filter(r -> !r.isEmpty()).findFirst().orElse(""),
        remedy(user, first, verbs));
  }

  /** For somebody who may grant it: the role and its binding, both by one line. */
  private static String remedy(String user, Answer right, List<String> verbs) {
    var role = "helm-installer-" + qualified(right).replace('/', '-');
    var rights = "--verb=" + String.join(",", verbs) + " --resource=" + qualified(right);
    return right
        .namespace()
        .map(n -> Grant.inNamespace(role, n, rights))
        .orElseGet(() -> Grant.inCluster(role, rights))
        .to(user);
  }

  private static String qualified(Answer right) {
    return right.group().isEmpty() ? right.resource() : right.resource() + "." + right.group();
  }
}
