package io.tlengine.pgcheck.fact;

import io.tlengine.pgcheck.plan.NeonHost;
import io.tlengine.pgcheck.plan.UrlRole;
import io.tlengine.pgcheck.plan.UrlTraits;
import java.util.List;
import java.util.Optional;

/**
 * By which way each URL of the plan leads to its server: straight, through a pooler, by a provider.
 */
public record Routes(List<Route> all) {

  public Routes {
    all = List.copyOf(all);
  }

  /**
   * @param source as {@code Secret/name key KEY}
   * @param neon what the host's name says, when it is Neon's
   */
  public record Route(
      UrlRole role, String source, Optional<NeonHost> neon, UrlTraits traits, Pooling pooling) {

    /** Neon's name for its pooler counts as a proof: it pools by transaction. */
    public boolean byTransaction() {
      return pooling instanceof Pooling.ByTransaction || neon.filter(NeonHost::pooled).isPresent();
    }
  }

  /**
   * Whether two sessions share a server process. The process id that the server says in a query is
   * compared with the one that was sent at the login, then with another session's.
   */
  public sealed interface Pooling {
    /** The login's process is the server's: nothing stands between that pools. */
    record None() implements Pooling {}

    /** A second session got the server process that a still open one had just used. */
    record ByTransaction(int process) implements Pooling {}

    /** Something stands between, and each of two sessions had a server process of its own. */
    record BySession() implements Pooling {}

    record NotSeen(String why) implements Pooling {}
  }

  /** The one whose URL is in this Secret and key. */
  public Optional<Route> of(String source) {
    return all.stream().filter(r -> r.source().equals(source)).findFirst();
  }

  public Optional<Route> of(UrlRole role) {
    return all.stream().filter(r -> r.role() == role).findFirst();
  }
}
