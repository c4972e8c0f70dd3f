package io.tlengine.pgcheck.scenario.journal;

import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseList;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.tlengine.pgcheck.fact.Grant;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.gather.failure.GatherException.Kind;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The Lease (coordination.k8s.io/v1) that lets one run at a time change a release. It is renewed
 * while the run lasts, and again before each change.
 */
public final class RunLease implements AutoCloseable {

  static final Duration DURATION = Duration.ofSeconds(30);
  private static final Duration RENEWAL = Duration.ofSeconds(10);

  /** How often it is looked for what a request that was cut off has done. */
  private static final int TRIES = 5;

  private static final Duration PAUSE = Duration.ofMillis(200);

  private final NonNamespaceOperation<Lease, LeaseList, Resource<Lease>> leases;
  private final CountDownLatch closed = new CountDownLatch(1);
  private Lease held;
  private boolean lost;

  private RunLease(NonNamespaceOperation<Lease, LeaseList, Resource<Lease>> leases, Lease held) {
    this.leases = leases;
    this.held = held;
    Thread.ofVirtual().name("lease").start(this::keepRenewing);
  }

  /**
   * Takes the Lease: a free one, one whose holder ended on this machine, one that was not renewed
   * for its duration.
   *
   * @param patience how long to wait for another's Lease to run out; zero: not at all
   * @throws ScenarioException when it may not be made
   * @throws GatherException when another run holds it
   */
  public static RunLease acquire(
      Cluster cluster, String namespace, String release, Holder self, Duration patience)
      throws ScenarioException, InterruptedException {
    var giveUp = Instant.now().plus(patience);
    var name = OwnObjects.leaseName(release);
    var leases = cluster.client().leases().inNamespace(namespace);
    var resource = leases.withName(name);
    var wanted =
        new LeaseBuilder()
            .withMetadata(OwnObjects.metadata(name, namespace, release))
            .withNewSpec()
            .withHolderIdentity(self.text())
            .withLeaseDurationSeconds(Math.toIntExact(DURATION.toSeconds()))
            .withAcquireTime(now())
            .withRenewTime(now())
            .endSpec()
            .build();
    try {
      while (true) {
        var there = resource.get();
        try {
          if (there == null) {
            return new RunLease(leases, leases.resource(wanted).create());
          }
          if (ended(there) || expired(leases, there)) {
            var taken = new LeaseBuilder(there).withSpec(wanted.getSpec()).build();
            return new RunLease(leases, leases.resource(taken).update());
          }
        } catch (KubernetesClientException e) {
          if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
            throw e;
          }
          continue; // Somebody was faster: look again.
        }
        if (!Instant.now().isBefore(giveUp)) {
          throw heldBy(there, release);
        }
        awaitChange(resource, there, giveUp);
      }
    } catch (KubernetesClientException e) {
      if (Thread.interrupted() || e.getCause() instanceof InterruptedException) {
        throw new InterruptedException();
      }
      throw new ScenarioException(
          "the Lease " + name + " could not be taken, so nothing was changed: " + Failure.of(e),
          Failure.remedy(
              e,
              Grant.inNamespace(
                  "pgcheck-run",
                  namespace,
                  "--verb=get,list,watch,create,update,patch,delete"
                      + " --resource=leases.coordination.k8s.io,configmaps")),
          e);
    }
  }

  /**
   * Renews it, which shows that it is still ours.
   *
   * @throws ScenarioException when it is not: another run may be at work
   */
  public synchronized void check() throws ScenarioException {
    try {
      renew();
    } catch (KubernetesClientException e) {
      throw new ScenarioException(
          "the Lease " + held.getMetadata().getName() + " is no longer ours: " + became(e),
          "see who holds it: kubectl get lease "
              + held.getMetadata().getName()
              + " -n "
              + held.getMetadata().getNamespace());
    }
  }

  /** An update of one that is gone conflicts, too: its UID is not the one that is named. */
  private String became(KubernetesClientException failure) {
    if (failure.getCode() != HttpURLConnection.HTTP_CONFLICT
        && failure.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
      return Failure.of(failure);
    }
    try {
      var there = leases.withName(held.getMetadata().getName()).get();
      if (there == null) {
        return "somebody deleted it";
      }
      lost |= !identity(there).equals(identity(held));
      return "it is held by " + identity(there);
    } catch (KubernetesClientException e) {
      return Failure.of(failure);
    }
  }

  /**
   * For putting back, which needs nobody's leave but another run's: made anew where somebody
   * deleted it.
   *
   * @return false: another run has it; a request that failed alone does not say so
   */
  public synchronized boolean regained() {
    try {
      var there = leases.withName(held.getMetadata().getName()).get();
      if (there == null && !lost) {
        held = leases.resource(anew()).create();
      } else if (!identity(there).equals(identity(held))) {
        lost = true;
      }
    } catch (KubernetesClientException e) {
      // Made by another one in between.
      lost |= e.getCode() == HttpURLConnection.HTTP_CONFLICT;
    }
    return !lost;
  }

  private Lease anew() {
    return new LeaseBuilder(held)
        .editMetadata()
        .withResourceVersion(null)
        .withUid(null)
        .withCreationTimestamp(null)
        .withManagedFields()
        .endMetadata()
        .build();
  }

  private void renew() {
    try {
      held = leases.resource(renewed()).update();
    } catch (KubernetesClientException e) {
      var there =
          e.getCode() == HttpURLConnection.HTTP_CONFLICT
              ? leases.withName(held.getMetadata().getName()).get()
              : null;
      if (there == null || !identity(there).equals(identity(held))) {
        throw e;
      }
      // An earlier renewal arrived, and its answer did not.
      held = there;
    }
  }

  private Lease renewed() {
    return new LeaseBuilder(held).editSpec().withRenewTime(now()).endSpec().build();
  }

  private void keepRenewing() {
    try {
      while (!closed.await(RENEWAL.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          check();
        } catch (ScenarioException e) {
          // The next change asks again, and says so.
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Deletes it, if it is still ours. */
  @Override
  public void close() {
    closed.countDown();
    synchronized (this) {
      var there = Optional.of(held);
      // A renewal that was cut off may have arrived: then it is ours as it is now.
      for (int i = 0; i < TRIES && there.isPresent(); i++) {
        there = deleted(there.get()) ? Optional.empty() : own(identity(held));
      }
    }
  }

  private boolean deleted(Lease lease) {
    try {
      leases.resource(lease).lockResourceVersion(lease.getMetadata().getResourceVersion()).delete();
      return true;
    } catch (KubernetesClientException e) {
      // Out of reach: then it runs out.
      return e.getCode() != HttpURLConnection.HTTP_CONFLICT;
    }
  }

  private Optional<Lease> own(String identity) {
    try {
      return Optional.ofNullable(leases.withName(held.getMetadata().getName()).get())
          .filter(l -> identity(l).equals(identity));
    } catch (KubernetesClientException e) {
      return Optional.empty();
    }
  }

  /** After an interrupted {@link #acquire}: deletes what it has made, or makes while we look. */
  public static void drop(Cluster cluster, String namespace, String release, Holder self)
      throws InterruptedException {
    var resource =
        cluster.client().leases().inNamespace(namespace).withName(OwnObjects.leaseName(release));
    for (int i = 0; i < TRIES; i++) {
      try {
        var there = resource.get();
        if (there != null && identity(there).equals(self.text())) {
          resource.lockResourceVersion(there.getMetadata().getResourceVersion()).delete();
          return;
        }
      } catch (KubernetesClientException e) {
        // Out of reach: then it runs out.
      }
      TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
    }
  }

  private static boolean ended(Lease lease) {
    return Holder.parse(identity(lease)).filter(Holder::endedHere).isPresent();
  }

  /**
   * By the API server's clock alone: it writes a time beside each renewal, and a dry run of a new
   * object tells what time it is now.
   */
  private static boolean expired(
      NonNamespaceOperation<Lease, LeaseList, Resource<Lease>> leases, Lease lease) {
    var renewed =
        lease.getMetadata().getManagedFields().stream()
            .map(ManagedFieldsEntry::getTime)
            .filter(Objects::nonNull)
            .map(Instant::parse)
            .max(Instant::compareTo)
            .orElse(Instant.parse(lease.getMetadata().getCreationTimestamp()));
    var probe =
        new LeaseBuilder().withNewMetadata().withGenerateName("pgcheck-").endMetadata().build();
    var now = leases.resource(probe).dryRun().create().getMetadata().getCreationTimestamp();
    return Instant.parse(now).isAfter(renewed.plus(DURATION));
  }

  private static void awaitChange(Resource<Lease> resource, Lease seen, Instant giveUp)
      throws InterruptedException {
    var version = seen.getMetadata().getResourceVersion();
    long millis =
        Math.max(
            1, Math.min(Duration.between(Instant.now(), giveUp).toMillis(), RENEWAL.toMillis()));
    try {
      resource.waitUntilCondition(
          l -> l == null || !l.getMetadata().getResourceVersion().equals(version),
          millis,
          TimeUnit.MILLISECONDS);
    } catch (KubernetesClientTimeoutException e) {
      // Not renewed meanwhile; the caller looks whether it has run out.
    }
  }

  private static GatherException heldBy(Lease lease, String release) {
    var since = lease.getSpec() == null ? null : lease.getSpec().getAcquireTime();
    return new GatherException(
        Kind.OUT_OF_REACH,
        "another run works on "
            + release
            + ": "
            + identity(lease)
            + (since == null ? "" : ", since " + since.toInstant())
            + "; wait for its end; if it was killed, its Lease runs out after "
            + DURATION.toSeconds()
            + " s, and helm pgcheck persistence "
            + release
            + " --restore waits for that");
  }

  private static String identity(@Nullable Lease lease) {
    return lease == null || lease.getSpec() == null || lease.getSpec().getHolderIdentity() == null
        ? "nobody"
        : lease.getSpec().getHolderIdentity();
  }

  private static ZonedDateTime now() {
    return ZonedDateTime.now(ZoneOffset.UTC);
  }
}
