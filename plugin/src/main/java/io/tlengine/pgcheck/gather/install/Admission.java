package io.tlengine.pgcheck.gather.install;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.fact.DryRuns.Answer;
import io.tlengine.pgcheck.fact.DryRuns.DryRun;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.gather.source.Look;
import io.tlengine.pgcheck.gather.source.Parallel;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/**
 * Tries the pods and claims that controllers will make of the release: what admission refuses there
 * is seen by nobody at the install, and only in the events of a set without pods.
 */
final class Admission {

  private static final Pattern QUOTA = Pattern.compile("exceeded quota");
  private static final String DEFAULT_ACCOUNT = "default";

  private final Look look;
  private final DryRunner runner;
  private final ReleaseNames own;

  Admission(Look look, ApiKinds kinds) {
    this.look = look;
    this.runner = new DryRunner(look, kinds);
    this.own = new ReleaseNames(look.manifests());
  }

  List<DryRun> tryAll(Map<HasMetadata, Optional<Boolean>> exists) {
    var tries = new ArrayList<Callable<DryRun>>();
    for (var object : look.manifests()) {
      var id = object.getKind() + "/" + object.getMetadata().getName();
      if (InstallerNeeds.test(object)) {
        continue;
      }
      boolean old = exists.getOrDefault(object, Optional.empty()).orElse(false);
      DerivedPods.pod(object)
          // A pod that is there as such would only be "already exists".
          .filter(p -> !(object instanceof Pod && old))
          .ifPresent(pod -> tries.add(() -> new DryRun(id, "its pod", tryPod(pod, old))));
      for (var claim : DerivedPods.claims(object)) {
        tries.add(
            () -> new DryRun(id, "its claim " + claim.getMetadata().getName(), tryClaim(claim)));
      }
    }
    return Parallel.all(tries);
  }

  /** A claim that is there already is not made again, and its quota is taken already. */
  private Answer tryClaim(HasMetadata claim) {
    Optional<Boolean> exists;
    try {
      exists = runner.exists(claim);
    } catch (KubernetesClientException e) {
      return new Answer.Undecided("the API server could not try it: " + Failure.of(e), "run again");
    }
    if (exists.orElse(false)) {
      return new Answer.Accepted();
    }
    var answer = runner.create(claim);
    return exists.isEmpty()
            && answer instanceof Answer.Rejected rejected
            && ofOneThatIsThere(rejected)
        ? new Answer.Undecided(
            "you may not get persistentvolumeclaims in "
                + look.namespace()
                + ", and for a claim that is there already it means nothing that "
                + rejected.message(),
            runner.printRbac())
        : answer;
  }

  private static boolean ofOneThatIsThere(Answer.Rejected rejected) {
    return rejected.code() == HttpURLConnection.HTTP_CONFLICT
        || QUOTA.matcher(rejected.message()).find();
  }

  private Answer tryPod(Pod pod, boolean upgrade) {
    if (own.makesNamespace(look.namespace())) {
      return new Answer.Undecided(
          "the namespace is made by the release itself", "make the namespace first");
    }
    var answer = runner.create(pod);
    if (!(answer instanceof Answer.Rejected rejected)) {
      return answer;
    }
    // The running pods hold the quota that their successors will have: PGC-303 does the sum.
    if (upgrade && QUOTA.matcher(rejected.message()).find()) {
      return new Answer.Accepted();
    }
    var account = pod.getSpec().getServiceAccountName();
    if (account != null
        && rejected.message().contains("service account")
        && own.makes("ServiceAccount", account)) {
      // What refuses the pod with another account refuses it with this one.
      return runner.create(withAccount(pod)) instanceof Answer.Rejected other
          ? other
          : new Answer.Undecided(
              "the service account " + account + " is made by the release itself",
              adopted(account));
    }
    return answer;
  }

  /** One with the label and the annotations by which Helm takes an object over at the install. */
  private String adopted(String account) {
    var release = look.arguments().release();
    return "make it, as one that the install takes over: kubectl create serviceaccount %1$s -n %2$s"
            .formatted(account, look.namespace())
        + " && kubectl label serviceaccount %1$s -n %2$s app.kubernetes.io/managed-by=Helm"
            .formatted(account, look.namespace())
        + (" && kubectl annotate serviceaccount %1$s -n %2$s meta.helm.sh/release-name=%3$s"
                + " meta.helm.sh/release-namespace=%2$s")
            .formatted(account, look.namespace(), release);
  }

  private static Pod withAccount(Pod pod) {
    return new PodBuilder(pod)
        .editSpec()
        .withServiceAccountName(DEFAULT_ACCOUNT)
        .withServiceAccount(null)
        .endSpec()
        .build();
  }
}
