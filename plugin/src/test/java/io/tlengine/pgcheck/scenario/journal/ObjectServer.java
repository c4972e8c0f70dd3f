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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * As much of an API server as a few objects take: they have UIDs and versions, and a deletion's
 * preconditions count; an answer may be cut off behind a request that was obeyed. It remembers what
 * it was asked for.
 */
final class ObjectServer implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final Cluster cluster;
  private final Map<String, ObjectNode> objects = new HashMap<>();
  private final List<Request> requests = new ArrayList<>();
  private Optional<Runnable> beforeDelete = Optional.empty();
  private String cutOff = "";
  private int version;

  /** What it was asked for. */
  record Request(String method, String path, ObjectNode body) {}

  ObjectServer(Path folder) throws IOException {
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

  synchronized Optional<ObjectNode> get(String path) {
    return Optional.ofNullable(objects.get(path)).map(ObjectNode::deepCopy);
  }

  /** A new object, or a new version of the one that is there. */
  synchronized ObjectNode put(String path, ObjectNode object) {
    var metadata = object.withObject("metadata");
    metadata.put("name", path.substring(path.lastIndexOf('/') + 1));
    metadata.put("resourceVersion", String.valueOf(++version));
    if (!metadata.has("uid")) {
      metadata.put("uid", "uid-" + version);
      metadata.put("creationTimestamp", "2026-01-01T00:00:00Z");
    }
    objects.put(path, object);
    return object;
  }

  synchronized ObjectNode put(String path) {
    return put(path, JSON.createObjectNode());
  }

  synchronized void remove(String path) {
    objects.remove(path);
  }

  /** Once, between what was looked at and its deletion. */
  synchronized void beforeDelete(Runnable change) {
    beforeDelete = Optional.of(change);
  }

  /** The next request with this method is obeyed and not answered. */
  synchronized void cutOff(String method) {
    cutOff = method;
  }

  synchronized List<Request> requests(String method) {
    return requests.stream().filter(r -> r.method().equals(method)).toList();
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    var body = exchange.getRequestBody().readAllBytes();
    var sent = body.length == 0 ? JSON.createObjectNode() : (ObjectNode) JSON.readTree(body);
    var path = exchange.getRequestURI().getPath();
    requests.add(new Request(exchange.getRequestMethod(), path, sent));
    var answer = obey(exchange.getRequestMethod(), path, sent);
    if (exchange.getRequestMethod().equals(cutOff)) {
      cutOff = "";
      exchange.close();
      return;
    }
    reply(exchange, answer);
  }

  private ObjectNode obey(String method, String path, ObjectNode sent) {
    return switch (method) {
      case "POST" -> {
        var made = path + "/" + sent.at("/metadata/name").asText();
        yield objects.containsKey(made) ? status(409) : put(made, sent);
      }
      case "PUT" ->
          matches(path, "resourceVersion", sent.at("/metadata/resourceVersion").asText())
              ? put(path, sent)
              : status(409);
      case "PATCH" -> {
        get(path).ifPresent(o -> sent.withObject("metadata").set("uid", o.at("/metadata/uid")));
        sent.withObject("metadata").put("creationTimestamp", "2026-01-01T00:00:00Z");
        yield put(path, sent);
      }
      case "DELETE" -> {
        beforeDelete.ifPresent(Runnable::run);
        beforeDelete = Optional.empty();
        yield delete(path, sent);
      }
      default ->
          path.equals("/version")
              ? JSON.createObjectNode().put("gitVersion", "v1.36.0")
              : get(path).orElse(status(404));
    };
  }

  private ObjectNode delete(String path, ObjectNode sent) {
    if (!objects.containsKey(path)) {
      return status(404);
    }
    for (var condition : List.of("uid", "resourceVersion")) {
      var wanted = sent.at("/preconditions/" + condition).asText();
      if (!wanted.isEmpty() && !matches(path, condition, wanted)) {
        return status(409);
      }
    }
    return objects.remove(path);
  }

  private boolean matches(String path, String field, String wanted) {
    return get(path).filter(o -> o.at("/metadata/" + field).asText().equals(wanted)).isPresent();
  }

  private static ObjectNode status(int code) {
    return JSON.createObjectNode().put("kind", "Status").put("apiVersion", "v1").put("code", code);
  }

  private static void reply(HttpExchange exchange, ObjectNode body) throws IOException {
    var bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(body.path("code").asInt(200), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    cluster.close();
    server.stop(0);
  }
}
