package io.tlengine.pgcheck.scenario.release;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.fact.Software;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.gather.failure.GatherException.Kind;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.release.ReleaseDatabase.Topology;
import io.tlengine.pgcheck.scenario.server.LabSchema;
import io.tlengine.pgcheck.scenario.server.StandbySql;
import io.tlengine.pgcheck.scenario.statefulset.SetServers;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;

/**
 * How the pods of a database belong together: as its chart says it, and where it says nothing, as
 * the servers themselves show it.
 */
final class TopologyReader {

  /** Set by our charts. */
  private static final String ANNOTATION = "pgcheck.io/topology";

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Cluster cluster;
  private final String namespace;

  TopologyReader(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /** Of a set that runs PostgreSQL. */
  Topology of(DatabaseSet set, StatefulSet live) {
    var said = said(live, set.replicas());
    return said == Topology.UNKNOWN && eachIsItsOwn(set) ? Topology.INDEPENDENT : said;
  }

  /** By the annotation; a single pod says it by itself. */
  static Topology said(StatefulSet live, int replicas) {
    return switch (ReleaseFinder.annotation(live, ANNOTATION)) {
      case "standalone" -> Topology.STANDALONE;
      case "independent" -> Topology.INDEPENDENT;
      case "replicated" -> Topology.REPLICATED;
      default -> replicas == 1 ? Topology.STANDALONE : Topology.UNKNOWN;
    };
  }

  /** Every pod takes writes, and no two are the same database. */
  private boolean eachIsItsOwn(DatabaseSet set) {
    var servers = new SetServers(cluster, namespace, set, Software.POSTGRESQL);
    var deadline = Instant.now().plus(PATIENCE);
    var databases = new HashSet<String>();
    try {
      for (var pod : set.podNames()) {
        servers.ready(pod);
        try (var connection = servers.open(pod, deadline)) {
          if (StandbySql.state(connection.jdbc()).inRecovery()
              || !databases.add(LabSchema.identity(connection.jdbc()).systemIdentifier())) {
            return false;
          }
        }
      }
      return !databases.isEmpty();
    } catch (ScenarioException | SQLException | KubernetesClientException e) {
      // What does not answer shows nothing.
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GatherException(Kind.OUT_OF_REACH, "interrupted");
    }
  }
}
