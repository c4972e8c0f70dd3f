package io.tlengine.pgcheck.gather;

import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import java.util.Set;

/** The Secret with the credentials, and the external database that its URL leads to. */
final class DatabaseSource implements FactSource {

  @Override
  public Set<FactKey<?>> brings() {
    return Set.of(FactKey.SECRET, FactKey.URL, FactKey.CONNECTION);
  }

  @Override
  public Facts gather(Look look) {
    var secrets = new Secrets(look.cluster(), look.namespace());
    var seen =
        new DatabaseGatherer(secrets, look.namespace())
            .gather(look.plan(), look.wanted(), look.left());
    return look.none()
        .with(FactKey.SECRET, seen.secret())
        .with(FactKey.URL, seen.url())
        .with(FactKey.CONNECTION, seen.connection());
  }
}
