package io.tlengine.pgcheck.scenario;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.tlengine.pgcheck.fact.PodDeletion.Instance;
import io.tlengine.pgcheck.gather.Cluster;
import io.tlengine.pgcheck.gather.Secrets;
import io.tlengine.pgcheck.plan.DatabaseSet;
import java.sql.SQLException;
import java.util.Optional;

/** The servers of one StatefulSet, by pod. */
final class SetServers {

  private final Cluster cluster;
  private final String namespace;
  private final DatabaseSet set;
  private final Credentials credentials;

  SetServers(Cluster cluster, String namespace, DatabaseSet set) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.set = set;
    this.credentials = new Credentials(new Secrets(cluster, namespace));
  }

  PodConnection open(String pod, java.time.Instant deadline)
      throws ScenarioException, InterruptedException {
    return PodConnection.open(cluster, namespace, set, pod, credentials, deadline);
  }

  /** The pod, when it is ready. */
  Pod ready(String name) throws ScenarioException {
    var pod = new Pods(cluster, namespace).get(name).orElse(null);
    if (pod == null || !Pods.ready(pod)) {
      throw new ScenarioException(
          name + (pod == null ? " does not exist" : " is not ready"),
          "kubectl describe pod " + name + " -n " + namespace);
    }
    return pod;
  }

  /** Who runs in this pod, on what. */
  Instance instance(Pod pod, PodConnection connection) throws SQLException {
    var claim = claimOf(pod.getMetadata().getName());
    return new Instance(
        pod.getMetadata().getUid(),
        pod.getSpec().getNodeName(),
        set.dataClaimTemplate().map(t -> t + "-" + pod.getMetadata().getName()),
        claim.map(c -> c.getMetadata().getUid()),
        claim.map(c -> c.getSpec().getVolumeName()),
        LabSchema.identity(connection.jdbc()).systemIdentifier());
  }

  /** The claim that holds the data of the pod of this name, whether or not there is such a pod. */
  Optional<PersistentVolumeClaim> claimOf(String pod) {
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
