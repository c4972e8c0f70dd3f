package io.tlengine.pgcheck.gather;

import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import java.util.Map;

/** The Secret with the credentials, and the external database that its URL leads to. */
final class DatabaseSource implements FactSource {

  @Override
  public Map<FactKey<?>, Rights> brings() {
    var secrets = Rights.of(ApiRight.inNamespace("", "secrets", "get"));
    return Map.of(FactKey.SECRET, secrets, FactKey.URL, secrets, FactKey.CONNECTION, secrets);
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
