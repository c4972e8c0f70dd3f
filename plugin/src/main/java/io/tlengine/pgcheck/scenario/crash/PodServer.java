package io.tlengine.pgcheck.scenario.crash;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.connection.Login;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.scenario.pod.PodShell;
import io.tlengine.pgcheck.scenario.pod.Shell;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.server.Credentials;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The server in one pod, for any number of connections: from another pod at its address, from
 * elsewhere through one port-forward. Both outlive the server: the pod stays when a process in it
 * is ended.
 */
public final class PodServer implements CrashServer, AutoCloseable {

  private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  private final Cluster cluster;
  private final String namespace;
  private final String pod;
  private final String container;
  private final Optional<LocalPortForward> forward;
  private final DatabaseUrl url;

  private PodServer(
      Cluster cluster,
      String namespace,
      String pod,
      String container,
      Optional<LocalPortForward> forward,
      DatabaseUrl url) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.pod = pod;
    this.container = container;
    this.forward = forward;
    this.url = url;
  }

  /** Directly where the pod's address can be reached, else through a port-forward. */
  public static PodServer open(
      Cluster cluster, String namespace, DatabaseSet set, Pod pod, Credentials credentials)
      throws ScenarioException {
    var name = pod.getMetadata().getName();
    var address = pod.getStatus().getPodIP();
    if (cluster.fromPod() && accepts(address, set.port())) {
      return new PodServer(
          cluster,
          namespace,
          name,
          set.container(),
          Optional.empty(),
          credentials.url(set, address, set.port()));
    }
    var forward =
        cluster.client().pods().inNamespace(namespace).withName(name).portForward(set.port());
    try {
      var url = credentials.url(set, forward.getLocalPort());
      return new PodServer(cluster, namespace, name, set.container(), Optional.of(forward), url);
    } catch (ScenarioException e) {
      close(forward);
      throw e;
    }
  }

  /** Not if a NetworkPolicy is in the way, or if this program's pod is in another cluster. */
  private static boolean accepts(String address, int port) {
    try (var socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(address, port), Math.toIntExact(CONNECT_TIMEOUT.toMillis()));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public Connection connect() throws SQLException {
    return Login.connect(url, LOGIN_TIMEOUT);
  }

  @Override
  public boolean tunnelled() {
    return forward.isPresent();
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
    forward.ifPresent(PodServer::close);
  }

  private static void close(LocalPortForward forward) {
    try {
      forward.close();
    } catch (IOException e) {
      // A tunnel to a pod that is gone cannot be closed in an orderly way.
    }
  }
}
