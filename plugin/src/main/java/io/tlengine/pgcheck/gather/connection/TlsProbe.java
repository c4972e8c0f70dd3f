package io.tlengine.pgcheck.gather.connection;

import io.tlengine.pgcheck.fact.ConnectionFacts.Certificate;
import io.tlengine.pgcheck.fact.ConnectionFacts.TlsAttempt;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.plan.SslMode;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Asks a server for TLS and looks at its certificate (PostgreSQL, "SSL Session Encryption"). The
 * handshake accepts any certificate, so that a bad one can be described; whether a password may
 * follow on this connection is the caller's to decide.
 */
final class TlsProbe {

  /** The length and the code of an SSLRequest. */
  private static final int[] SSL_REQUEST = {8, 80_877_103};

  private TlsProbe() {}

  /**
   * What was met, and the connection to go on with: encrypted, or as it was.
   *
   * @param socket absent when nothing can go on
   */
  record Negotiated(TlsAttempt attempt, Optional<Socket> socket) {}

  /** Negotiates on an open connection, which is closed when nothing can go on with it. */
  static Negotiated negotiate(DatabaseUrl url, Socket socket, Duration timeout) {
    if (url.sslMode() == SslMode.DISABLE) {
      return new Negotiated(new TlsAttempt.NotAsked(), Optional.of(socket));
    }
    long start = System.nanoTime();
    try {
      socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
      if (!"direct".equals(url.parameters().get("sslnegotiation"))) {
        int answer = request(socket);
        if (answer == 'N') {
          return new Negotiated(
              new TlsAttempt.Declined(ConnectionGatherer.millisSince(start)), Optional.of(socket));
        }
        if (answer != 'S') {
          Sockets.close(socket);
          return new Negotiated(
              new TlsAttempt.NotPostgres(
                  answer < 0
                      ? "it closed the connection"
                      : "it answered an SSLRequest with byte " + answer + ", wanted: S or N",
                  ConnectionGatherer.millisSince(start)),
              Optional.empty());
        }
      }
      return handshake(url, socket, start);
    } catch (IOException e) {
      Sockets.close(socket);
      return new Negotiated(
          new TlsAttempt.Broken(Failure.of(e), ConnectionGatherer.millisSince(start)),
          Optional.empty());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int request(Socket socket) throws IOException {
    var out = new DataOutputStream(socket.getOutputStream());
    for (int word : SSL_REQUEST) {
      out.writeInt(word);
    }
    out.flush();
    return socket.getInputStream().read();
  }

  private static Negotiated handshake(DatabaseUrl url, Socket socket, long start)
      throws IOException, GeneralSecurityException {
    var context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new AcceptAll()}, new SecureRandom());
    // Naming the host sends SNI, by which providers find the endpoint.
    var tls =
        (SSLSocket) context.getSocketFactory().createSocket(socket, url.host(), url.port(), true);
    var parameters = tls.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"postgresql"});
    tls.setSSLParameters(parameters);
    tls.startHandshake();
    var session = tls.getSession();
    var chain =
        Arrays.stream(session.getPeerCertificates())
            .map(X509Certificate.class::cast)
            .toArray(X509Certificate[]::new);
    Certificate certificate = Certificates.describe(url, chain);
    return new Negotiated(
        new TlsAttempt.Encrypted(
            session.getProtocol(),
            session.getCipherSuite(),
            certificate,
            ConnectionGatherer.millisSince(start)),
        Optional.of(tls));
  }

  /** Only for looking at a certificate; {@link Certificates} says whether it may be trusted. */
  private static final class AcceptAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
