package io.tlengine.pgcheck.scenario.job;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.scenario.progress.Uninterrupted;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A helper Job and what it owns, made and put away again whatever the API server answered: a
 * request that got no answer may still be obeyed, and one that failed is repeated.
 */
public final class HelperObjects {

  /** For how long after a request without an answer its object may still appear. */
  static final Duration LATE = Duration.ofSeconds(10);

  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final int TOO_MANY_REQUESTS = 429;

  private final Cluster cluster;
  private final String namespace;
  private final List<HasMetadata> made = new ArrayList<>();
  private final Set<HasMetadata> unanswered = new HashSet<>();

  public HelperObjects(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /**
   * Waits for the answer even when the program is told to end: a request that is given up could be
   * obeyed behind the deletion.
   *
   * @throws KubernetesClientException when the API server refused, or did not answer
   * @throws InterruptedException when the program was told to end; it is made nevertheless
   */
  public <T extends HasMetadata> T make(T object) throws InterruptedException {
    made.add(object);
    T answer;
    try {
      answer =
          Uninterrupted.call(
              () -> cluster.client().resource(object).inNamespace(namespace).create());
    } catch (KubernetesClientException e) {
      if (refused(e)) {
        made.remove(object);
      } else {
        unanswered.add(object);
      }
      throw e;
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return answer;
  }

  /**
   * By name, since a request whose answer was cut off left no UID: the names are this run's alone.
   * The Job goes first, so that the garbage collector helps with the rest.
   *
   * @param time for all of it
   * @return whether there was anything
   * @throws KubernetesClientException what stood in the way to the end
   * @throws InterruptedException when the thread was; callers use one that nobody interrupts
   */
  public boolean putAway(Duration time) throws InterruptedException {
    var late = Instant.now().plus(LATE);
    var end = Instant.now().plus(time);
    var left = new ArrayList<>(made);
    var refusals = new ArrayList<KubernetesClientException>();
    while (true) {
      var failures = new ArrayList<>(refusals);
      for (var object : List.copyOf(left)) {
        if (Instant.now().isAfter(end)) {
          break;
        }
        try {
          boolean was = delete(object);
          if (was || !unanswered.contains(object) || Instant.now().isAfter(late)) {
            left.remove(object);
          }
        } catch (KubernetesClientException e) {
          failures.add(e);
          if (refused(e)) {
            refusals.add(e);
            left.remove(object);
          }
        }
      }
      if (left.isEmpty() || Instant.now().isAfter(end)) {
        if (!failures.isEmpty()) {
          throw failures.getLast();
        }
        return !made.isEmpty();
      }
      Thread.sleep(PAUSE);
    }
  }

  private boolean delete(HasMetadata object) {
    return !cluster
        .client()
        .resource(object)
        .inNamespace(namespace)
        .withPropagationPolicy(DeletionPropagation.BACKGROUND)
        .withGracePeriod(0)
        .delete()
        .isEmpty();
  }

  /** The API server's own no; a 5xx may stand before a request that is obeyed. */
  private static boolean refused(KubernetesClientException e) {
    return e.getCode() >= HttpURLConnection.HTTP_BAD_REQUEST
        && e.getCode() < HttpURLConnection.HTTP_INTERNAL_ERROR
        && e.getCode() != TOO_MANY_REQUESTS;
  }
}
