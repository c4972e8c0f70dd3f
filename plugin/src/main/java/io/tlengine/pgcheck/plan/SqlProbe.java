package io.tlengine.pgcheck.plan;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A probe of a container that logs in to the database each time. An HTTP probe may do so as well,
 * behind its path, where manifests do not tell.
 *
 * @param kind livenessProbe or readinessProbe; a start-up probe ends with the start
 * @param periodSeconds as the kubelet asks
 */
public record SqlProbe(String container, String kind, int periodSeconds) {

  /** Kubernetes' default, Probe v1 core. */
  private static final int DEFAULT_PERIOD = 10;

  /**
   * pg_isready is not among them: it hangs up before it logs in, and Neon's proxy wakes a compute
   * after the password alone (github.com/neondatabase/neon, proxy/src/auth/backend).
   */
  private static final Pattern CLIENTS =
      Pattern.compile("(?<![\\w.-])(?:psql|pgcli|usql)(?![\\w-])");

  /** Those of a container that query. */
  public static Stream<SqlProbe> of(Container container) {
    return Stream.of(
            Map.entry("livenessProbe", Optional.ofNullable(container.getLivenessProbe())),
            Map.entry("readinessProbe", Optional.ofNullable(container.getReadinessProbe())))
        .flatMap(e -> e.getValue().stream().map(probe -> Map.entry(e.getKey(), probe)))
        .filter(e -> queries(e.getValue()))
        .map(e -> new SqlProbe(container.getName(), e.getKey(), period(e.getValue())));
  }

  private static boolean queries(Probe probe) {
    return probe.getExec() != null
        && CLIENTS.matcher(String.join(" ", probe.getExec().getCommand())).find();
  }

  private static int period(Probe probe) {
    return probe.getPeriodSeconds() == null ? DEFAULT_PERIOD : probe.getPeriodSeconds();
  }
}
