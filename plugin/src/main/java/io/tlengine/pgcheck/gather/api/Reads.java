package io.tlengine.pgcheck.gather.api;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.Grant;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.gather.rbac.ApiRight;
import java.net.HttpURLConnection;
import java.util.function.Function;
import java.util.function.Supplier;

/** One way for all reads of the API server to become a fact. */
public final class Reads {

  private Reads() {}

  /**
   * @param right what the read takes; without it the fact says so
   */
  public static <T> Fact<T> fact(ApiRight right, String namespace, Supplier<T> read) {
    return fact(right.action(namespace), right.grant(namespace), read);
  }

  /**
   * @param action what is read, as in "may not ..."
   * @param grant how to get the right to it
   */
  public static <T> Fact<T> fact(String action, Grant grant, Supplier<T> read) {
    return fact(action, e -> Failure.remedy(e, grant), read);
  }

  /**
   * @param remedy for a refusal
   */
  public static <T> Fact<T> fact(String action, String remedy, Supplier<T> read) {
    return fact(action, e -> remedy, read);
  }

  private static <T> Fact<T> fact(
      String action, Function<KubernetesClientException, String> remedy, Supplier<T> read) {
    try {
      return Fact.known(read.get());
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        return Fact.unavailable("you may not " + action, remedy.apply(e));
      }
      return Fact.unavailable("could not " + action + ": " + Failure.of(e), "run again");
    }
  }
}
