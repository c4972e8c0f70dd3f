package io.tlengine.pgcheck.gather;

import io.tlengine.pgcheck.fact.ClusterDns;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.Vantage;
import io.tlengine.pgcheck.gather.connection.ConnectionGatherer;
import io.tlengine.pgcheck.gather.database.DatabaseGatherer;
import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.gather.saved.LookOrder;
import io.tlengine.pgcheck.gather.saved.PodAnswer;
import io.tlengine.pgcheck.gather.saved.SavedFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What runs in the pod of {@code --from-cluster}: looks, and says what it saw in its log. */
public final class PodLook {

  /** Every cluster has it, and pods find it by the search list of their resolver. */
  private static final String SERVICE = "kubernetes.default.svc";

  private PodLook() {}

  /**
   * @param variables of the container: the order, and the URLs by reference
   * @return the lines to print
   * @throws GatherException USAGE when there is no order
   */
  public static List<String> run(Map<String, String> variables, String version) {
    var json = variables.get(LookOrder.VARIABLE);
    if (json == null) {
      throw new GatherException(
          GatherException.Kind.USAGE,
          "look runs in the pod that helm pgcheck preflight --from-cluster makes, and finds no "
              + LookOrder.VARIABLE
              + " here");
    }
    var order = LookOrder.parse(json);
    return PodAnswer.lines(
        order.answerMark(), new SavedFacts(version, "", "", "", "", look(order, variables)));
  }

  private static Facts look(LookOrder order, Map<String, String> variables) {
    var started = Instant.now();
    var time = Duration.ofMillis(order.millis());
    var dns =
        new ClusterDns(
            SERVICE,
            new ConnectionGatherer(time, Vantage.CLUSTER).lookUp(SERVICE),
            order.dnsPolicy());
    var seen =
        new DatabaseGatherer(
                source ->
                    Fact.known(
                        Optional.ofNullable(
                            variables.get(LookOrder.urlVariable(order.urls().indexOf(source))))),
                order.keys(),
                time,
                Vantage.CLUSTER)
            .gather(order.urls(), order.migrations());
    return seen.addTo(new Facts(started, Map.of()).with(FactKey.CLUSTER_DNS, Fact.known(dns)));
  }
}
