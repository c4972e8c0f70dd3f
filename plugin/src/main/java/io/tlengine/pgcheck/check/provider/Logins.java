package io.tlengine.pgcheck.check.provider;

import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.ConnectionFacts.LoginAttempt;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.fact.OtherDatabases;
import java.util.List;
import java.util.stream.Stream;

/** The logins of all URLs of the plan, the application's own first. */
final class Logins {

  private Logins() {}

  static List<ConnectionFacts> all(Facts.View facts) {
    return Stream.concat(
            Stream.of(facts.get(FactKey.CONNECTION)),
            facts.find(FactKey.OTHER_DATABASES).map(OtherDatabases::all).orElse(List.of()).stream()
                .flatMap(o -> o.connection().stream()))
        .toList();
  }

  /** One of them that was refused. */
  record Refused(ConnectionFacts connection, LoginAttempt.Refused refused) {}

  static Stream<Refused> refused(Facts.View facts) {
    return all(facts).stream()
        .flatMap(
            c ->
                c.login().orElse(null) instanceof LoginAttempt.Refused refused
                    ? Stream.of(new Refused(c, refused))
                    : Stream.of());
  }
}
