package io.tlengine.pgcheck.plan;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.tlengine.pgcheck.plan.Plan.UrlSource;
import java.util.Optional;

/**
 * By which URL the plan's migrations go.
 *
 * @param workload the hook that migrates; absent when no hook does, and a direct URL is there for
 *     migrations by hand
 */
public record Migrations(UrlSource source, Optional<String> workload) {

  /** Empty when nothing of the plan migrates and no URL is meant for it. */
  public static Optional<Migrations> of(Plan plan) {
    for (var workload : plan.workloads()) {
      boolean migrates =
          workload.kind().equals("Job") && workload.hook().filter(h -> !h.test()).isPresent();
      if (migrates) {
        var source =
            plan.urlSources().stream()
                .filter(s -> s.role() != UrlRole.READ)
                .filter(
                    s ->
                        workload
                            .containers()
                            .flatMap(c -> c.getEnv().stream())
                            .anyMatch(e -> takes(e, s)))
                // A Job that is given both goes by the direct one.
                .reduce((first, second) -> second);
        if (source.isPresent()) {
          return source.map(s -> new Migrations(s, Optional.of(workload.id())));
        }
      }
    }
    return plan.urlSource(UrlRole.DIRECT).map(s -> new Migrations(s, Optional.empty()));
  }

  private static boolean takes(EnvVar variable, UrlSource source) {
    if (variable.getValueFrom() == null || variable.getValueFrom().getSecretKeyRef() == null) {
      return false;
    }
    var ref = variable.getValueFrom().getSecretKeyRef();
    return source.secret().equals(ref.getName()) && source.key().equals(ref.getKey());
  }
}
