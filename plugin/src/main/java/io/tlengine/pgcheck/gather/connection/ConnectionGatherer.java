package io.tlengine.pgcheck.gather.connection;

import io.tlengine.pgcheck.fact.ConnectionFacts;
import io.tlengine.pgcheck.fact.ConnectionFacts.LoginAttempt;
import io.tlengine.pgcheck.fact.ConnectionFacts.NameLookup;
import io.tlengine.pgcheck.fact.ConnectionFacts.PortAttempt;
import io.tlengine.pgcheck.fact.ConnectionFacts.PortResult;
import io.tlengine.pgcheck.fact.ConnectionFacts.Target;
import io.tlengine.pgcheck.fact.ConnectionFacts.TlsAttempt;
import io.tlengine.pgcheck.fact.ConnectionFacts.Trust;
import io.tlengine.pgcheck.fact.CreateProof;
import io.tlengine.pgcheck.fact.DatabaseFacts;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.Routes.Pooling;
import io.tlengine.pgcheck.fact.Vantage;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.plan.SslMode;
import io.tlengine.pgcheck.plan.TargetSession;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Walks the stages of a connection, each by itself, until one does not succeed. */
public final class ConnectionGatherer {

  private static final Duration LONGEST_STAGE = Duration.ofSeconds(10);
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /** invalid_authorization_specification: pg_hba.conf has no line that lets in. */
  private static final String NOT_PERMITTED = "28000";

  private final Duration loginTimeout;
  private final Duration stageTimeout;
  private final Vantage from;

  /**
   * From this machine.
   *
   * @param loginTimeout how long a server that is still starting is asked again
   */
  public ConnectionGatherer(Duration loginTimeout) {
    this(loginTimeout, Vantage.HERE);
  }

  /** From this machine or from a pod, as the facts are to say. */
  public ConnectionGatherer(Duration loginTimeout, Vantage from) {
    this.loginTimeout = loginTimeout;
    this.from = from;
    this.stageTimeout = loginTimeout.compareTo(LONGEST_STAGE) < 0 ? loginTimeout : LONGEST_STAGE;
  }

  /**
   * What one URL led to.
   *
   * @param database present after a login, when it was asked for
   * @param create present after a login, when it was asked for
   * @param pooling present after a login, when it was asked for
   */
  public record Reached(
      ConnectionFacts connection,
      Optional<Fact<DatabaseFacts>> database,
      Optional<Fact<CreateProof>> create,
      Optional<Pooling> pooling) {

    static Reached notLoggedIn(ConnectionFacts connection) {
      return new Reached(connection, Optional.empty(), Optional.empty(), Optional.empty());
    }
  }

  /**
   * What to ask after the login, on the same connection.
   *
   * @param create whether to try a table, for this Job or for people
   * @param pooling whether to find out what stands in front of the server
   */
  public record Questions(
      boolean facts, boolean create, Optional<String> migrates, boolean pooling) {}

  /** The stages alone. */
  public ConnectionFacts gather(DatabaseUrl url, String source) {
    return reach(url, source, new Questions(false, false, Optional.empty(), false)).connection();
  }

  /**
   * The server that libpq would settle on: of several the first that accepts the login and is of
   * the kind that target_session_attrs wants. One TCP connection to each, from the port stage to
   * the last question.
   *
   * @param source where the URL was found, for messages
   */
  public Reached reach(DatabaseUrl url, String source, Questions questions) {
    if (url.endpoints().size() == 1 && url.targetSession() == TargetSession.ANY) {
      return reachOne(url, source, questions);
    }
    return new HostChoice(this, url, source, questions).reach();
  }

  /** Name and ports alone. */
  ConnectionFacts knock(DatabaseUrl url, String source) {
    var name = lookUp(url.address());
    Optional<List<PortAttempt>> port = Optional.empty();
    if (name instanceof NameLookup.Resolved resolved) {
      var doors = knock(resolved.addresses(), url.port());
      doors.stream().flatMap(d -> d.socket().stream()).forEach(Sockets::close);
      port = Optional.of(doors.stream().map(Door::attempt).toList());
    }
    return new ConnectionFacts(target(url, source), name, port, Optional.empty(), Optional.empty());
  }

  private Target target(DatabaseUrl url, String source) {
    return new Target(
        source,
        url.host(),
        url.port(),
        url.database(),
        url.user(),
        url.sslMode(),
        url.channelBindingRequired(),
        url.connectTimeoutSeconds().stream().mapToObj(Duration::ofSeconds).findFirst(),
        from);
  }

  Reached reachOne(DatabaseUrl url, String source, Questions questions) {
    var target = target(url, source);
    var name = lookUp(url.address());
    if (!(name instanceof NameLookup.Resolved resolved)) {
      return Reached.notLoggedIn(
          new ConnectionFacts(target, name, Optional.empty(), Optional.empty(), Optional.empty()));
    }
    var doors = knock(resolved.addresses(), url.port());
    var port = doors.stream().map(Door::attempt).toList();
    var open = doors.stream().flatMap(d -> d.socket().stream()).findFirst();
    doors.stream().flatMap(d -> d.socket().stream()).skip(1).forEach(Sockets::close);
    if (open.isEmpty()) {
      return Reached.notLoggedIn(
          new ConnectionFacts(target, name, Optional.of(port), Optional.empty(), Optional.empty()));
    }
    var address = open.get().getInetAddress();
    var negotiated = TlsProbe.negotiate(url, open.get(), stageTimeout);
    var tls = negotiated.attempt();
    if (negotiated.socket().isEmpty() || !canLogIn(url, tls)) {
      negotiated.socket().ifPresent(Sockets::close);
      return Reached.notLoggedIn(
          new ConnectionFacts(target, name, Optional.of(port), Optional.of(tls), Optional.empty()));
    }
    var login = logIn(url, address, negotiated);
    var connection =
        new ConnectionFacts(
            target, name, Optional.of(port), Optional.of(tls), Optional.of(login.attempt()));
    if (login.connection().isEmpty()) {
      return Reached.notLoggedIn(connection);
    }
    try (var jdbc = login.connection().get()) {
      return ask(jdbc, connection, questions, () -> second(url, address));
    } catch (SQLException e) {
      // Closing says goodbye, and a server that is gone does not hear it.
      return Reached.notLoggedIn(connection);
    }
  }

  private static Reached ask(
      Connection jdbc,
      ConnectionFacts connection,
      Questions questions,
      Supplier<Optional<Connection>> second) {
    var target = connection.target();
    Optional<Fact<DatabaseFacts>> facts =
        questions.facts() ? Optional.of(DatabaseQuery.ask(jdbc, target)) : Optional.empty();
    Optional<Fact<CreateProof>> create =
        questions.create()
            ? Optional.of(CreateTrial.run(jdbc, target, questions.migrates()))
            : Optional.empty();
    Optional<Pooling> pooling =
        questions.pooling() ? Optional.of(PoolingProof.of(jdbc, second)) : Optional.empty();
    return new Reached(connection, facts, create, pooling);
  }

  /** Another login by the same URL, beside the open one. */
  private Optional<Connection> second(DatabaseUrl url, InetAddress address) {
    return dial(url, address, url.sslMode() != SslMode.DISABLE)
        .flatMap(s -> Login.over(s, Optional::empty, url, loginTimeout).connection());
  }

  /** libpq's prefer and allow go without TLS where the server lets nobody in with it. */
  private Login.Answer logIn(DatabaseUrl url, InetAddress address, TlsProbe.Negotiated negotiated) {
    var answer =
        Login.over(
            negotiated.socket().orElseThrow(), () -> dial(url, address, true), url, loginTimeout);
    boolean plainIsLeft =
        !url.sslMode().encryptionRequired()
            && negotiated.attempt() instanceof TlsAttempt.Encrypted
            && answer.attempt() instanceof LoginAttempt.Refused refused
            && refused.sqlState().equals(NOT_PERMITTED);
    if (!plainIsLeft) {
      return answer;
    }
    return dial(url, address, false)
        .map(s -> Login.over(s, () -> dial(url, address, false), url, loginTimeout))
        .filter(a -> a.connection().isPresent())
        .orElse(answer);
  }

  private Optional<Socket> dial(DatabaseUrl url, InetAddress address, boolean tls) {
    try {
      var socket = Sockets.open(address, url.port(), stageTimeout);
      return tls ? TlsProbe.negotiate(url, socket, stageTimeout).socket() : Optional.of(socket);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * No password follows where a verifying client would have stopped; what TLS has ruled out already
   * would only repeat its fault in other words.
   */
  private static boolean canLogIn(DatabaseUrl url, TlsAttempt tls) {
    return switch (tls) {
      case TlsAttempt.NotAsked none -> true;
      case TlsAttempt.Declined declined -> !url.sslMode().encryptionRequired();
      case TlsAttempt.NotPostgres other -> false;
      case TlsAttempt.Broken broken -> false;
      case TlsAttempt.Encrypted e ->
          (!url.sslMode().verifiesChain() || e.certificate().trust() instanceof Trust.Trusted)
              && (url.sslMode() != SslMode.VERIFY_FULL || e.certificate().namesHost());
    };
  }

  /** The addresses of a host, and whether there was an answer at all. */
  public NameLookup lookUp(String host) {
    boolean literal = host.contains(":") || IPV4.matcher(host).matches();
    long start = System.nanoTime();
    try {
      var addresses =
          Arrays.stream(allAddresses(host)).map(InetAddress::getHostAddress).distinct().toList();
      return new NameLookup.Resolved(addresses, literal, millisSince(start));
    } catch (UnknownHostException e) {
      var message = String.valueOf(e.getMessage());
      // getaddrinfo: EAI_AGAIN is the resolver's failure, everything else is its answer.
      return message.contains("Temporary failure")
          ? new NameLookup.NoAnswer(message, millisSince(start))
          : new NameLookup.NoSuchName(message, millisSince(start));
    } catch (TimeoutException e) {
      return new NameLookup.NoAnswer("no answer in time", millisSince(start));
    }
  }

  /** The resolver has a time limit of its own, which may be longer than ours. */
  private InetAddress[] allAddresses(String host) throws UnknownHostException, TimeoutException {
    var answer = new FutureTask<>(() -> InetAddress.getAllByName(host));
    Thread.ofPlatform().daemon().start(answer);
    try {
      return answer.get(stageTimeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownHostException unknown) {
        throw unknown;
      }
      // What is no host name in the first place, such as a name with a blank.
      throw new UnknownHostException("it is no host name");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TimeoutException();
    }
  }

  /** One address, and the open connection to it if it accepted. */
  private record Door(PortAttempt attempt, Optional<Socket> socket) {}

  private List<Door> knock(List<String> addresses, int port) {
    List<Future<Door>> attempts;
    // Closing the executor waits for all of them.
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      attempts = addresses.stream().map(a -> threads.submit(() -> knock(a, port))).toList();
    }
    return attempts.stream().map(Future::resultNow).toList();
  }

  private Door knock(String address, int port) throws UnknownHostException {
    var inet = InetAddress.getByName(address);
    long start = System.nanoTime();
    Optional<Socket> socket = Optional.empty();
    var result = PortResult.ACCEPTED;
    var detail = "";
    try {
      socket = Optional.of(Sockets.open(inet, port, stageTimeout));
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
    return new Door(
        new PortAttempt(address, isPrivate(inet), result, detail, millisSince(start)), socket);
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
