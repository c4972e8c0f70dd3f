package io.tlengine.pgcheck.scenario.statefulset;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.scenario.journal.Journal.Entry;
import io.tlengine.pgcheck.scenario.journal.OwnObjects;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Writes the number of a StatefulSet's pods, and gives the field back to who owned it. */
public final class SetScale {

  private final Cluster cluster;
  private final String namespace;

  public SetScale(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /** How to put this set back, as it is now. */
  public static Entry.Replicas before(StatefulSet set) {
    return new Entry.Replicas(
        set.getMetadata().getName(),
        set.getMetadata().getUid(),
        replicas(set),
        ReplicasOwnership.owners(set.getMetadata().getManagedFields()));
  }

  /** The number that spec.replicas wants; one when it is not set. */
  public static int replicas(StatefulSet set) {
    return Objects.requireNonNullElse(set.getSpec().getReplicas(), 1);
  }

  /**
   * Scales exactly this set, and only while it has as many pods as before.
   *
   * @throws ScenarioException when somebody else has scaled or replaced it meanwhile
   */
  public void scale(Entry.Replicas set, int from, int to) throws ScenarioException {
    while (true) {
      var live = resource(set.set()).get();
      if (live == null
          || !live.getMetadata().getUid().equals(set.uid())
          || replicas(live) != from) {
        throw new ScenarioException(
            "StatefulSet/"
                + set.set()
                + (live == null
                    ? " is gone"
                    : live.getMetadata().getUid().equals(set.uid())
                        ? " has " + replicas(live) + " replicas; wanted: " + from
                        : " was replaced")
                + ": somebody else changes it",
            "wait until nobody does, and run again");
      }
      if (patched(live, Map.of("spec", Map.of("replicas", to)), Map.of())) {
        return;
      }
    }
  }

  /** Waits until this many pods are ready, and no others are there. */
  public void awaitPods(String set, int replicas, Instant deadline)
      throws ScenarioException, InterruptedException {
    long millis = Math.max(1, Duration.between(Instant.now(), deadline).toMillis());
    try {
      resource(set)
          .waitUntilCondition(
              s -> s != null && settledAt(s, replicas), millis, TimeUnit.MILLISECONDS);
    } catch (KubernetesClientTimeoutException e) {
      throw new ScenarioException(
          "StatefulSet/"
              + set
              + " has not "
              + replicas
              + " ready pods after "
              + millis / 1_000
              + " s",
          "kubectl describe statefulset " + set + " -n " + namespace);
    } catch (KubernetesClientException e) {
      if (Thread.interrupted() || e.getCause() instanceof InterruptedException) {
        throw new InterruptedException();
      }
      throw e;
    }
  }

  private static boolean settledAt(StatefulSet set, int replicas) {
    var status = set.getStatus();
    return status != null
        && Objects.equals(status.getObservedGeneration(), set.getMetadata().getGeneration())
        && Objects.requireNonNullElse(status.getReplicas(), 0) == replicas
        && Objects.requireNonNullElse(status.getReadyReplicas(), 0) == replicas;
  }

  /**
   * Puts the number of pods back and gives the field to its owners again. What somebody else has
   * written since stays.
   *
   * @return what was done, for the progress
   */
  public String putBack(Entry.Replicas before) {
    while (true) {
      var live = resource(before.set()).get();
      if (live == null || !live.getMetadata().getUid().equals(before.uid())) {
        return "StatefulSet/" + before.set() + " is not the one that was scaled; left alone";
      }
      var managers = live.getMetadata().getManagedFields();
      if (!ReplicasOwnership.ours(managers)) {
        return replicas(live) == before.replicas()
            ? "StatefulSet/" + before.set() + " has its " + before.replicas() + " replicas"
            : "StatefulSet/"
                + before.set()
                + " was scaled to "
                + replicas(live)
                + " by somebody else since; left so";
      }
      if (replicas(live) != before.replicas()) {
        patched(live, Map.of("spec", Map.of("replicas", before.replicas())), Map.of());
        continue;
      }
      if (patched(
          live,
          Map.of(),
          Map.of("managedFields", ReplicasOwnership.handedBack(managers, before.owners())))) {
        return "StatefulSet/" + before.set() + " has its " + before.replicas() + " replicas again";
      }
    }
  }

  /** False when the object has changed since it was read. */
  private boolean patched(
      StatefulSet live, Map<String, Object> change, Map<String, Object> metadataChange) {
    var metadata = new LinkedHashMap<String, Object>(metadataChange);
    metadata.put("uid", live.getMetadata().getUid());
    metadata.put("resourceVersion", live.getMetadata().getResourceVersion());
    var patch = new LinkedHashMap<String, Object>(change);
    patch.put("metadata", metadata);
    try {
      resource(live.getMetadata().getName())
          .patch(
              new PatchContext.Builder()
                  .withPatchType(PatchType.JSON_MERGE)
                  .withFieldManager(OwnObjects.FIELD_MANAGER)
                  .build(),
              cluster.client().getKubernetesSerialization().asJson(patch));
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  private RollableScalableResource<StatefulSet> resource(String name) {
    return cluster.client().apps().statefulSets().inNamespace(namespace).withName(name);
  }
}
