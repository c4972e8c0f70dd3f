package io.tlengine.pgcheck.scenario.volume;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.VolumeProbe;
import io.tlengine.pgcheck.fact.VolumeProbe.Ending;
import io.tlengine.pgcheck.gather.api.AccessReview;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.gather.rbac.ApiRight;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.scenario.job.HelperJob;
import io.tlengine.pgcheck.scenario.job.HelperObjects;
import io.tlengine.pgcheck.scenario.job.ProbeResult;
import io.tlengine.pgcheck.scenario.pod.Pods;
import io.tlengine.pgcheck.scenario.pod.Warnings;
import io.tlengine.pgcheck.scenario.progress.Progress;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.progress.Uninterrupted;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * PGC-209: makes a claim like the first planned one, lets a pod write and flush, deletes the pod,
 * and lets a second one read. All it makes belongs to a Job that ends by itself; it is deleted
 * whatever happens.
 */
public final class VolumeProber {

  /** Kept back of the run's time, to put away what was made. */
  private static final Duration CLEAN_UP = Duration.ofSeconds(45);

  /** How long the Job outlives the time that the probe itself may take. */
  private static final Duration MARGIN = Duration.ofSeconds(60);

  private static final Duration SHORTEST = Duration.ofSeconds(10);

  private static final List<ApiRight> MAKE_AND_PUT_AWAY =
      List.of(
          ApiRight.inNamespace("batch", "jobs", "create"),
          ApiRight.inNamespace("batch", "jobs", "delete"),
          ApiRight.inNamespace("", "pods", "delete"),
          ApiRight.inNamespace("", "persistentvolumeclaims", "delete"));

  private final Cluster cluster;
  private final String namespace;
  private final Progress progress;
  private final Warnings warnings;
  private final HelperObjects made;

  public VolumeProber(Cluster cluster, String namespace, Progress progress) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.progress = progress;
    this.warnings = new Warnings(cluster, namespace);
    this.made = new HelperObjects(cluster, namespace);
  }

  /**
   * @param timeout for all of it, the cleaning up included
   * @throws InterruptedException when the program was told to end; what was made is gone then
   */
  public Fact<VolumeProbe> observe(Plan plan, Duration timeout) throws InterruptedException {
    if (plan.claims().isEmpty()) {
      return Fact.notApplicable("the release makes no claims");
    }
    var claim = plan.claims().getFirst();
    if (claim.storageClass().filter(String::isEmpty).isPresent()) {
      return Fact.notApplicable("the claims want no class, so no volume is made for them");
    }
    var pod = ProbePod.of(plan, claim.set());
    if (pod.isEmpty()) {
      return Fact.notApplicable("no pod of the plan uses the claim " + claim.name());
    }
    var lacking = AccessReview.lacking(cluster, namespace, MAKE_AND_PUT_AWAY);
    // Who may not even make them is told so by the request itself.
    if (lacking.filter(right -> right.verb().equals("delete")).isPresent()) {
      return Fact.unavailable(
          "you may not "
              + lacking.get().action(namespace)
              + ", so what the probe makes could not be taken away again; nothing was made",
          lacking.get().grantForLooks(namespace).to(cluster.user().orElse("")));
    }
    var objects = new ProbeObjects(HelperJob.newName("pgcheck-probe"), claim, pod.get());
    var time = timeout.minus(CLEAN_UP);
    return run(objects, time.compareTo(SHORTEST) < 0 ? SHORTEST : time);
  }

  private Fact<VolumeProbe> run(ProbeObjects objects, Duration time) throws InterruptedException {
    var deadline = Instant.now().plus(time);
    try {
      var job = made.make(objects.job(time.plus(MARGIN)));
      return Fact.known(probe(objects, job, deadline, time));
    } catch (KubernetesClientException e) {
      if (Thread.interrupted() || e.getCause() instanceof InterruptedException) {
        throw new InterruptedException();
      }
      return refused(e);
    } finally {
      Uninterrupted.run(() -> putAway(objects));
    }
  }

  /** Quota, admission and rights have their own codes: nothing was shown about the volume. */
  private Fact<VolumeProbe> refused(KubernetesClientException e) {
    boolean rights = e.getCode() == HttpURLConnection.HTTP_FORBIDDEN;
    return Fact.unavailable(
        "the probe's objects could not be made: " + Failure.of(e),
        rights
            ? "if it is a right, helm pgcheck preflight --print-rbac --probe-volume prints the Role"
                + " that it takes"
            : "run again");
  }

  private VolumeProbe probe(ProbeObjects objects, Job job, Instant deadline, Duration time)
      throws InterruptedException {
    long start = System.nanoTime();
    made.make(objects.claim(job));
    var writer = made.make(objects.pod(job, "write.sh", time));
    progress.step("made the claim " + objects.name() + " and a pod that writes to it");
    var claim = awaitBound(objects.name(), deadline);
    long provisioning = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    var storageClass =
        Objects.requireNonNullElse(
            claim.getSpec().getStorageClassName(),
            objects.claim().storageClass().orElse("(default)"));
    return new VolumeProbe(
        objects.claim().name(),
        storageClass,
        objects.claim().size(),
        bound(claim)
            ? writeAndRead(objects, job, writer, provisioning, deadline, time)
            : unbound(objects, provisioning));
  }

  private Ending writeAndRead(
      ProbeObjects objects, Job job, Pod writer, long provisioning, Instant deadline, Duration time)
      throws InterruptedException {
    progress.step("the claim got its volume");
    var written = awaitEnd(writer, deadline);
    var trouble = ProbeResult.trouble(written, "write", warnings.newest(writer));
    if (trouble.isPresent()) {
      return trouble.get();
    }
    var pods = new Pods(cluster, namespace);
    try {
      pods.delete(writer);
      pods.awaitGone(writer, deadline);
    } catch (ScenarioException e) {
      return new Ending.Undecided(e.getMessage(), e.remedy());
    }
    progress.step("wrote, flushed, and deleted the pod");
    var reader = made.make(objects.pod(job, "read.sh", time));
    var read = awaitEnd(reader, deadline);
    trouble = ProbeResult.trouble(read, "read", warnings.newest(reader));
    if (trouble.isPresent()) {
      return trouble.get();
    }
    progress.step("read it back in a new pod");
    return ProbeResult.compare(written, read, provisioning);
  }

  private Ending unbound(ProbeObjects objects, long waited) {
    var claim =
        client().persistentVolumeClaims().inNamespace(namespace).withName(objects.name()).get();
    var pod = client().pods().inNamespace(namespace).withName(objects.podNames().getFirst()).get();
    var reason = pod == null ? "" : ProbeResult.notScheduled(pod);
    var said = claim == null ? "" : warnings.newest(claim);
    return new Ending.NotProvisioned(
        waited, said.isEmpty() ? reason : reason.isEmpty() ? said : said + "; " + reason);
  }

  private PersistentVolumeClaim awaitBound(String name, Instant deadline) {
    var resource = client().persistentVolumeClaims().inNamespace(namespace).withName(name);
    try {
      return resource.waitUntilCondition(
          c -> c != null && bound(c), millisUntil(deadline), TimeUnit.MILLISECONDS);
    } catch (KubernetesClientTimeoutException e) {
      return resource.get();
    }
  }

  private static boolean bound(PersistentVolumeClaim claim) {
    return claim.getStatus() != null && "Bound".equals(claim.getStatus().getPhase());
  }

  /** The pod when it has ended, or when it never will begin. */
  private Pod awaitEnd(Pod pod, Instant deadline) {
    var resource = client().pods().inNamespace(namespace).withName(pod.getMetadata().getName());
    try {
      return resource.waitUntilCondition(
          p -> p != null && ProbeResult.decided(p), millisUntil(deadline), TimeUnit.MILLISECONDS);
    } catch (KubernetesClientTimeoutException e) {
      return resource.get();
    }
  }

  private static long millisUntil(Instant deadline) {
    return Math.max(1, Duration.between(Instant.now(), deadline).toMillis());
  }

  private void putAway(ProbeObjects objects) {
    var end = Instant.now().plus(CLEAN_UP);
    try {
      if (!made.putAway(CLEAN_UP)) {
        return;
      }
      client()
          .persistentVolumeClaims()
          .inNamespace(namespace)
          .withName(objects.name())
          .waitUntilCondition(Objects::isNull, millisUntil(end), TimeUnit.MILLISECONDS);
      progress.step("deleted the claim and what belonged to it");
    } catch (KubernetesClientException e) {
      progress.step(
          "could not delete everything that the Job "
              + objects.name()
              + " owns ("
              + Failure.of(e)
              + "); it ends by itself, or: kubectl delete job,pvc "
              + objects.name()
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
