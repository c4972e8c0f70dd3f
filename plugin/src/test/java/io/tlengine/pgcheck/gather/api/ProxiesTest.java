package io.tlengine.pgcheck.gather.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tlengine.pgcheck.gather.helm.HelmEnvironment;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxiesTest {

  private static final URI PROXY = URI.create("http://proxy.example.org:3128");

  private static Optional<URI> proxy(String server, Map<String, String> environment) {
    return Proxies.of(URI.create(server), Optional.empty(), new HelmEnvironment(environment));
  }

  /** The examples of golang.org/x/net/http/httpproxy, and what people write besides. */
  @ParameterizedTest
  @CsvSource({
    "https://api.example.com:6443, example.com, true",
    "https://api.example.com:6443, .example.com, true",
    "https://example.com, .example.com, false",
    "https://notexample.com, example.com, false",
    "https://api.example.com:6443, *.example.com, true",
    "https://api.example.com:6443, example.com:6443, true",
    "https://api.example.com:6443, example.com:443, false",
    "https://api.example.com, example.com:443, true",
    "https://10.1.2.3:6443, 10.1.2.3, true",
    "https://10.1.2.3:6443, '10.0.0.0/8', true",
    "https://10.1.2.3:6443, 10.1.2.0/25, true",
    "https://10.1.2.200:6443, 10.1.2.0/25, false",
    "https://10.1.2.3:6443, 10.1.2.0/99, false",
    "https://10.1.2.3:6443, ' a.org , 10.1.2.3 ', true",
    "https://10.1.2.3:6443, '*', true",
    "https://[fd00::1]:6443, fd00::/8, true",
    "https://[fd00::1]:6443, fd00:0::1, true",
    "https://[fd00::1]:6443, '[fd00::1]:6443', true",
    "https://[fd00::1]:6443, 10.0.0.0/8, false",
    "https://api.example.com, '%&!, /8, :, [', false",
    "https://localhost:6443, '', true",
    "https://127.0.0.1:6443, '', true",
    "https://[::1]:6443, '', true",
    "https://api.example.com, '', false"
  })
  void theExceptionsAreThoseOfKubectl(String server, String exceptions, boolean excepted) {
    assertEquals(
        excepted, Proxies.excepted(URI.create(server), exceptions == null ? "" : exceptions));
  }

  @Test
  void theSchemeChoosesTheVariableAndTheKubeconfigGoesFirst() {
    var both =
        Map.of("HTTPS_PROXY", PROXY.toString(), "http_proxy", "http://other", "NO_PROXY", "x.org");

    assertEquals(Optional.of(PROXY), proxy("https://api.example.com", both));
    assertEquals(Optional.of(URI.create("http://other:80")), proxy("http://api.example.com", both));
    assertEquals(Optional.empty(), proxy("https://x.org", both));
    assertEquals(Optional.empty(), proxy("https://api.example.com", Map.of()));
    assertEquals(
        Optional.of(URI.create("http://mine:8080")),
        Proxies.of(
            URI.create("https://x.org"), Optional.of("mine:8080"), new HelmEnvironment(both)));
  }
}
