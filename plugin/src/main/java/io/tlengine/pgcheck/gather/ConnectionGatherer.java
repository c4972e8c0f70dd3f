package io.tlengine.pgcheck.gather;

import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.ConnectionFacts.LoginAttempt;
import io.tlengine.pgcheck.fact.ConnectionFacts.NameLookup;
import io.tlengine.pgcheck.fact.ConnectionFacts.PortAttempt;
import io.tlengine.pgcheck.fact.ConnectionFacts.PortResult;
import io.tlengine.pgcheck.fact.ConnectionFacts.Target;
import io.tlengine.pgcheck.fact.ConnectionFacts.TlsAttempt;
import io.tlengine.pgcheck.fact.ConnectionFacts.Trust;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;

/** Walks the stages of a connection, each by itself, until one does not succeed. */
public final class ConnectionGatherer {

  private static final Duration STAGE_TIMEOUT = Duration.ofSeconds(10);
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  private final Duration loginTimeout;

  /**
   * @param loginTimeout how long a server that is still starting is asked again
   */
  public ConnectionGatherer(Duration loginTimeout) {
    this.loginTimeout = loginTimeout;
  }

  /**
   * @param source where the URL was found, for messages
   */
  public ConnectionFacts gather(DatabaseUrl url, String source) {
    var target =
        new Target(
            source,
            url.host(),
            url.port(),
            url.database(),
            url.user(),
            url.sslMode(),
            url.channelBindingRequired());
    var name = lookUp(url.host());
    if (!(name instanceof NameLookup.Resolved resolved)) {
      return new ConnectionFacts(
          target, name, Optional.empty(), Optional.empty(), Optional.empty());
    }
    var port = knock(resolved.addresses(), url.port());
    var open = port.stream().filter(a -> a.result() == PortResult.ACCEPTED).findFirst();
    if (open.isEmpty()) {
      return new ConnectionFacts(
          target, name, Optional.of(port), Optional.empty(), Optional.empty());
    }
    var tls = TlsProbe.probe(url, open.get().address(), STAGE_TIMEOUT);
    Optional<LoginAttempt> login =
        canLogIn(url, tls) ? Optional.of(Login.tryOnce(url, loginTimeout)) : Optional.empty();
    return new ConnectionFacts(target, name, Optional.of(port), Optional.of(tls), login);
  }

  /** A login that TLS has ruled out already would only repeat its fault in other words. */
  private static boolean canLogIn(DatabaseUrl url, TlsAttempt tls) {
    return switch (tls) {
      case TlsAttempt.NotAsked none -> true;
      case TlsAttempt.Declined declined -> !url.sslMode().encryptionRequired();
      case TlsAttempt.NotPostgres other -> false;
      case TlsAttempt.Broken broken -> false;
      case TlsAttempt.Encrypted e ->
          !url.sslMode().verifiesChain() || e.certificate().trust() instanceof Trust.Trusted;
    };
  }

  private static NameLookup lookUp(String host) {
    boolean literal = host.contains(":") || IPV4.matcher(host).matches();
    long start = System.nanoTime();
    try {
      var addresses =
          Arrays.stream(InetAddress.getAllByName(host)).map(InetAddress::getHostAddress).toList();
      return new NameLookup.Resolved(addresses, literal, millisSince(start));
    } catch (UnknownHostException e) {
      var message = String.valueOf(e.getMessage());
      // getaddrinfo: EAI_AGAIN is the resolver's failure, everything else is its answer.
      return message.contains("Temporary failure")
          ? new NameLookup.NoAnswer(message, millisSince(start))
          : new NameLookup.NoSuchName(message, millisSince(start));
    }
  }

  private static List<PortAttempt> knock(List<String> addresses, int port) {
    List<Future<PortAttempt>> attempts;
    // Closing the executor waits for all of them.
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      attempts = addresses.stream().map(a -> threads.submit(() -> knock(a, port))).toList();
    }
    return attempts.stream().map(Future::resultNow).toList();
  }

  private static PortAttempt knock(String address, int port) throws UnknownHostException {
    var inet = InetAddress.getByName(address);
    long start = System.nanoTime();
    var result = PortResult.ACCEPTED;
    var detail = "";
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(inet, port), Math.toIntExact(STAGE_TIMEOUT.toMillis()));
    } catch (SocketTimeoutException e) {
      result = PortResult.TIMED_OUT;
    } catch (ConnectException e) {
      var message = String.valueOf(e.getMessage());
      result =
          message.contains("refused")
              ? PortResult.REFUSED
              : message.contains("timed out") ? PortResult.TIMED_OUT : PortResult.NO_ROUTE;
      detail = message;
    } catch (IOException e) {
      result = PortResult.NO_ROUTE;
      detail = Failure.of(e);
    }
    return new PortAttempt(address, isPrivate(inet), result, detail, millisSince(start));
  }

  /** RFC 1918, loopback, link-local, and IPv6 unique local addresses (fc00::/7). */
  private static boolean isPrivate(InetAddress address) {
    return address.isSiteLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || (address.getAddress().length == 16 && (address.getAddress()[0] & 0xfe) == 0xfc);
  }

  static long millisSince(long startNanos) {
    return (System.nanoTime() - startNanos) / 1_000_000;
  }
}
