package io.tlengine.pgcheck.fact;

import io.tlengine.pgcheck.plan.SslMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The stages of one connection, each with what it met. A stage is empty when the one before it did
 * not succeed. Times are whole milliseconds.
 *
 * @param passedOver of several hosts those that were not settled on, in order; behind the one that
 *     was, they are only knocked at
 */
public record ConnectionFacts(
    Target target,
    NameLookup name,
    Optional<List<PortAttempt>> port,
    Optional<TlsAttempt> tls,
    Optional<LoginAttempt> login,
    List<ConnectionFacts> passedOver) {

  public ConnectionFacts {
    passedOver = List.copyOf(passedOver);
  }

  /** Of a URL with one host. */
  public ConnectionFacts(
      Target target,
      NameLookup name,
      Optional<List<PortAttempt>> port,
      Optional<TlsAttempt> tls,
      Optional<LoginAttempt> login) {
    this(target, name, port, tls, login, List.of());
  }

  /** A pod looked, so what it could not reach the application cannot reach. */
  public boolean seenFromCluster() {
    return target.seenFrom() == Vantage.CLUSTER;
  }

  /** The same, with the hosts that were not settled on. */
  public ConnectionFacts passing(List<ConnectionFacts> hosts) {
    return new ConnectionFacts(target, name, port, tls, login, hosts);
  }

  /** From the name to the end of the login, as a client waits for its first connection. */
  public long firstConnectionMillis() {
    long lookUp = name instanceof NameLookup.Resolved resolved ? resolved.millis() : 0;
    long connect =
        port.orElse(List.of()).stream()
            .filter(a -> a.result() == PortResult.ACCEPTED)
            .mapToLong(PortAttempt::millis)
            .findFirst()
            .orElse(0);
    long encrypt =
        switch (tls.orElse(new TlsAttempt.NotAsked())) {
          case TlsAttempt.NotAsked none -> 0;
          case TlsAttempt.Declined declined -> declined.millis();
          case TlsAttempt.NotPostgres other -> other.millis();
          case TlsAttempt.Broken broken -> broken.millis();
          case TlsAttempt.Encrypted encrypted -> encrypted.millis();
        };
    long enter = login.map(LoginAttempt::millis).orElse(0L);
    return lookUp + connect + encrypt + enter;
  }

  /**
   * Where the URL points, without its password.
   *
   * @param source the Secret and key that hold the URL, as {@code Secret/name key KEY}
   * @param channelBindingRequired the URL says channel_binding=require
   * @param connectTimeout the URL's connect_timeout
   * @param seenFrom where the one stood who looked
   */
  public record Target(
      String source,
      String host,
      int port,
      String database,
      String user,
      SslMode sslMode,
      boolean channelBindingRequired,
      Optional<Duration> connectTimeout,
      Vantage seenFrom) {

    /** As in an error message: {@code host:port}. */
    public String address() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /** The answer of the resolver. */
  public sealed interface NameLookup {
    record Resolved(List<String> addresses, boolean literal, long millis) implements NameLookup {}

    /** The resolver answered that there is no such name. */
    record NoSuchName(String message, long millis) implements NameLookup {}

    /** The resolver itself did not answer. */
    record NoAnswer(String message, long millis) implements NameLookup {}
  }

  /**
   * One address of the host.
   *
   * @param privateAddress RFC 1918, loopback, link-local or unique local
   */
  public record PortAttempt(
      String address, boolean privateAddress, PortResult result, String detail, long millis) {}

  /**
   * What a TCP connect ended in. NO_ROUTE also stands for a family that this host does not have.
   */
  public enum PortResult {
    ACCEPTED,
    REFUSED,
    TIMED_OUT,
    NO_ROUTE
  }

  /** The answer to an SSLRequest (PostgreSQL protocol, "SSL Session Encryption"). */
  public sealed interface TlsAttempt {
    /** sslmode=disable: nobody asked. */
    record NotAsked() implements TlsAttempt {}

    /** The server answered 'N'. */
    record Declined(long millis) implements TlsAttempt {}

    /** What answered does not speak PostgreSQL's protocol. */
    record NotPostgres(String answer, long millis) implements TlsAttempt {}

    /** The handshake or the connection broke. */
    record Broken(String message, long millis) implements TlsAttempt {}

    record Encrypted(String protocol, String cipher, Certificate certificate, long millis)
        implements TlsAttempt {}
  }

  /**
   * The server's certificate, as it was sent.
   *
   * @param roots what the chain was compared with: the URL's sslrootcert or the system's roots
   * @param namesHost whether a subject alternative name (or the common name) matches the host
   */
  public record Certificate(
      String subject,
      String issuer,
      List<String> names,
      Instant notBefore,
      Instant notAfter,
      Trust trust,
      String roots,
      boolean namesHost) {}

  /** Whether the chain leads to a trusted root, within its dates. */
  public sealed interface Trust {
    record Trusted() implements Trust {}

    record NotTrusted(String why) implements Trust {}

    /** The roots that the URL names are not on this machine. */
    record CannotTell(String why) implements Trust {}
  }

  /** The answer to the start-up message and the password. */
  public sealed interface LoginAttempt {
    long millis();

    /**
     * @param serverVersion as the server reports it, for example 17.6
     */
    record LoggedIn(String serverVersion, long millis) implements LoginAttempt {}

    /**
     * The server, or the driver on its behalf, refused.
     *
     * @param sqlState PostgreSQL, Appendix A
     * @param attempts how often it was tried; a wrong password is tried once
     */
    record Refused(String sqlState, String message, int attempts, long millis)
        implements LoginAttempt {}
  }
}
