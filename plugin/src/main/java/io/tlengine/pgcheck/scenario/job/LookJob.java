package io.tlengine.pgcheck.scenario.job;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.gather.api.AccessReview;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.gather.rbac.ApiRight;
import io.tlengine.pgcheck.scenario.pod.Warnings;
import io.tlengine.pgcheck.scenario.progress.Progress;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.progress.Uninterrupted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A Job of one pod, from its making to its end: waits by watching, and leaves nothing. */
public final class LookJob {

  /** Kept back of the run's time, to put away what was made. */
  public static final Duration CLEAN_UP = Duration.ofSeconds(15);

  private static final Duration LONGER = Duration.ofMinutes(5);

  private static final ApiRight CREATE_JOBS = ApiRight.inNamespace("batch", "jobs", "create");
  private static final ApiRight DELETE_JOBS = ApiRight.inNamespace("batch", "jobs", "delete");

  private static final String JOB_NAME = "batch.kubernetes.io/job-name";

  private final Cluster cluster;
  private final String namespace;
  private final Progress progress;
  private final Duration given;
  private final HelperObjects objects;

  /**
   * @param given the user's --timeout, of which a wait is only a part
   */
  public LookJob(Cluster cluster, String namespace, Progress progress, Duration given) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.progress = progress;
    this.given = given;
    this.objects = new HelperObjects(cluster, namespace);
  }

  /**
   * Whether the Job could be taken away again.
   *
   * @throws ScenarioException when not: then none may be made
   */
  public void mayBeDeleted() throws ScenarioException {
    var lacking = AccessReview.lacking(cluster, namespace, List.of(CREATE_JOBS, DELETE_JOBS));
    // Who may not even make one is told so by the request itself.
    if (lacking.filter(DELETE_JOBS::equals).isPresent()) {
      throw new ScenarioException(
          "you may not "
              + lacking.get().action(namespace)
              + ", so the Job that looks could not be taken away again; none was made",
          lacking.get().grantForLooks(namespace).to(cluster.user().orElse("")));
    }
  }

  /** The Job as the API server made it, with its UID. */
  public Job create(Job job) throws InterruptedException {
    return objects.make(job);
  }

  /** The pod when its container has ended, or never will begin; by watching. */
  public Pod await(Job job, Duration time) throws ScenarioException, InterruptedException {
    var name = job.getMetadata().getName();
    var ended =
        client()
            .pods()
            .inNamespace(namespace)
            .withLabel(JOB_NAME, name)
            .informOnCondition(pods -> pods.stream().anyMatch(ProbeResult::decided));
    var refused =
        client()
            .v1()
            .events()
            .inNamespace(namespace)
            .withField("involvedObject.uid", job.getMetadata().getUid())
            .informOnCondition(events -> events.stream().anyMatch(LookJob::noPod));
    // Who may not read events waits until the time is up instead.
    var first =
        ended
            .thenApply(pods -> Optional.<Event>empty())
            .applyToEither(
                refused
                    .thenApply(events -> events.stream().filter(LookJob::noPod).findFirst())
                    .exceptionallyCompose(e -> new CompletableFuture<>()),
                event -> event);
    try {
      var event = first.get(time.toMillis(), TimeUnit.MILLISECONDS);
      if (event.isPresent()) {
        throw new ScenarioException(
            "the pod that looks was not let in: " + event.get().getMessage(),
            "mend what the message names (quota, limits, Pod Security, policy), then run again");
      }
      return ended.join().stream().filter(ProbeResult::decided).findFirst().orElseThrow();
    } catch (TimeoutException e) {
      throw notInTime(name);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KubernetesClientException known) {
        throw known;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      ended.cancel(true);
      refused.cancel(true);
    }
  }

  private static boolean noPod(Event event) {
    return "FailedCreate".equals(event.getReason());
  }

  private ScenarioException notInTime(String job) {
    var why =
        client().pods().inNamespace(namespace).withLabel(JOB_NAME, job).list().getItems().stream()
            .findFirst()
            .map(this::waiting)
            .orElse("the Job made no pod");
    return notInTime(given, why);
  }

  static ScenarioException notInTime(Duration given, String why) {
    return new ScenarioException(
        "the pod that looks did not end within the "
            + given.toSeconds()
            + " s of --timeout (some are kept to clean up): "
            + why,
        "give it more time, such as --timeout "
            + Math.max(LONGER.toMinutes(), given.multipliedBy(2).toMinutes())
            + "m, or mend what keeps pods of this namespace from starting");
  }

  /** The newest warning says more, as when a volume cannot be mounted. */
  private String waiting(Pod pod) {
    var why = ProbeResult.waiting(pod);
    var warning = new Warnings(cluster, namespace).newest(pod);
    return warning.isEmpty() || !ProbeResult.notScheduled(pod).isEmpty()
        ? why
        : why + "; " + warning;
  }

  /** Also on an interrupt. */
  public void putAway(String job) {
    Uninterrupted.run(() -> delete(job));
  }

  private void delete(String job) {
    var end = Instant.now().plus(CLEAN_UP);
    try {
      if (!objects.putAway(CLEAN_UP)) {
        return;
      }
      client()
          .pods()
          .inNamespace(namespace)
          .withLabel(JOB_NAME, job)
          .informOnCondition(List::isEmpty)
          .get(Math.max(1, Duration.between(Instant.now(), end).toMillis()), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      // Who may not list pods cannot wait for the end of ours; it goes with its Job.
    } catch (KubernetesClientException | TimeoutException e) {
      progress.step(
          "could not delete the Job "
              + job
              + " and its pod ("
              + Failure.of(e)
              + "); it ends by itself, or: kubectl delete job "
              + job
              + " -n "
              + namespace);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  private KubernetesClient client() {
    return cluster.client();
  }
}
