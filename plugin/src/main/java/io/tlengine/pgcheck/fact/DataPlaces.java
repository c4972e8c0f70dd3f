package io.tlengine.pgcheck.fact;

import java.util.List;
import java.util.Optional;

/**
 * Where a running server's files lie, from the server and its container, not from its manifest.
 *
 * @param namespace of the StatefulSet
 * @param set the StatefulSet
 * @param places of every pod that was looked at
 */
public record DataPlaces(String namespace, String set, List<Place> places) {

  public DataPlaces {
    places = List.copyOf(places);
  }

  /**
   * One directory of the server.
   *
   * @param what data directory, pg_wal or tablespace
   * @param path where it really lies, links followed
   * @param mount the mount that it lies on; empty when it lies in the container's own layer
   */
  public record Place(String pod, String what, String path, Optional<Mount> mount) {}

  /**
   * A mount of the container and the volume behind it.
   *
   * @param path where it is mounted
   * @param volume the volume's name in the pod
   */
  public record Mount(String path, String volume, Kind kind) {}

  /** What a volume is, as far as it decides how long it lives. */
  public sealed interface Kind {

    /**
     * A claim.
     *
     * @param ownerPod the pod that owns it and takes it along when it ends; empty for a lasting one
     */
    record Claim(String name, Optional<String> ownerPod) implements Kind {}

    /** Named in the pod, and not there. */
    record MissingClaim(String name) implements Kind {}

    record EmptyDir() implements Kind {}

    /** A folder of the node: it stays there when the pod goes to another one. */
    record HostPath(String path) implements Kind {}

    /**
     * Anything else.
     *
     * @param type the volume's type, as its field is named in the pod
     */
    record Other(String type) implements Kind {}
  }
}
