package io.tlengine.pgcheck.gather.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.gather.failure.GatherException.Kind;
import io.tlengine.pgcheck.gather.helm.HelmEnvironment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterTest {

  @TempDir Path folder;

  private static GatherException refusal(Map<String, String> variables) {
    // A hang is what this guards against; the API server answers, or fails to, at once.
    return assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () ->
            assertThrows(
                GatherException.class,
                () ->
                    Cluster.connect(new HelmEnvironment(variables), Duration.ofSeconds(10))
                        .close()));
  }

  private Path kubeconfig(String server) throws IOException {
    return Files.writeString(
        folder.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        current-context: here
        clusters:
          - name: local
            cluster: {server: "%s"}
        contexts:
          - name: here
            context: {cluster: local, user: me}
          - name: there
            context: {cluster: local, user: me}
        users:
          - name: me
            user: {token: abc}
        """
            .formatted(server));
  }

  /** A port that was free a moment ago. */
  private static int closedPort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void assertOneLineNaming(Path file, GatherException refusal) {
    assertEquals(Kind.USAGE, refusal.kind());
    assertEquals(1, refusal.getMessage().lines().count(), refusal.getMessage());
    assertTrue(refusal.getMessage().contains(file.toString()), refusal.getMessage());
  }

  @Test
  void aMissingKubeconfigIsNamed() {
    var missing = folder.resolve("missing");
    var refusal = refusal(Map.of("KUBECONFIG", missing.toString()));

    assertEquals(
        "the kubeconfig "
            + missing
            + " does not exist; set KUBECONFIG or --kubeconfig to a readable file",
        refusal.getMessage());
    assertEquals(Kind.USAGE, refusal.kind());
  }

  @ParameterizedTest
  @CsvSource({
    "'clusters: [', is not valid YAML",
    "'apiVersion: v1', names no cluster",
    "'', names no cluster"
  })
  void aFileThatIsNoKubeconfigIsNamed(String content, String complaint) throws IOException {
    var file = Files.writeString(folder.resolve("broken"), content);
    var refusal = refusal(Map.of("KUBECONFIG", file.toString()));

    assertOneLineNaming(file, refusal);
    assertTrue(refusal.getMessage().contains(complaint), refusal.getMessage());
  }

  @Test
  void aContextThatIsNotThereIsNamedWithThoseThatAre() throws IOException {
    var file = kubeconfig("http://127.0.0.1:1");
    var refusal = refusal(Map.of("KUBECONFIG", file.toString(), "HELM_KUBECONTEXT", "nowhere"));

    assertOneLineNaming(file, refusal);
    assertTrue(
        refusal.getMessage().endsWith("has no context nowhere; it has [here, there]"),
        refusal.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"http", "https"})
  void anApiServerThatRefusesIsOutOfReachAndItsAddressNamed(String scheme) throws IOException {
    var address = scheme + "://127.0.0.1:" + closedPort();
    var refusal = refusal(Map.of("KUBECONFIG", kubeconfig(address).toString()));

    assertEquals(Kind.OUT_OF_REACH, refusal.kind());
    assertTrue(
        refusal.getMessage().startsWith("the Kubernetes API at " + address), refusal.getMessage());
    assertTrue(
        refusal.getMessage().endsWith("does not answer: connection refused; try: kubectl version"),
        refusal.getMessage());
  }

  /** What Helm's own flag says goes before the kubeconfig. */
  @Test
  void helmsOwnAddressIsTheOneThatIsAsked() throws IOException {
    var address = "http://127.0.0.1:" + closedPort();
    var variables = new HashMap<String, String>();
    variables.put("KUBECONFIG", kubeconfig("http://127.0.0.1:1").toString());
    variables.put("HELM_KUBEAPISERVER", address);
    variables.put("HELM_KUBECONTEXT", "there");
    variables.put("HELM_KUBEASUSER", "jane");
    variables.put("HELM_KUBEINSECURE_SKIP_TLS_VERIFY", "true");

    var message = refusal(variables).getMessage();

    assertTrue(message.startsWith("the Kubernetes API at " + address), message);
    assertTrue(message.endsWith("try: kubectl version --context there"), message);
  }
}
