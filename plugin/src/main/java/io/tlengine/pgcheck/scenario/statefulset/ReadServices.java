package io.tlengine.pgcheck.scenario.statefulset;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.tlengine.pgcheck.fact.StandbyCopies.ReadService;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.plan.DatabaseSet;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The Services that lead clients to standbys, by the endpoints that they really have. */
public final class ReadServices {

  private static final String SERVICE_LABEL = "kubernetes.io/service-name";

  private final Cluster cluster;
  private final String namespace;

  public ReadServices(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /**
   * Those with one of these sets' pods behind them; headless ones name pods and balance nothing.
   */
  public List<ReadService> of(List<DatabaseSet> standbys) {
    var found = new ArrayList<ReadService>();
    for (var service : cluster.client().services().inNamespace(namespace).list().getItems()) {
      if ("None".equals(service.getSpec().getClusterIP())) {
        continue;
      }
      var copies = new TreeSet<String>();
      var strangers = new TreeSet<String>();
      for (var pod : podsBehind(service)) {
        boolean copy = standbys.stream().anyMatch(s -> belongs(pod, s));
        (copy ? copies : strangers).add(pod);
      }
      if (!copies.isEmpty()) {
        found.add(
            new ReadService(
                service.getMetadata().getName(), List.copyOf(copies), List.copyOf(strangers)));
      }
    }
    return found;
  }

  private List<String> podsBehind(Service service) {
    return cluster
        .client()
        .discovery()
        .v1()
        .endpointSlices()
        .inNamespace(namespace)
        .withLabel(SERVICE_LABEL, service.getMetadata().getName())
        .list()
        .getItems()
        .stream()
        .filter(s -> s.getEndpoints() != null)
        .flatMap(s -> s.getEndpoints().stream())
        .filter(e -> e.getTargetRef() != null && "Pod".equals(e.getTargetRef().getKind()))
        .map(Endpoint::getTargetRef)
        .map(r -> r.getName())
        .toList();
  }

  private static boolean belongs(String pod, DatabaseSet set) {
    return pod.startsWith(set.name() + "-")
        && pod.substring(set.name().length() + 1).chars().allMatch(Character::isDigit);
  }
}
