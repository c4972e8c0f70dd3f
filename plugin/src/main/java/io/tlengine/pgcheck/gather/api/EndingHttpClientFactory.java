package io.tlengine.pgcheck.gather.api;

import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * The library's HTTP client, ended with its threads. The library's own close leaves the selector
 * thread of java.net.http in native code, and the end of the JVM waits 0.3 s for such a thread.
 */
final class EndingHttpClientFactory extends JdkHttpClientFactory implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final List<HttpClient> made = new CopyOnWriteArrayList<>();
  private final Optional<SSLContext> tls;
  private final Optional<SNIHostName> serverName;

  /**
   * @param tls in place of the library's own
   * @param serverName in place of the address
   */
  EndingHttpClientFactory(Optional<SSLContext> tls, Optional<SNIHostName> serverName) {
    this.tls = tls;
    this.serverName = serverName;
  }

  @Override
  protected HttpClient.Builder createNewHttpClientBuilder() {
    return new Remembering(super.createNewHttpClientBuilder());
  }

  /** Ends what is still under way, too. */
  @Override
  public void close() {
    made.forEach(HttpClient::shutdownNow);
    try {
      for (var client : made) {
        client.awaitTermination(PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The only way to the client that the library builds. */
  private final class Remembering implements HttpClient.Builder {

    private final HttpClient.Builder builder;

    Remembering(HttpClient.Builder builder) {
      this.builder = builder;
    }

    @Override
    public HttpClient build() {
      tls.ifPresent(builder::sslContext);
      serverName.ifPresent(
          name -> {
            var parameters = new SSLParameters(null, new String[] {"TLSv1.3", "TLSv1.2"});
            parameters.setServerNames(List.of(name));
            builder.sslParameters(parameters);
          });
      var client = builder.build();
      made.add(client);
      return client;
    }

    @Override
    public HttpClient.Builder cookieHandler(CookieHandler cookieHandler) {
      builder.cookieHandler(cookieHandler);
      return this;
    }

    @Override
    public HttpClient.Builder connectTimeout(Duration duration) {
      builder.connectTimeout(duration);
      return this;
    }

    @Override
    public HttpClient.Builder sslContext(SSLContext sslContext) {
      builder.sslContext(sslContext);
      return this;
    }

    @Override
    public HttpClient.Builder sslParameters(SSLParameters sslParameters) {
      builder.sslParameters(sslParameters);
      return this;
    }

    @Override
    public HttpClient.Builder executor(Executor executor) {
      builder.executor(executor);
      return this;
    }

    @Override
    public HttpClient.Builder followRedirects(HttpClient.Redirect policy) {
      builder.followRedirects(policy);
      return this;
    }

    @Override
    public HttpClient.Builder version(HttpClient.Version version) {
      builder.version(version);
      return this;
    }

    @Override
    public HttpClient.Builder priority(int priority) {
      builder.priority(priority);
      return this;
    }

    @Override
    public HttpClient.Builder proxy(ProxySelector proxySelector) {
      builder.proxy(proxySelector);
      return this;
    }

    @Override
    public HttpClient.Builder authenticator(Authenticator authenticator) {
      builder.authenticator(authenticator);
      return this;
    }
  }
}
