package io.tlengine.pgcheck.gather.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
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
        Arguments.of(new IllegalStateException(), "java.lang.IllegalStateException"));
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

    boolean network =
        !(failure.getClass() == IOException.class
            || failure.getClass() == IllegalStateException.class);
    assertEquals(network ? words : "the attempt failed", wrapped);
  }
}
