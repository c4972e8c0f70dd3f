package io.tlengine.pgcheck.gather.install;

import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.InstallerRights;
import io.tlengine.pgcheck.fact.InstallerRights.Answer;
import io.tlengine.pgcheck.gather.api.AccessReview;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.api.Reads;
import io.tlengine.pgcheck.gather.install.InstallerNeeds.Need;
import io.tlengine.pgcheck.gather.source.Parallel;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/**
 * Asks the authorizer itself, one review for each verb and resource, all at the same time. A list
 * of the user's rules would be one request, but it leaves out what webhooks decide.
 */
final class AccessReviews {

  private AccessReviews() {}

  static Fact<InstallerRights> ask(Cluster cluster, List<Need> needs) {
    return Reads.fact(
        "ask what you may do (create selfsubjectaccessreviews)",
        "kubectl create clusterrolebinding pgcheck-basic --clusterrole=system:basic-user"
            + " --group=system:authenticated",
        () ->
            new InstallerRights(
                cluster.user().orElse(""),
                Parallel.all(
                    needs.stream().map(n -> (Callable<Answer>) () -> ask(cluster, n)).toList())));
  }

  private static Answer ask(Cluster cluster, Need need) {
    var status =
        AccessReview.ask(
            cluster, need.verb(), need.group(), need.resource(), need.namespace().orElse(null));
    return new Answer(
        need.verb(),
        need.group(),
        need.resource(),
        need.namespace(),
        need.why(),
        Boolean.TRUE.equals(status.getAllowed()),
        Objects.requireNonNullElse(status.getReason(), ""));
  }
}
