package io.tlengine.pgcheck.gather;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.fact.Grant;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Turns an exception and its causes into a few words. */
public final class Failure {

  private Failure() {}

  public static String of(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof UnknownHostException || t instanceof UnresolvedAddressException) {
        return "the name does not resolve";
      }
      if (t instanceof NoRouteToHostException) {
        return "no route to host";
      }
      if (t instanceof HttpTimeoutException
          || t instanceof SocketTimeoutException
          || t instanceof TimeoutException) {
        return "timed out";
      }
      if (t instanceof ConnectException) {
        // The JDK's HTTP client leaves the message of a refused connection empty.
        return t.getMessage() != null && t.getMessage().contains("timed out")
            ? "timed out"
            : connectReason(t);
      }
      if (t instanceof SSLException) {
        return "TLS: " + oneLine(String.valueOf(t.getMessage()));
      }
    }
    return oneLine(String.valueOf(failure.getMessage() == null ? failure : failure.getMessage()));
  }

  /** What the API server said of a request, and if it said nothing, what kept it from answering. */
  public static String byServer(KubernetesClientException failure) {
    return failure.getStatus() == null || failure.getStatus().getMessage() == null
        ? of(failure)
        : failure.getStatus().getMessage();
  }

  /** What to do about it: get the right, where that was it. */
  public static String remedy(KubernetesClientException failure, Grant grant) {
    return failure.getCode() == HttpURLConnection.HTTP_FORBIDDEN
        ? grant.after(byServer(failure))
        : "run again";
  }

  private static String connectReason(Throwable t) {
    for (Throwable c = t; c != null; c = c.getCause()) {
      if (c instanceof UnresolvedAddressException) {
        return "the name does not resolve";
      }
    }
    // "Network is unreachable" is a ConnectException, too, and nobody refused.
    var message = t.getMessage();
    return message == null || message.isBlank() || message.contains("refused")
        ? "connection refused"
        : oneLine(message);
  }

  private static String oneLine(String text) {
    return text.lines().map(String::strip).filter(l -> !l.isEmpty()).findFirst().orElse("");
  }
}
