package io.tlengine.pgcheck.scenario;

import io.fabric8.kubernetes.api.model.Pod;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.PodDeletion;
import io.tlengine.pgcheck.fact.PodDeletion.Instance;
import io.tlengine.pgcheck.gather.Cluster;
import io.tlengine.pgcheck.gather.Failure;
import io.tlengine.pgcheck.gather.Secrets;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.scenario.Journal.Entry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * PGC-701, the lab: write rows, delete the pod, wait for its successor, read the rows back. Only
 * the own schema is touched.
 */
public final class PodDeletionScenario implements Scenario<PodDeletion> {

  private static final int RANDOM_ROWS = 1_000;

  private final Cluster cluster;
  private final String namespace;
  private final DatabaseSet set;
  private final Progress progress;
  private final Pods pods;
  private final Credentials credentials;

  public PodDeletionScenario(
      Cluster cluster, String namespace, DatabaseSet set, Progress progress) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.set = set;
    this.progress = progress;
    this.pods = new Pods(cluster, namespace);
    this.credentials = new Credentials(new Secrets(cluster, namespace));
  }

  @Override
  public FactKey<PodDeletion> brings() {
    return FactKey.POD_DELETION;
  }

  @Override
  public List<String> changes() {
    return List.of(
        "create the schema "
            + LabSchema.NAME
            + " in the database, write 3 usuarios and "
            + RANDOM_ROWS
            + " random rows",
        "delete the pod "
            + set.podName(set.firstOrdinal())
            + ": clients lose their connections until"
            + " its successor is ready",
        "drop the schema " + LabSchema.NAME);
  }

  @Override
  public PodDeletion run(Changes changes, Duration timeout)
      throws ScenarioException, InterruptedException {
    var deadline = Instant.now().plus(timeout);
    if (set.replicas() == 0) {
      throw new ScenarioException(
          "StatefulSet/" + set.name() + " is scaled to 0, so there is no pod to delete",
          "kubectl scale statefulset " + set.name() + " --replicas=1 -n " + namespace);
    }
    var name = set.podName(set.firstOrdinal());
    var pod = pods.get(name).orElse(null);
    if (pod == null || !Pods.ready(pod)) {
      throw new ScenarioException(
          name + (pod == null ? " does not exist" : " is not ready") + ", so nothing was deleted",
          "kubectl describe pod " + name + " -n " + namespace);
    }
    var rows = LabRows.make(RANDOM_ROWS);
    return deleteAndCompare(changes, pod, rows, deadline);
  }

  private PodDeletion deleteAndCompare(Changes changes, Pod pod, LabRows rows, Instant deadline)
      throws ScenarioException, InterruptedException {
    var name = pod.getMetadata().getName();
    progress.about(name);
    Instance before;
    try (var connection = open(name, deadline)) {
      before = instance(pod, LabSchema.identity(connection.jdbc()).systemIdentifier());
      changes.before(new Entry.PodSchema(set.name(), name));
      LabSchema.write(connection.jdbc(), rows);
    } catch (SQLException e) {
      throw new ScenarioException(
          "the rows could not be written, and nothing was deleted: " + Failure.of(e),
          "the role needs the right to create a schema: GRANT CREATE ON DATABASE ... TO ...");
    }
    progress.step(
        "wrote "
            + rows.usuarios().size()
            + " usuarios and "
            + rows.randomRows().size()
            + " random rows on "
            + before.node());

    long start = System.nanoTime();
    long gone = 0;
    long ready = 0;
    try {
      changes.before();
      pods.delete(pod);
      progress.step("deleted the pod " + name);
      pods.awaitGone(pod, deadline);
      gone = millisSince(start);
      progress.step(name + " is gone");
      var successor = pods.awaitSuccessor(pod, deadline);
      ready = millisSince(start);
      progress.step(name + " is ready again on " + successor.getSpec().getNodeName());
      try (var connection = open(name, deadline)) {
        var after = instance(successor, LabSchema.identity(connection.jdbc()).systemIdentifier());
        var found = LabSchema.read(connection.jdbc());
        var verdict = rows.compare(found);
        progress.step("read back " + found.describe());
        return new PodDeletion(
            set.name(), name, before, Optional.of(after), Optional.empty(), verdict, gone, ready);
      }
    } catch (SQLException e) {
      return unread(name, before, Failure.of(e), gone, ready);
    } catch (ScenarioException e) {
      return unread(name, before, e.getMessage(), gone, ready);
    }
  }

  private PodDeletion unread(String pod, Instance before, String trouble, long gone, long ready) {
    return new PodDeletion(
        set.name(), pod, before, Optional.empty(), Optional.of(trouble), List.of(), gone, ready);
  }

  private PodConnection open(String pod, Instant deadline)
      throws ScenarioException, InterruptedException {
    return PodConnection.open(cluster, namespace, set, pod, credentials, deadline);
  }

  private Instance instance(Pod pod, String systemIdentifier) {
    var claim = set.dataClaimTemplate().map(t -> t + "-" + pod.getMetadata().getName());
    var live =
        claim.map(
            c ->
                cluster.client().persistentVolumeClaims().inNamespace(namespace).withName(c).get());
    return new Instance(
        pod.getMetadata().getUid(),
        pod.getSpec().getNodeName(),
        claim,
        live.map(c -> c.getMetadata().getUid()),
        live.map(c -> c.getSpec().getVolumeName()),
        systemIdentifier);
  }

  private static long millisSince(long startNanos) {
    return (System.nanoTime() - startNanos) / 1_000_000;
  }
}
