package io.tlengine.pgcheck.plan;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a container that runs PostgreSQL keeps its data.
 *
 * @param path of the variable PGDATA, or of the image's generation
 * @param declared PGDATA says so; else the image's default
 * @param place what the path lies on
 */
public record DataDirectory(String path, boolean declared, Place place) {

  /** What a directory of a container lies on. */
  public sealed interface Place {
    /**
     * A claim of the set's templates, or one that is named: it outlives the pod.
     *
     * @param inside where in the volume, from its root on; absent when the pod decides it
     */
    record OnClaim(String volume, Optional<String> inside) implements Place {}

    /** A volume that ends with the pod, or is the node's. */
    record OnVolume(String volume, String type) implements Place {}

    /** The container's own layer: gone with the container. */
    record InContainer() implements Place {}
  }

  /** Images that keep the official one's layout; their last path segment. */
  private static final Pattern OFFICIAL = Pattern.compile("postgres|postgis|timescaledb|pgvector");

  private static final Pattern MAJOR = Pattern.compile("(?:pg)?(\\d+).*");

  /** From this major the official image's directory is one level up, and named by the major. */
  private static final int VERSIONED_DIRECTORY = 18;

  /** Empty when neither PGDATA nor the image's name tells. */
  public static Optional<DataDirectory> of(Workload set, Container container) {
    var variable =
        container.getEnv().stream()
            .filter(e -> e.getName().equals("PGDATA") && e.getValue() != null)
            .map(EnvVar::getValue)
            .findFirst();
    return variable
        .or(() -> imageDefault(container.getImage()))
        .map(path -> new DataDirectory(path, variable.isPresent(), place(set, container, path)));
  }

  private static Optional<String> imageDefault(String image) {
    var name = image.replaceFirst("@.*", "");
    int colon = name.lastIndexOf(':');
    boolean tagged = colon > name.lastIndexOf('/');
    var repository = tagged ? name.substring(0, colon) : name;
    var last = repository.substring(repository.lastIndexOf('/') + 1);
    if (repository.contains("bitnami") && last.startsWith("postgresql")) {
      return Optional.of("/bitnami/postgresql/data");
    }
    if (!OFFICIAL.matcher(last).matches()) {
      return Optional.empty();
    }
    var major = MAJOR.matcher(tagged ? name.substring(colon + 1) : "");
    // Without a number the tag does not say which generation it is.
    return major.matches()
        ? Optional.of(
            Integer.parseInt(major.group(1)) >= VERSIONED_DIRECTORY
                ? "/var/lib/postgresql/" + major.group(1) + "/docker"
                : "/var/lib/postgresql/data")
        : Optional.empty();
  }

  private static Place place(Workload set, Container container, String path) {
    var mount =
        container.getVolumeMounts().stream()
            .filter(m -> withSlash(path).startsWith(withSlash(m.getMountPath())))
            .max(Comparator.comparingInt(m -> m.getMountPath().length()));
    if (mount.isEmpty()) {
      return new Place.InContainer();
    }
    var name = mount.get().getName();
    if (set.claimTemplates().contains(name)) {
      return new Place.OnClaim(name, inside(mount.get(), path));
    }
    var volume = set.pod().getVolumes().stream().filter(v -> v.getName().equals(name)).findFirst();
    return volume
        .filter(v -> v.getPersistentVolumeClaim() != null)
        .<Place>map(v -> new Place.OnClaim(name, inside(mount.get(), path)))
        .orElseGet(
            () ->
                new Place.OnVolume(name, volume.map(DataDirectory::type).orElse("unknown volume")));
  }

  /** Without slashes at its ends; empty for the volume's root. */
  private static Optional<String> inside(VolumeMount mount, String path) {
    if (mount.getSubPathExpr() != null) {
      return Optional.empty();
    }
    var above = mount.getSubPath() == null ? "" : withSlash(mount.getSubPath());
    var below = withSlash(path).substring(withSlash(mount.getMountPath()).length());
    return Optional.of((above + below).replaceAll("/+", "/").replaceAll("^/|/$", ""));
  }

  private static String type(Volume volume) {
    if (volume.getEmptyDir() != null) {
      return "emptyDir";
    }
    if (volume.getEphemeral() != null) {
      return "generic ephemeral volume";
    }
    return volume.getHostPath() != null ? "hostPath" : "other volume";
  }

  private static String withSlash(String path) {
    return path.endsWith("/") ? path : path + "/";
  }
}
