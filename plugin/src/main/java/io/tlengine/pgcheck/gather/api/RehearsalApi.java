package io.tlengine.pgcheck.gather.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * An API server on this machine that knows a few kinds and holds one Secret at most: a preflight
 * against it uses the classes that a real one uses, without a cluster.
 */
public final class RehearsalApi implements AutoCloseable {

  private static final String VERSION =
      "{\"major\":\"1\",\"minor\":\"36\",\"gitVersion\":\"v1.36.0\"}";
  private static final String NOT_FOUND =
      "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":404}";
  private static final String EMPTY =
      "{\"kind\":\"List\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":[]}";
  private static final String ALLOWED =
      "{\"kind\":\"SelfSubjectAccessReview\",\"apiVersion\":\"authorization.k8s.io/v1\","
          + "\"status\":{\"allowed\":true}}";
  private static final Map<String, List<String>> KINDS =
      Map.of(
          "v1", List.of("Pod", "PersistentVolumeClaim", "Secret", "Service", "ConfigMap"),
          "apps/v1", List.of("StatefulSet", "Deployment"));

  /** /api/v1 and /apis/GROUP/VERSION, and below them a kind's plural, of a namespace or of all. */
  private static final Pattern GROUP_VERSION = Pattern.compile("/(?:api|apis)/(v1|[^/]+/[^/]+)");

  private static final Pattern LIST =
      Pattern.compile("/(?:api/v1|apis/[^/]+/[^/]+)/(?:namespaces/[^/]+/)?[a-z]+");

  /** Of a key that lives as long as the rehearsal. */
  private static final String PASSWORD = "rehearsal";

  private static final int BACKLOG = 50;

  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final KeyStore keys;
  private final String alias;
  private final Map<String, String> secret = new ConcurrentHashMap<>();

  /**
   * @param keyStore a key and its certificate for 127.0.0.1, which the client shows, too
   */
  public RehearsalApi(Path keyStore) throws IOException, GeneralSecurityException {
    keys = KeyStore.getInstance("PKCS12");
    try (var file = new FileInputStream(keyStore.toFile())) {
      keys.load(file, PASSWORD.toCharArray());
    }
    alias = keys.aliases().nextElement();
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    var tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /**
   * From now on every Secret that is asked for holds this.
   *
   * @param data in base64, by key
   */
  public void hold(Map<String, String> data) {
    secret.clear();
    secret.putAll(data);
  }

  /** A PostgreSQL URL that leads here, and so to no login. */
  public String databaseUrl() {
    return "postgresql://rehearsal@127.0.0.1:%d/rehearsal?sslmode=disable"
        .formatted(server.getAddress().getPort());
  }

  /** A kubeconfig as most people have it: an authority, a client certificate and its key. */
  public String kubeconfig() throws GeneralSecurityException {
    var certificate = pem("CERTIFICATE", keys.getCertificate(alias).getEncoded());
    var key = pem("PRIVATE KEY", keys.getKey(alias, PASSWORD.toCharArray()).getEncoded());
    return """
    apiVersion: v1
    kind: Config
    current-context: rehearsal
    clusters:
      - name: rehearsal
        cluster: {server: "https://127.0.0.1:%d", certificate-authority-data: %s}
    contexts:
      - name: rehearsal
        context: {cluster: rehearsal, user: rehearsal}
    users:
      - name: rehearsal
        user: {client-certificate-data: %s, client-key-data: %s}
    """
        .formatted(server.getAddress().getPort(), certificate, certificate, key);
  }

  private static String pem(String what, byte[] der) {
    var text =
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(what, Base64.getMimeEncoder().encodeToString(der), what);
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  private void answer(HttpExchange exchange) throws IOException {
    var sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    var answer = answer(exchange.getRequestMethod(), exchange.getRequestURI().getPath(), sent);
    var bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(
        answer.equals(NOT_FOUND) ? HttpURLConnection.HTTP_NOT_FOUND : HttpURLConnection.HTTP_OK,
        bytes.length);
    try (var body = exchange.getResponseBody()) {
      body.write(bytes);
    }
  }

  private String answer(String method, String path, String sent) {
    if (path.equals("/version")) {
      return VERSION;
    }
    if (path.contains("/secrets/") && !secret.isEmpty()) {
      return secretNamed(path.substring(path.lastIndexOf('/') + 1));
    }
    var version = GROUP_VERSION.matcher(path);
    if (version.matches()) {
      return kinds(version.group(1));
    }
    if (method.equals("POST")) {
      return path.endsWith("/selfsubjectaccessreviews") ? ALLOWED : sent;
    }
    return LIST.matcher(path).matches() ? EMPTY : NOT_FOUND;
  }

  private String secretNamed(String name) {
    var object =
        new ObjectMapper().createObjectNode().put("apiVersion", "v1").put("kind", "Secret");
    object.putObject("metadata").put("name", name);
    var data = object.putObject("data");
    secret.forEach(data::put);
    return object.toString();
  }

  private static String kinds(String groupVersion) {
    return KINDS.getOrDefault(groupVersion, List.of()).stream()
        .map(
            kind ->
                "{\"name\":\"%ss\",\"kind\":\"%s\",\"namespaced\":true}"
                    .formatted(kind.toLowerCase(Locale.ROOT), kind))
        .collect(
            Collectors.joining(
                ",",
                "{\"kind\":\"APIResourceList\",\"groupVersion\":\"%s\",\"resources\":["
                    .formatted(groupVersion),
                "]}"));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
