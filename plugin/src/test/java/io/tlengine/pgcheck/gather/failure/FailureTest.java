package io.tlengine.pgcheck.gather.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.fact.Grant;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailureTest {

  static Stream<Arguments> failures() {
    var unresolved = new ConnectException();
    unresolved.initCause(new UnresolvedAddressException());
    return Stream.of(
        Arguments.of(new UnknownHostException("db"), "the name does not resolve"),
        Arguments.of(new UnresolvedAddressException(), "the name does not resolve"),
        // The JDK's HTTP client wraps it like this.
        Arguments.of(unresolved, "the name does not resolve"),
        Arguments.of(new NoRouteToHostException("No route to host"), "no route to host"),
        Arguments.of(new SocketTimeoutException("Read timed out"), "timed out"),
        Arguments.of(new HttpConnectTimeoutException("slow"), "timed out"),
        Arguments.of(new ConnectException("Connection timed out"), "timed out"),
        Arguments.of(new ConnectException("Connection refused"), "connection refused"),
        Arguments.of(new ConnectException(), "connection refused"),
        // Nobody refused here: this machine has no way to that network.
        Arguments.of(new ConnectException("Network is unreachable"), "Network is unreachable"),
        Arguments.of(new SSLHandshakeException("no trust\nat line 2"), "TLS: no trust"),
        Arguments.of(new IOException("one line\nand its trace"), "one line"),
        Arguments.of(new IllegalStateException(), "java.lang.IllegalStateException"),
        Arguments.of(
            refused(
                403,
                "pods is forbidden: User \"system:serviceaccount:shop:looker\" cannot list resource"
                    + " \"pods\" in API group \"\" in the namespace \"shop\""),
            "you may not list pods in shop"),
        Arguments.of(
            refused(
                403,
                "nodes is forbidden: User \"looker\" cannot list resource \"nodes\" in API group"
                    + " \"\" at the cluster scope"),
            "you may not list nodes"),
        Arguments.of(
            refused(403, "pods \"a\" is forbidden: exceeded quota: small\nand more"),
            "pods \"a\" is forbidden: exceeded quota: small"),
        Arguments.of(
            refused(500, "etcdserver: request timed out"), "etcdserver: request timed out"));
  }

  /** As the client makes it of an answer. */
  private static KubernetesClientException refused(int code, String message) {
    return new KubernetesClientException(
        "Failure executing: GET at: https://127.0.0.1:6443/api/v1. Message: " + message + ".",
        code,
        new StatusBuilder().withCode(code).withMessage(message).build());
  }

  @Test
  void aMissingRightComesWithTheCommandThatGivesIt() {
    var grant =
        Failure.grant(
            refused(
                403,
                "statefulsets.apps \"db\" is forbidden: User \"looker\" cannot patch resource"
                    + " \"statefulsets/scale\" in API group \"apps\" in the namespace \"shop\""));

    assertEquals(
        "kubectl create role pgcheck-patch-statefulsets-scale -n shop --verb=patch"
            + " --resource=statefulsets.apps/scale",
        grant.orElseThrow().split(" &&", -1)[0]);
    assertEquals(Optional.empty(), Failure.grant(refused(409, "the object has been modified")));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aFailureBecomesAFewWords(Exception failure, String words) {
    assertEquals(words, Failure.of(failure));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aCauseSaysMoreThanWhatWrapsIt(Exception failure, String words) {
    var wrapped = Failure.of(new IllegalStateException("the attempt failed", failure));

    boolean says =
        !(failure.getClass() == IOException.class
            || failure.getClass() == IllegalStateException.class);
    assertEquals(says ? words : "the attempt failed", wrapped);
  }

  @Test
  void aRightIsGivenOnlyWhereOneIsMissing() {
    var grant = Grant.inNamespace("see", "shop", "--verb=list --resource=pods");
    var missing = "User \"jane\" cannot list resource \"pods\" in API group \"\"";

    assertTrue(Failure.remedy(refused(403, missing), grant).endsWith("--user=jane"));
    assertEquals(
        "mend what the API server names, then run again",
        Failure.remedy(refused(403, "pods \"a\" is forbidden: exceeded quota: small"), grant));
    assertEquals("run again", Failure.remedy(refused(500, "etcdserver: timed out"), grant));
  }
}
