package io.tlengine.pgcheck.scenario;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.tlengine.pgcheck.fact.DataPlaces;
import io.tlengine.pgcheck.fact.DataPlaces.Kind;
import io.tlengine.pgcheck.fact.DataPlaces.Mount;
import io.tlengine.pgcheck.fact.DataPlaces.Place;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.api.Secrets;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.scenario.journal.Changes;
import io.tlengine.pgcheck.scenario.pod.PodShell;
import io.tlengine.pgcheck.scenario.pod.Pods;
import io.tlengine.pgcheck.scenario.pod.Shell;
import io.tlengine.pgcheck.scenario.progress.Progress;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.server.Credentials;
import io.tlengine.pgcheck.scenario.server.LabSchema;
import io.tlengine.pgcheck.scenario.server.PodConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * PGC-710: asks each running server and its container where the files are, and the API what is
 * mounted there. Changes nothing.
 */
public final class DataPlacesScenario implements Scenario<DataPlaces> {

  private static final Duration COMMAND = Duration.ofSeconds(15);

  private final Cluster cluster;
  private final String namespace;
  private final DatabaseSet set;
  private final Progress progress;
  private final Pods pods;
  private final Credentials credentials;

  public DataPlacesScenario(Cluster cluster, String namespace, DatabaseSet set, Progress progress) {
    this.progress = progress;
    this.cluster = cluster;
    this.namespace = namespace;
    this.set = set;
    this.pods = new Pods(cluster, namespace);
    this.credentials = new Credentials(new Secrets(cluster, namespace));
  }

  @Override
  public FactKey<DataPlaces> brings() {
    return FactKey.DATA_PLACES;
  }

  @Override
  public List<String> changes() {
    return List.of();
  }

  @Override
  public DataPlaces run(Changes changes, Duration timeout)
      throws ScenarioException, InterruptedException {
    var deadline = Instant.now().plus(timeout);
    var places = new ArrayList<Place>();
    for (int i = 0; i < set.replicas(); i++) {
      var name = set.podName(set.firstOrdinal() + i);
      var pod = ready(name);
      progress.about(name);
      places.addAll(places(pod, deadline));
      progress.step("looked where " + name + " keeps its data");
    }
    if (places.isEmpty()) {
      throw new ScenarioException(
          "StatefulSet/" + set.name() + " is scaled to 0, so there is no server to ask",
          "kubectl scale statefulset " + set.name() + " --replicas=1 -n " + namespace);
    }
    return new DataPlaces(namespace, set.name(), places);
  }

  /** Of one pod. */
  List<Place> of(String pod, Instant deadline) throws ScenarioException, InterruptedException {
    return places(ready(pod), deadline);
  }

  private Pod ready(String name) throws ScenarioException {
    var pod = pods.get(name).orElse(null);
    if (pod == null || !Pods.ready(pod)) {
      throw new ScenarioException(
          name + (pod == null ? " does not exist" : " is not ready") + ", so it was not asked",
          "kubectl describe pod " + name + " -n " + namespace);
    }
    return pod;
  }

  private List<Place> places(Pod pod, Instant deadline)
      throws ScenarioException, InterruptedException {
    var name = pod.getMetadata().getName();
    var shell = new PodShell(cluster, namespace, name, set.container());
    Shell.Ran ran;
    try (var connection =
        PodConnection.open(cluster, namespace, set, name, credentials, deadline)) {
      var backend = LabSchema.identity(connection.jdbc()).backend();
      ran =
          shell.script(
              COMMAND, "server-paths", String.valueOf(backend), directory(connection.jdbc()));
    } catch (SQLException e) {
      throw new ScenarioException(
          "the server in " + name + " cannot be asked: " + Failure.of(e), "run again");
    }
    if (ran.code() != 0) {
      throw new ScenarioException(
          "the data directory of the server in " + name + " cannot be seen: " + ran.err().strip(),
          "GRANT pg_read_all_settings TO the application's role, or run as the server's user");
    }
    var places = new ArrayList<Place>();
    for (var line : ran.out().lines().toList()) {
      var words = line.split(" ", 2);
      if (words.length == 2) {
        var what =
            switch (words[0]) {
              case "data" -> "data directory";
              case "wal" -> "pg_wal";
              default -> "tablespace";
            };
        places.add(new Place(name, what, words[1], mount(pod, words[1])));
      }
    }
    return places;
  }

  /** Empty for a role that may not see it: then the server's process tells. */
  private static String directory(Connection connection) {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery("SHOW data_directory")) {
      return result.next() ? result.getString(1) : "";
    } catch (SQLException e) {
      return "";
    }
  }

  /** The mount with the longest path that the directory lies below. */
  private Optional<Mount> mount(Pod pod, String path) {
    var container =
        pod.getSpec().getContainers().stream()
            .filter(c -> c.getName().equals(set.container()))
            .findFirst()
            .orElseThrow();
    return container.getVolumeMounts().stream()
        .filter(m -> (path + "/").startsWith(withSlash(m.getMountPath())))
        .max(Comparator.comparingInt(m -> m.getMountPath().length()))
        .flatMap(m -> volume(pod, m));
  }

  private Optional<Mount> volume(Pod pod, VolumeMount mount) {
    return pod.getSpec().getVolumes().stream()
        .filter(v -> v.getName().equals(mount.getName()))
        .findFirst()
        .map(v -> new Mount(mount.getMountPath(), v.getName(), kind(pod, v)));
  }

  private Kind kind(Pod pod, Volume volume) {
    if (volume.getEmptyDir() != null) {
      return new Kind.EmptyDir();
    }
    if (volume.getHostPath() != null) {
      return new Kind.HostPath(volume.getHostPath().getPath());
    }
    if (volume.getEphemeral() != null) {
      return claim(pod.getMetadata().getName() + "-" + volume.getName());
    }
    if (volume.getPersistentVolumeClaim() != null) {
      return claim(volume.getPersistentVolumeClaim().getClaimName());
    }
    return new Kind.Other(type(volume));
  }

  private Kind claim(String name) {
    var claim =
        cluster.client().persistentVolumeClaims().inNamespace(namespace).withName(name).get();
    return claim == null
        ? new Kind.MissingClaim(name)
        : new Kind.Claim(name, Optional.ofNullable(owner(claim)));
  }

  private static @Nullable String owner(PersistentVolumeClaim claim) {
    return claim.getMetadata().getOwnerReferences().stream()
        .filter(o -> o.getKind().equals("Pod"))
        .map(o -> o.getName())
        .findFirst()
        .orElse(null);
  }

  /** The field of the volume that is set beside its name. */
  private static String type(Volume volume) {
    if (volume.getNfs() != null) {
      return "nfs";
    }
    if (volume.getCsi() != null) {
      return "csi (inline)";
    }
    return "that pgcheck does not know";
  }

  private static String withSlash(String path) {
    return path.endsWith("/") ? path : path + "/";
  }
}
