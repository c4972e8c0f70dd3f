package io.tlengine.pgcheck.scenario.statefulset;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.tlengine.pgcheck.fact.PodDeletion.Instance;
import io.tlengine.pgcheck.fact.Software;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.api.Secrets;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.scenario.journal.Journal.Entry;
import io.tlengine.pgcheck.scenario.pod.PodShell;
import io.tlengine.pgcheck.scenario.pod.Pods;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.server.Credentials;
import io.tlengine.pgcheck.scenario.server.LabRows;
import io.tlengine.pgcheck.scenario.server.LabSchema;
import io.tlengine.pgcheck.scenario.server.LabServer;
import io.tlengine.pgcheck.scenario.server.PodConnection;
import io.tlengine.pgcheck.scenario.server.RedisServer;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** The servers of one StatefulSet, by pod. */
public final class SetServers {

  /** Through exec a row is two words of a command, and all of them one request. */
  private static final int MOST_KEYS = 10;

  private final Cluster cluster;
  private final String namespace;
  private final DatabaseSet set;
  private final Software software;
  private final Credentials credentials;

  public SetServers(Cluster cluster, String namespace, DatabaseSet set, Software software) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.set = set;
    this.software = software;
    this.credentials = new Credentials(new Secrets(cluster, namespace));
  }

  public DatabaseSet set() {
    return set;
  }

  public String namespace() {
    return namespace;
  }

  public Software software() {
    return software;
  }

  /** The pods of the set's namespace. */
  public Pods pods() {
    return new Pods(cluster, namespace);
  }

  /** A server that does not answer yet is asked again until the deadline. */
  public LabServer server(String pod, Instant deadline)
      throws ScenarioException, InterruptedException {
    return switch (software) {
      case POSTGRESQL -> open(pod, deadline);
      case REDIS ->
          RedisServer.open(
              new PodShell(cluster, namespace, pod, set.container()),
              namespace,
              pod,
              set.port(),
              deadline);
    };
  }

  /** The same for a set that is known to run PostgreSQL. */
  public PodConnection open(String pod, Instant deadline)
      throws ScenarioException, InterruptedException {
    return PodConnection.open(cluster, namespace, set, pod, credentials, deadline);
  }

  /** What is to be put back once rows are written to this pod. */
  public Entry entry(String pod) {
    return switch (software) {
      case POSTGRESQL -> new Entry.PodSchema(set.name(), pod);
      case REDIS -> new Entry.RedisKeys(set.name(), pod);
    };
  }

  /** Rows to write: as many as are wanted, or as can be. */
  public LabRows rows(int random) {
    return LabRows.make(random(random));
  }

  private int random(int wanted) {
    return switch (software) {
      case POSTGRESQL -> wanted;
      case REDIS -> Math.min(MOST_KEYS, wanted);
    };
  }

  /** For the user to agree to, as in "create the schema ... and write ...". */
  public String writing(int random, String where) {
    var rows = "3 usuarios and " + random(random) + " random rows";
    return switch (software) {
      case POSTGRESQL -> "create the schema " + LabSchema.NAME + " in " + where + ", write " + rows;
      case REDIS ->
          "write " + rows + " to " + where + ", as keys that begin with " + RedisServer.PREFIX;
    };
  }

  /** For the user to agree to, as {@link #writing}: what goes at the end. */
  public String removing() {
    return switch (software) {
      case POSTGRESQL -> "drop the schema " + LabSchema.NAME;
      case REDIS -> "delete the keys that begin with " + RedisServer.PREFIX;
    };
  }

  /** Where to look when the rows could not be written. */
  public String remedyOfWriting(String pod) {
    return switch (software) {
      case POSTGRESQL -> "kubectl logs " + pod + " -n " + namespace;
      case REDIS -> RedisServer.whoReplicates(namespace, pod);
    };
  }

  /** The pod, when it is ready. */
  public Pod ready(String name) throws ScenarioException {
    var pod = pods().get(name).orElse(null);
    if (pod == null || !Pods.ready(pod)) {
      throw new ScenarioException(
          name + (pod == null ? " does not exist" : " is not ready") + ", so it was left alone",
          "kubectl describe "
              + (pod == null ? "statefulset " + set.name() : "pod " + name)
              + " -n "
              + namespace);
    }
    return pod;
  }

  /** Who runs in this pod, on what. */
  public Instance instance(Pod pod, LabServer server) throws SQLException {
    var claim = claimOf(pod.getMetadata().getName());
    return new Instance(
        pod.getMetadata().getUid(),
        pod.getSpec().getNodeName(),
        set.dataClaimTemplate().map(t -> t + "-" + pod.getMetadata().getName()),
        claim.map(c -> c.getMetadata().getUid()),
        claim.map(c -> c.getSpec().getVolumeName()),
        server.systemIdentifier());
  }

  /** The claim that holds the data of the pod of this name, whether or not there is such a pod. */
  public Optional<PersistentVolumeClaim> claimOf(String pod) {
    return set.dataClaimTemplate()
        .map(
            template ->
                cluster
                    .client()
                    .persistentVolumeClaims()
                    .inNamespace(namespace)
                    .withName(template + "-" + pod)
                    .get());
  }
}
