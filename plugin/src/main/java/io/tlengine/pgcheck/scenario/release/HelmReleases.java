package io.tlengine.pgcheck.scenario.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tlengine.pgcheck.fact.Grant;
import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.gather.failure.GatherException.Kind;
import io.tlengine.pgcheck.gather.helm.Helm;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What Helm knows of a release, and taking one back from an uninstall that kept its history. */
public final class HelmReleases {

  /** In which an uninstall that keeps the history leaves a release, and a killed way back. */
  private static final Set<String> AWAY = Set.of("uninstalled", "uninstalling", "pending-rollback");

  private HelmReleases() {}

  /**
   * @param status as Helm names it: deployed, pending-upgrade, uninstalled ...
   */
  public record HelmRelease(int revision, String status) {}

  /**
   * Empty when Helm knows no such release, or where there is no Helm.
   *
   * @throws GatherException when Helm cannot tell: the release may be in the middle of an upgrade
   */
  static Optional<HelmRelease> find(Helm helm, String namespace, String release, Duration timeout) {
    if (!helm.there()) {
      return Optional.empty();
    }
    var result =
        helm.run(
            List.of("get", "metadata", release, "--namespace", namespace, "--output", "json"),
            InputStream.nullInputStream(),
            timeout);
    if (result.code() != 0 && result.err().contains("not found")) {
      return Optional.empty();
    }
    if (result.code() != 0) {
      throw new GatherException(
          Kind.OUT_OF_REACH,
          "whether Helm changes the release " + release + " is not known: " + result.cause(),
          result.cause().contains("forbidden")
              ? Grant.inNamespace("pgcheck-helm", namespace, "--verb=get,list --resource=secrets")
                  .after(result.err())
              : "run again");
    }
    try {
      var root = new ObjectMapper().readTree(result.out());
      return Optional.of(
          new HelmRelease(root.path("revision").asInt(), root.path("status").asText()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("helm get metadata wrote no JSON", e);
    }
  }

  /** Uninstalls it, so that it can be rolled back. */
  public static void uninstall(Helm helm, String namespace, String release, Instant deadline)
      throws ScenarioException {
    var left = Duration.between(Instant.now(), deadline);
    var result =
        helm.run(
            List.of("uninstall", release, "--keep-history", "--namespace", namespace),
            InputStream.nullInputStream(),
            left);
    if (result.code() != 0) {
      throw new ScenarioException(
          "helm uninstall " + release + " failed: " + result.cause(),
          "helm history " + release + " -n " + namespace);
    }
  }

  /**
   * Rolls a release back that is uninstalled with its history kept.
   *
   * @return false when it is there already
   */
  public static boolean rollBackUninstalled(
      Helm helm, String namespace, String release, int revision, Instant deadline)
      throws ScenarioException {
    var left = Duration.between(Instant.now(), deadline);
    var found = find(helm, namespace, release, left);
    if (found.isPresent() && !AWAY.contains(found.get().status())) {
      return false;
    }
    var result =
        helm.run(
            List.of(
                "rollback",
                release,
                String.valueOf(revision),
                "--namespace",
                namespace,
                "--wait",
                "--timeout",
                Math.max(1, left.toSeconds()) + "s"),
            InputStream.nullInputStream(),
            left);
    if (result.code() != 0) {
      throw new ScenarioException(
          "helm rollback " + release + " " + revision + " failed: " + result.cause(),
          "helm history " + release + " -n " + namespace);
    }
    return true;
  }
}
