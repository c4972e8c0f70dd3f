package io.tlengine.pgcheck.gather.connection;

import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.ConnectionFacts.LoginAttempt;
import io.tlengine.pgcheck.fact.DatabaseFacts;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.gather.connection.ConnectionGatherer.Questions;
import io.tlengine.pgcheck.gather.connection.ConnectionGatherer.Reached;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.plan.TargetSession;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which of several servers libpq settles on (PostgreSQL, "Specifying Multiple Hosts"): the first
 * that can be connected to and that target_session_attrs accepts. A refused login ends the search.
 */
final class HostChoice {

  private final ConnectionGatherer gatherer;
  private final DatabaseUrl url;
  private final String source;
  private final Questions questions;

  HostChoice(ConnectionGatherer gatherer, DatabaseUrl url, String source, Questions questions) {
    this.gatherer = gatherer;
    this.url = url;
    this.source = source;
    // What kind of server it is stands among the facts.
    this.questions =
        new Questions(true, questions.create(), questions.migrates(), questions.pooling());
  }

  Reached reach() {
    var tried = new ArrayList<Reached>();
    var behind = new ArrayList<ConnectionFacts>();
    Optional<Reached> settled = Optional.empty();
    for (var endpoint : url.endpoints()) {
      if (settled.isPresent()) {
        behind.add(gatherer.knock(url.at(endpoint), source));
        continue;
      }
      var reached = gatherer.reachOne(url.at(endpoint), source, questions);
      tried.add(reached);
      if (refused(reached) || (loggedIn(reached) && accepted(reached))) {
        settled = Optional.of(reached);
      }
    }
    var chosen = settled.or(() -> fallback(tried)).orElseGet(tried::getFirst);
    var others = new ArrayList<ConnectionFacts>();
    tried.stream().filter(r -> !r.equals(chosen)).map(Reached::connection).forEach(others::add);
    others.addAll(behind);
    return named(chosen, others);
  }

  /** Nothing will do: the one that got furthest says most. */
  private static Optional<Reached> fallback(List<Reached> tried) {
    return tried.stream().max(Comparator.comparing(HostChoice::stages));
  }

  private static int stages(Reached reached) {
    var c = reached.connection();
    return (loggedIn(reached) ? 1 : 0)
        + (c.login().isPresent() ? 1 : 0)
        + (c.tls().isPresent() ? 1 : 0)
        + (c.port().isPresent() ? 1 : 0);
  }

  /**
   * A server that is of the wrong kind for reading alone is as good as none to the client; one that
   * takes no writes is the matter of another stage.
   */
  private Reached named(Reached chosen, List<ConnectionFacts> others) {
    var session = url.targetSession();
    boolean wantsStandby = session == TargetSession.STANDBY || session == TargetSession.READ_ONLY;
    if (loggedIn(chosen) && !accepted(chosen) && wantsStandby) {
      var c = chosen.connection();
      var none =
          new LoginAttempt.Refused(
              "none",
              "no host of the URL is what target_session_attrs=" + session.text() + " wants",
              1,
              c.login().map(LoginAttempt::millis).orElse(0L));
      return Reached.notLoggedIn(
          new ConnectionFacts(c.target(), c.name(), c.port(), c.tls(), Optional.of(none), others));
    }
    return new Reached(
        chosen.connection().passing(others), chosen.database(), chosen.create(), chosen.pooling());
  }

  private static boolean loggedIn(Reached reached) {
    return reached.connection().login().orElse(null) instanceof LoginAttempt.LoggedIn;
  }

  /** A server that is starting up is passed over, as libpq does. */
  private static boolean refused(Reached reached) {
    return reached.connection().login().orElse(null) instanceof LoginAttempt.Refused r
        && !r.sqlState().startsWith("57");
  }

  private boolean accepted(Reached reached) {
    return !(reached.database().orElse(null) instanceof Fact.Known<DatabaseFacts> known)
        || url.targetSession()
            .accepts(known.value().server().inRecovery(), known.value().server().readOnly());
  }
}
