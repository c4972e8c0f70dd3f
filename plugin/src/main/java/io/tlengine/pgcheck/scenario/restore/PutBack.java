package io.tlengine.pgcheck.scenario.restore;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.api.Deletion;
import io.tlengine.pgcheck.gather.api.Secrets;
import io.tlengine.pgcheck.gather.connection.Login;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.gather.helm.Helm;
import io.tlengine.pgcheck.plan.DatabaseSetReader;
import io.tlengine.pgcheck.plan.RedisSetReader;
import io.tlengine.pgcheck.scenario.journal.Journal;
import io.tlengine.pgcheck.scenario.journal.Journal.Entry;
import io.tlengine.pgcheck.scenario.pod.PodShell;
import io.tlengine.pgcheck.scenario.pod.Pods;
import io.tlengine.pgcheck.scenario.progress.Progress;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.release.HelmReleases;
import io.tlengine.pgcheck.scenario.server.Credentials;
import io.tlengine.pgcheck.scenario.server.DatabaseSecret;
import io.tlengine.pgcheck.scenario.server.LabSchema;
import io.tlengine.pgcheck.scenario.server.PodConnection;
import io.tlengine.pgcheck.scenario.server.RedisServer;
import io.tlengine.pgcheck.scenario.statefulset.SetScale;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Puts back what a journal names, in the order in which it can be: the release, its pods, then what
 * is in them, then the claims that nobody had before. It does no harm to do it twice.
 */
final class PutBack {

  private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(15);

  private final Cluster cluster;
  private final Helm helm;
  private final String namespace;
  private final Progress progress;
  private final Instant deadline;

  PutBack(Cluster cluster, Helm helm, String namespace, Progress progress, Instant deadline) {
    this.cluster = cluster;
    this.helm = helm;
    this.namespace = namespace;
    this.progress = progress;
    this.deadline = deadline;
  }

  /** One step of it. */
  @FunctionalInterface
  private interface Step {
    void run() throws ScenarioException, InterruptedException, SQLException;
  }

  /**
   * @param since when the journal was begun, by the API server's clock
   * @return what could not be put back, one line each
   */
  List<String> run(Journal journal, Instant since) {
    var failures = new ArrayList<String>();
    for (var entry : of(journal, Entry.Revision.class)) {
      attempt("the release", failures, () -> release(journal.release(), entry.revision()));
    }
    var scales = of(journal, Entry.Replicas.class);
    for (var entry : scales) {
      attempt("the replicas of " + entry.set(), failures, () -> replicas(entry));
    }
    for (var entry : of(journal, Entry.PodSchema.class)) {
      attempt(
          "the schema in " + entry.pod(),
          failures,
          () -> podSchema(entry, journal.login(), scales));
    }
    for (var entry : of(journal, Entry.RedisKeys.class)) {
      attempt("the keys in " + entry.pod(), failures, () -> redisKeys(entry, scales));
    }
    for (var entry : of(journal, Entry.ExternalSchema.class)) {
      attempt("the schema in the external database", failures, () -> externalSchema(entry));
    }
    for (var entry : of(journal, Entry.NewClaims.class)) {
      for (var name : entry.names()) {
        attempt("the claim " + name, failures, () -> claim(name, since));
      }
    }
    return failures;
  }

  private static <E extends Entry> List<E> of(Journal journal, Class<E> kind) {
    return journal.entries().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private void attempt(String what, List<String> failures, Step step) {
    try {
      step.run();
    } catch (ScenarioException e) {
      failures.add(what + ": " + e.getMessage() + "; " + e.remedy());
      progress.step("could not put back " + what + ": " + e.getMessage() + "; " + e.remedy());
    } catch (SQLException | KubernetesClientException | GatherException e) {
      failures.add(what + ": " + Failure.of(e));
      progress.step("could not put back " + what + ": " + Failure.of(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failures.add(what + ": interrupted");
    }
  }

  private void release(String release, int revision) throws ScenarioException {
    var rolledBack = HelmReleases.rollBackUninstalled(helm, namespace, release, revision, deadline);
    if (rolledBack) {
      progress.step("rolled " + release + " back to revision " + revision);
    }
  }

  private void replicas(Entry.Replicas before) throws ScenarioException, InterruptedException {
    var scale = new SetScale(cluster, namespace);
    progress.step(scale.putBack(before));
    var live =
        cluster.client().apps().statefulSets().inNamespace(namespace).withName(before.set()).get();
    if (live != null) {
      scale.awaitPods(before.set(), SetScale.replicas(live), deadline);
    }
  }

  private void podSchema(
      Entry.PodSchema schema, Optional<DatabaseSecret> login, List<Entry.Replicas> scales)
      throws ScenarioException, InterruptedException, SQLException {
    var live = live(schema.set());
    var read = DatabaseSetReader.named(live);
    if (read.isEmpty() || goneForGood(live, schema.pod(), scales)) {
      return;
    }
    var secrets = new Secrets(cluster, namespace);
    var set = login.isEmpty() ? read.get() : login.get().into(read.get(), secrets);
    awaitRunning(live, schema.pod(), set.container());
    try (var connection =
        PodConnection.open(
            cluster, namespace, set, schema.pod(), new Credentials(secrets), deadline)) {
      dropSchema(connection.jdbc(), " in " + schema.pod());
    }
  }

  private void redisKeys(Entry.RedisKeys keys, List<Entry.Replicas> scales)
      throws ScenarioException, InterruptedException {
    var live = live(keys.set());
    var set = RedisSetReader.read(live);
    if (set.isEmpty() || goneForGood(live, keys.pod(), scales)) {
      return;
    }
    awaitRunning(live, keys.pod(), set.get().container());
    var shell = new PodShell(cluster, namespace, keys.pod(), set.get().container());
    RedisServer.open(shell, namespace, keys.pod(), set.get().port(), deadline).remove();
    progress.step("deleted the keys " + RedisServer.PREFIX + "* in " + keys.pod());
  }

  /** The run may have been told to end between the deletion of a pod and its successor. */
  private void awaitRunning(StatefulSet live, String pod, String container)
      throws ScenarioException, InterruptedException {
    int wanted = ordinal(pod) + 1 - DatabaseSetReader.firstOrdinal(live);
    if (SetScale.replicas(live) < wanted) {
      var set = live.getMetadata().getName();
      throw new ScenarioException(
          "StatefulSet/"
              + set
              + " is scaled to "
              + SetScale.replicas(live)
              + ", so "
              + pod
              + " does not run",
          "kubectl scale statefulset " + set + " --replicas=" + wanted + " -n " + namespace);
    }
    new Pods(cluster, namespace).awaitRunning(pod, container, deadline);
  }

  private StatefulSet live(String set) throws ScenarioException {
    var live = cluster.client().apps().statefulSets().inNamespace(namespace).withName(set).get();
    if (live == null) {
      throw new ScenarioException(
          "StatefulSet/" + set + " is gone", "kubectl get statefulsets -n " + namespace);
    }
    return live;
  }

  /** A pod that only this run had made: its claim is one of ours and goes as a whole. */
  private static boolean goneForGood(StatefulSet live, String pod, List<Entry.Replicas> scales) {
    int place = ordinal(pod) - DatabaseSetReader.firstOrdinal(live);
    return place >= SetScale.replicas(live)
        && scales.stream()
            .anyMatch(s -> s.set().equals(live.getMetadata().getName()) && place >= s.replicas());
  }

  private static int ordinal(String pod) {
    return Integer.parseInt(pod.substring(pod.lastIndexOf('-') + 1));
  }

  private void dropSchema(Connection connection, String where) throws SQLException {
    try {
      LabSchema.dropOwn(connection);
      progress.step("dropped the schema " + LabSchema.NAME + where);
    } catch (ScenarioException e) {
      // Somebody else's of the same name: this program has not made it.
      progress.step(e.getMessage());
    }
  }

  private void externalSchema(Entry.ExternalSchema schema) throws ScenarioException, SQLException {
    var url = Credentials.url(new Secrets(cluster, namespace), schema.secret(), schema.key());
    try (var connection = Login.connect(url, LOGIN_TIMEOUT)) {
      dropSchema(connection, "");
    }
  }

  /** Only one that was made since the journal was begun, and that no pod uses. */
  private void claim(String name, Instant since) throws ScenarioException, InterruptedException {
    var resource = cluster.client().persistentVolumeClaims().inNamespace(namespace).withName(name);
    var claim = resource.get();
    if (claim == null) {
      return;
    }
    if (Instant.parse(claim.getMetadata().getCreationTimestamp()).isBefore(since)) {
      progress.step("the claim " + name + " is older than this run; left alone");
      return;
    }
    var users =
        cluster.client().pods().inNamespace(namespace).list().getItems().stream()
            .filter(
                p ->
                    p.getSpec().getVolumes().stream()
                        .anyMatch(
                            v ->
                                v.getPersistentVolumeClaim() != null
                                    && v.getPersistentVolumeClaim().getClaimName().equals(name)))
            .map(p -> p.getMetadata().getName())
            .toList();
    if (!users.isEmpty()) {
      throw new ScenarioException("it is in use by " + String.join(", ", users), describe(name));
    }
    new Deletion(cluster, namespace, "persistentvolumeclaims").same(claim.getMetadata());
    try {
      resource.waitUntilCondition(
          c -> c == null || !c.getMetadata().getUid().equals(claim.getMetadata().getUid()),
          Math.max(1, Duration.between(Instant.now(), deadline).toMillis()),
          TimeUnit.MILLISECONDS);
    } catch (KubernetesClientTimeoutException e) {
      throw new ScenarioException("it is not gone in time", describe(name));
    }
    progress.step("deleted the claim " + name + ", which this run had made");
  }

  private String describe(String claim) {
    return "kubectl describe pvc " + claim + " -n " + namespace;
  }
}
