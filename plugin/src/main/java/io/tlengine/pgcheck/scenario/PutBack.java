package io.tlengine.pgcheck.scenario;

import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.tlengine.pgcheck.gather.Cluster;
import io.tlengine.pgcheck.gather.Failure;
import io.tlengine.pgcheck.gather.Helm;
import io.tlengine.pgcheck.gather.Login;
import io.tlengine.pgcheck.gather.Secrets;
import io.tlengine.pgcheck.plan.DatabaseSetReader;
import io.tlengine.pgcheck.scenario.Journal.Entry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
      attempt("the schema in " + entry.pod(), failures, () -> podSchema(entry, scales));
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
    } catch (ScenarioException | SQLException | KubernetesClientException e) {
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

  private void podSchema(Entry.PodSchema schema, List<Entry.Replicas> scales)
      throws ScenarioException, InterruptedException, SQLException {
    var live =
        cluster.client().apps().statefulSets().inNamespace(namespace).withName(schema.set()).get();
    if (live == null) {
      throw new ScenarioException(
          "StatefulSet/" + schema.set() + " is gone", "kubectl get statefulsets -n " + namespace);
    }
    var set = DatabaseSetReader.read(live).orElse(null);
    var ordinal = schema.pod().substring(schema.pod().lastIndexOf('-') + 1);
    boolean scaledIn =
        set == null || Integer.parseInt(ordinal) >= set.firstOrdinal() + SetScale.replicas(live);
    if (set == null || (scaledIn && scales.stream().anyMatch(s -> s.set().equals(schema.set())))) {
      return; // Its claim is one of ours and goes as a whole.
    }
    try (var connection =
        PodConnection.open(
            cluster,
            namespace,
            set,
            schema.pod(),
            new Credentials(new Secrets(cluster, namespace)),
            deadline)) {
      dropSchema(connection.jdbc(), " in " + schema.pod());
    }
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
      throw new ScenarioException(
          "it is in use by " + String.join(", ", users), "kubectl describe pvc " + name);
    }
    var options =
        new DeleteOptionsBuilder()
            .withNewPreconditions()
            .withUid(claim.getMetadata().getUid())
            .endPreconditions()
            .build();
    cluster
        .client()
        .raw(
            "/api/v1/namespaces/" + namespace + "/persistentvolumeclaims/" + name,
            "DELETE",
            options);
    try {
      resource.waitUntilCondition(
          c -> c == null || !c.getMetadata().getUid().equals(claim.getMetadata().getUid()),
          Math.max(1, Duration.between(Instant.now(), deadline).toMillis()),
          TimeUnit.MILLISECONDS);
    } catch (KubernetesClientTimeoutException e) {
      throw new ScenarioException("it is not gone in time", "kubectl describe pvc " + name);
    }
    progress.step("deleted the claim " + name + ", which this run had made");
  }
}
