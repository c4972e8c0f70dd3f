package io.tlengine.pgcheck.scenario.journal;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.helm.HelmEnvironment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * As much of an API server as one Lease takes: it is made, renewed and deleted by resourceVersion,
 * and an answer may be cut off behind a request that was obeyed.
 */
final class LeaseServer implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final Cluster cluster;
  private Optional<ObjectNode> lease = Optional.empty();
  private int version;
  private String cutOff = "";

  LeaseServer(Path folder) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    var kubeconfig =
        Files.writeString(
            folder.resolve("kubeconfig"),
            """
            apiVersion: v1
            kind: Config
            current-context: here
            clusters: [{name: local, cluster: {server: "http://127.0.0.1:%d"}}]
            contexts: [{name: here, context: {cluster: local, user: me}}]
            users: [{name: me, user: {token: abc}}]
            """
                .formatted(server.getAddress().getPort()));
    cluster =
        Cluster.connect(
            new HelmEnvironment(Map.of("KUBECONFIG", kubeconfig.toString())),
            Duration.ofSeconds(10));
  }

  Cluster cluster() {
    return cluster;
  }

  synchronized Optional<ObjectNode> lease() {
    return lease;
  }

  /** The next request with this method is obeyed and not answered. */
  synchronized void cutOff(String method) {
    cutOff = method;
  }

  /** Somebody else has it now. */
  synchronized void take(String identity) {
    var taken = lease.orElseThrow().deepCopy();
    taken.withObject("spec").put("holderIdentity", identity);
    store(taken);
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    var body = exchange.getRequestBody().readAllBytes();
    var sent = body.length == 0 ? JSON.createObjectNode() : (ObjectNode) JSON.readTree(body);
    if (exchange.getRequestURI().getPath().equals("/version")) {
      reply(exchange, 200, JSON.createObjectNode().put("gitVersion", "v1.36.0"));
      return;
    }
    int code =
        switch (exchange.getRequestMethod()) {
          case "POST" -> lease.isPresent() ? 409 : store(sent);
          case "PUT" -> current(sent.at("/metadata/resourceVersion").asText()) ? store(sent) : 409;
          case "DELETE" ->
              current(sent.at("/preconditions/resourceVersion").asText()) ? delete() : 409;
          default -> lease.isPresent() ? 200 : 404;
        };
    if (exchange.getRequestMethod().equals(cutOff)) {
      cutOff = "";
      exchange.close();
      return;
    }
    reply(exchange, code, code == 200 ? lease.orElse(status(code)) : status(code));
  }

  private boolean current(String resourceVersion) {
    return lease.isPresent() && resourceVersion.equals(String.valueOf(version));
  }

  private int store(ObjectNode sent) {
    sent.withObject("metadata").put("resourceVersion", String.valueOf(++version));
    lease = Optional.of(sent);
    return 200;
  }

  private int delete() {
    lease = Optional.empty();
    return 200;
  }

  private static ObjectNode status(int code) {
    return JSON.createObjectNode().put("kind", "Status").put("apiVersion", "v1").put("code", code);
  }

  private static void reply(HttpExchange exchange, int code, ObjectNode body) throws IOException {
    var bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    cluster.close();
    server.stop(0);
  }
}
