package io.tlengine.pgcheck.fact;

import io.tlengine.pgcheck.fact.OtherDatabases.OtherDatabase;
import io.tlengine.pgcheck.plan.UrlRole;
import java.util.List;
import java.util.Optional;

/**
 * With {@code --from=both}: what this machine saw, beside what a pod saw, by which is judged.
 *
 * @param connection absent when the application's own URL led nowhere
 */
public record FromHere(Optional<ConnectionFacts> connection, List<OtherDatabase> others) {

  public FromHere {
    others = List.copyOf(others);
  }

  /** The connection by the URL of this role. */
  public Optional<ConnectionFacts> of(UrlRole role) {
    return role == UrlRole.RUNTIME
        ? connection
        : others.stream()
            .filter(o -> o.role() == role)
            .flatMap(o -> o.connection().stream())
            .findFirst();
  }
}
