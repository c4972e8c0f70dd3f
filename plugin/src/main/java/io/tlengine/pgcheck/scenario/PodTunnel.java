package io.tlengine.pgcheck.scenario;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.tlengine.pgcheck.gather.Cluster;
import io.tlengine.pgcheck.gather.Login;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One port-forward to a pod that takes any number of connections. It outlives the server: the pod
 * stays when a process in it is ended.
 */
final class PodTunnel implements CrashServer, AutoCloseable {

  private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(10);

  private final Cluster cluster;
  private final String namespace;
  private final String pod;
  private final String container;
  private final LocalPortForward forward;
  private final DatabaseUrl url;

  private PodTunnel(
      Cluster cluster,
      String namespace,
      String pod,
      String container,
      LocalPortForward forward,
      DatabaseUrl url) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.pod = pod;
    this.container = container;
    this.forward = forward;
    this.url = url;
  }

  static PodTunnel open(
      Cluster cluster, String namespace, DatabaseSet set, String pod, Credentials credentials)
      throws ScenarioException {
    var forward =
        cluster.client().pods().inNamespace(namespace).withName(pod).portForward(set.port());
    try {
      var url = credentials.url(set, forward.getLocalPort());
      return new PodTunnel(cluster, namespace, pod, set.container(), forward, url);
    } catch (ScenarioException e) {
      close(forward);
      throw e;
    }
  }

  @Override
  public Connection connect() throws SQLException {
    return Login.connect(url, LOGIN_TIMEOUT);
  }

  @Override
  public Shell shell() {
    return new PodShell(cluster, namespace, pod, container);
  }

  @Override
  public List<String> logSince(Instant time) {
    try {
      return cluster
          .client()
          .pods()
          .inNamespace(namespace)
          .withName(pod)
          .inContainer(container)
          .sinceTime(time.toString())
          .getLog()
          .lines()
          .toList();
    } catch (KubernetesClientException e) {
      // The log is evidence beside the proof, and reading it is a right of its own.
      return List.of();
    }
  }

  @Override
  public void close() {
    close(forward);
  }

  private static void close(LocalPortForward forward) {
    try {
      forward.close();
    } catch (IOException e) {
      // A tunnel to a pod that is gone cannot be closed in an orderly way.
    }
  }
}
