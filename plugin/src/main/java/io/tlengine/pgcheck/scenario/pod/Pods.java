package io.tlengine.pgcheck.scenario.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.api.Deletion;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Deletes pods and waits for them, by watching. */
public final class Pods {

  /** How often an object that changes all the time is looked at anew. */
  private static final int TRIES = 10;

  private final Cluster cluster;
  private final String namespace;

  public Pods(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /** The pod of that name, when there is one. */
  public Optional<Pod> get(String name) {
    return Optional.ofNullable(cluster.client().pods().inNamespace(namespace).withName(name).get());
  }

  /** It serves, and is not on its way to its end. */
  public static boolean ready(@Nullable Pod pod) {
    return pod != null
        && pod.getMetadata().getDeletionTimestamp() == null
        && Readiness.isPodReady(pod);
  }

  /**
   * Deletes exactly this pod. The request names the version that was just seen to live, so that
   * what has ended by itself, or was deleted by somebody else, is never taken for ours.
   *
   * @throws ScenarioException when it is not there any more, or ends already
   */
  public void delete(Pod pod) throws ScenarioException {
    var name = pod.getMetadata().getName();
    var uid = pod.getMetadata().getUid();
    for (int i = 0; i < TRIES; i++) {
      var live = get(name).orElse(null);
      if (live == null
          || !live.getMetadata().getUid().equals(uid)
          || live.getMetadata().getDeletionTimestamp() != null) {
        throw new ScenarioException(
            "the pod "
                + name
                + (live != null && live.getMetadata().getUid().equals(uid)
                    ? " was being deleted"
                    : " was gone or replaced")
                + " before it was to be deleted: by itself, or by somebody else",
            "kubectl get events --field-selector involvedObject.name="
                + name
                + " -n "
                + namespace
                + "; run again when nobody changes it");
      }
      if (new Deletion(cluster, namespace, "pods").unchanged(live.getMetadata())) {
        return;
      }
    }
    throw new ScenarioException(
        "the pod " + name + " changed each time before it was to be deleted",
        "see who changes it: kubectl get pod "
            + name
            + " -n "
            + namespace
            + " -o yaml --show-managed-fields");
  }

  /** Waits until the pod with this UID is gone, by name and watch. */
  public void awaitGone(Pod pod, Instant deadline) throws ScenarioException, InterruptedException {
    var uid = pod.getMetadata().getUid();
    await(
        pod.getMetadata().getName(),
        p -> p == null || !p.getMetadata().getUid().equals(uid),
        deadline,
        "is still there");
  }

  /** Waits for a ready pod of this name with another UID. */
  public Pod awaitSuccessor(Pod pod, Instant deadline)
      throws ScenarioException, InterruptedException {
    var uid = pod.getMetadata().getUid();
    return await(
        pod.getMetadata().getName(),
        p -> p != null && !p.getMetadata().getUid().equals(uid) && ready(p),
        deadline,
        "has no ready successor");
  }

  /** Waits until a pod of this name, which is not ending, runs this container, ready or not. */
  public void awaitRunning(String name, String container, Instant deadline)
      throws ScenarioException, InterruptedException {
    await(name, p -> running(p, container), deadline, "does not run " + container);
  }

  private static boolean running(@Nullable Pod pod, String container) {
    return pod != null
        && pod.getMetadata().getDeletionTimestamp() == null
        && pod.getStatus().getContainerStatuses().stream()
            .anyMatch(
                c ->
                    c.getName().equals(container)
                        && c.getState() != null
                        && c.getState().getRunning() != null);
  }

  private Pod await(
      String name, Predicate<@Nullable Pod> condition, Instant deadline, String otherwise)
      throws ScenarioException, InterruptedException {
    long millis = Math.max(1, Duration.between(Instant.now(), deadline).toMillis());
    try {
      return cluster
          .client()
          .pods()
          .inNamespace(namespace)
          .withName(name)
          .waitUntilCondition(condition, millis, TimeUnit.MILLISECONDS);
    } catch (KubernetesClientTimeoutException e) {
      throw new ScenarioException(
          "the pod " + name + " " + otherwise + " after " + millis / 1_000 + " s",
          // Of one that never came there is nothing to describe; its events say why.
          get(name).isPresent()
              ? "kubectl describe pod " + name + " -n " + namespace
              : "kubectl get pods,events -n " + namespace);
    } catch (KubernetesClientException e) {
      if (Thread.interrupted() || e.getCause() instanceof InterruptedException) {
        throw new InterruptedException();
      }
      throw e;
    }
  }
}
