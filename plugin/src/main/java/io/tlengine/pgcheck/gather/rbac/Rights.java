package io.tlengine.pgcheck.gather.rbac;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a source must be allowed to do at the API server to bring a fact. Every fact declares it:
 * {@code preflight --print-rbac} prints exactly these.
 */
public record Rights(List<ApiRight> all) {

  public Rights {
    all = List.copyOf(all);
  }

  /** All of these, for one fact. */
  public static Rights of(ApiRight first, ApiRight... more) {
    return new Rights(Stream.concat(Stream.of(first), Arrays.stream(more)).toList());
  }

  /** The fact comes from elsewhere: the manifests, the database, this machine. */
  public static Rights none() {
    return new Rights(List.of());
  }
}
