package io.tlengine.pgcheck.postgres;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A TLS proxy that behaves like Neon's (github.com/neondatabase/neon, proxy/src/auth): it finds the
 * endpoint by the first label of the server name, else by {@code options=endpoint=...}, else asks
 * for a plain password that may name it, and refuses in Neon's words with XX000. The compute behind
 * an endpoint may have to start first.
 */
public final class NeonProxy implements AutoCloseable {

  public static final String REGION = "eu-central-1.aws.neon.tech";

  private static final int SSL_REQUEST = 80_877_103;
  private static final String INTERNAL_ERROR = "XX000";
  private static final String POOLER = "-pooler";
  private static final String NO_ENDPOINT =
      "Endpoint ID is not specified. Either please upgrade the postgres client library (libpq) for"
          + " SNI support or pass the endpoint ID (first part of the domain name) as a parameter:"
          + " '?options=endpoint%3D<endpoint-id>'. See more at https://neon.tech/sni";

  private final ServerSocket door;
  private final SSLContext tls;
  private final int compute;
  private final Set<String> endpoints;
  private final CompletableFuture<Void> awake = new CompletableFuture<>();
  private final Duration coldStart;
  private final Optional<String> refusal;

  private NeonProxy(
      SSLContext tls,
      int compute,
      Set<String> endpoints,
      Duration coldStart,
      Optional<String> refusal)
      throws IOException {
    this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.tls = tls;
    this.compute = compute;
    this.endpoints = Set.copyOf(endpoints);
    this.coldStart = coldStart;
    this.refusal = refusal;
    Thread.ofVirtual().start(this::acceptAll);
  }

  /**
   * Knows one endpoint.
   *
   * @param compute the port of the PostgreSQL (without TLS) behind it
   * @param coldStart how long the first login waits for it
   */
  public static NeonProxy start(
      Postgres postgres, int compute, String endpoint, Duration coldStart) {
    return start(postgres, compute, Set.of(endpoint), coldStart, Optional.empty());
  }

  /** Refuses every login with this text. */
  public static NeonProxy refusing(Postgres postgres, String text) {
    return start(postgres, 1, Set.of(), Duration.ZERO, Optional.of(text));
  }

  private static NeonProxy start(
      Postgres postgres,
      int compute,
      Set<String> endpoints,
      Duration coldStart,
      Optional<String> refusal) {
    try {
      return new NeonProxy(postgres.serverContext("neon"), compute, endpoints, coldStart, refusal);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return door.getLocalPort();
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void acceptAll() {
    while (!door.isClosed()) {
      try {
        var client = door.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        // The test has closed it.
      }
    }
  }

  private void serve(Socket plain) {
    try (plain) {
      var first = packet(plain.getInputStream());
      if (first.code() != SSL_REQUEST) {
        refuse(plain.getOutputStream(), "connection is insecure (try using `sslmode=require`)");
        return;
      }
      plain.getOutputStream().write('S');
      try (var client =
          (SSLSocket) tls.getSocketFactory().createSocket(plain, (InputStream) null, true)) {
        client.startHandshake();
        login(client);
      }
    } catch (IOException e) {
      // A client that only wanted the certificate has gone.
    }
  }

  private void login(SSLSocket client) throws IOException {
    var startup = packet(client.getInputStream());
    var parameters = new LinkedHashMap<>(startup.parameters());
    var endpoint =
        serverName(client)
            .filter(name -> name.endsWith("." + REGION))
            .map(name -> name.substring(0, name.indexOf('.')))
            .or(() -> endpointOption(parameters));
    if (refusal.isPresent()) {
      refuse(client.getOutputStream(), refusal.get());
    } else if (endpoint.isEmpty()) {
      askForPassword(client);
      refuse(client.getOutputStream(), NO_ENDPOINT);
    } else if (!endpoints.contains(endpoint.get().replace(POOLER, ""))) {
      refuse(client.getOutputStream(), "Control plane request failed: endpoint cannot be found");
    } else {
      wake();
      parameters.remove("options");
      forward(client, new Packet(startup.code(), parameters));
    }
  }

  /** The first login starts the compute; all wait for the same start. */
  private void wake() {
    awake.completeOnTimeout(null, coldStart.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  private void forward(SSLSocket client, Packet startup) throws IOException {
    try (var server = new Socket(InetAddress.getLoopbackAddress(), compute)) {
      startup.writeTo(server.getOutputStream());
      var answers = Thread.ofVirtual().start(() -> pump(server, client));
      pump(client, server);
      server.shutdownOutput();
      answers.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pump(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // One of them has closed the connection.
    }
  }

  private static Optional<String> serverName(SSLSocket client) {
    return ((ExtendedSSLSession) client.getSession())
        .getRequestedServerNames().stream()
            .map(name -> ((SNIHostName) name).getAsciiName())
            .findFirst();
  }

  private static Optional<String> endpointOption(Map<String, String> parameters) {
    var options = parameters.getOrDefault("options", "");
    return options.startsWith("endpoint=")
        ? Optional.of(options.substring("endpoint=".length()))
        : Optional.empty();
  }

  /** AuthenticationCleartextPassword, and the answer to it, which names no endpoint. */
  private static void askForPassword(SSLSocket client) throws IOException {
    var out = new DataOutputStream(client.getOutputStream());
    out.writeByte('R');
    out.writeInt(8);
    out.writeInt(3);
    out.flush();
    var in = new DataInputStream(client.getInputStream());
    in.readByte();
    in.skipNBytes(in.readInt() - 4L);
  }

  private static void refuse(OutputStream to, String text) throws IOException {
    var fields = new ByteArrayOutputStream();
    field(fields, 'S', "ERROR");
    field(fields, 'C', INTERNAL_ERROR);
    field(fields, 'M', text);
    fields.write(0);
    var out = new DataOutputStream(to);
    out.writeByte('E');
    out.writeInt(4 + fields.size());
    fields.writeTo(out);
    out.flush();
  }

  private static void field(ByteArrayOutputStream fields, char type, String text) {
    fields.write(type);
    fields.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    fields.write(0);
  }

  /** A message without a type: the start-up message, or a request for TLS. */
  private record Packet(int code, Map<String, String> parameters) {

    void writeTo(OutputStream to) throws IOException {
      var body = new ByteArrayOutputStream();
      parameters.forEach(
          (name, value) -> {
            body.writeBytes(name.getBytes(StandardCharsets.UTF_8));
            body.write(0);
            body.writeBytes(value.getBytes(StandardCharsets.UTF_8));
            body.write(0);
          });
      body.write(0);
      var out = new DataOutputStream(to);
      out.writeInt(8 + body.size());
      out.writeInt(code);
      body.writeTo(out);
      out.flush();
    }
  }

  private static Packet packet(InputStream from) throws IOException {
    var in = new DataInputStream(from);
    int length = in.readInt();
    int code = in.readInt();
    var words = new String(in.readNBytes(length - 8), StandardCharsets.UTF_8).split("\0", -1);
    var parameters = new LinkedHashMap<String, String>();
    for (int i = 0; i + 1 < words.length && !words[i].isEmpty(); i += 2) {
      parameters.put(words[i], words[i + 1]);
    }
    return new Packet(code, parameters);
  }
}
