package io.tlengine.pgcheck.gather.failure;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.fact.Grant;
import io.tlengine.pgcheck.gather.rbac.ApiRight;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Turns an exception and its causes into a few words. */
public final class Failure {

  /** How the API server words a refusal by RBAC (apiserver, responsewriters.Forbidden). */
  private static final Pattern MISSING =
      Pattern.compile(
          "cannot (?<verb>\\w+) resource \"(?<resource>[^\"]+)\" in API group \"(?<group>[^\"]*)\""
              + "(?: in the namespace \"(?<namespace>[^\"]+)\")?");

  private record Missing(ApiRight right, String namespace) {
    String words() {
      return "you may not " + right.action(namespace);
    }
  }

  private Failure() {}

  public static String of(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof KubernetesClientException k && said(k).isPresent()) {
        return missing(k).map(Missing::words).orElseGet(() -> oneLine(said(k).get()));
      }
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

  /** The API server's own words, without those that the client puts around them. */
  private static Optional<String> said(KubernetesClientException failure) {
    return Optional.ofNullable(failure.getStatus())
        .map(s -> s.getMessage())
        .filter(m -> !m.isBlank());
  }

  private static Optional<Missing> missing(KubernetesClientException failure) {
    return said(failure)
        .map(MISSING::matcher)
        .filter(Matcher::find)
        .map(
            m ->
                m.group("namespace") == null
                    ? new Missing(
                        ApiRight.inCluster(m.group("group"), m.group("resource"), m.group("verb")),
                        "")
                    : new Missing(
                        ApiRight.inNamespace(
                            m.group("group"), m.group("resource"), m.group("verb")),
                        m.group("namespace")));
  }

  /** The command that gives the right that was missing; empty when something else was wrong. */
  public static Optional<String> grant(KubernetesClientException failure) {
    return missing(failure)
        .map(m -> m.right().grantOfItself(m.namespace()).after(said(failure).orElse("")));
  }

  /** What to do about it: get the right, where that was it. */
  public static String remedy(KubernetesClientException failure, Grant grant) {
    if (missing(failure).isPresent()) {
      return grant.after(said(failure).orElse(""));
    }
    // A quota, a policy or the end of a namespace forbids as well, and no right helps.
    return failure.getCode() == HttpURLConnection.HTTP_FORBIDDEN
        ? "mend what the API server names, then run again"
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
