package io.tlengine.pgcheck.scenario;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.tlengine.pgcheck.fact.ColdStart;
import io.tlengine.pgcheck.fact.ExternalRows;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.RowSet;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.api.Secrets;
import io.tlengine.pgcheck.gather.connection.Login;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.plan.DatabaseUrl;
import io.tlengine.pgcheck.scenario.journal.Changes;
import io.tlengine.pgcheck.scenario.journal.Journal.Entry;
import io.tlengine.pgcheck.scenario.pod.Pods;
import io.tlengine.pgcheck.scenario.progress.Progress;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.release.ReleaseDatabase;
import io.tlengine.pgcheck.scenario.server.ColdStartProbe;
import io.tlengine.pgcheck.scenario.server.Credentials;
import io.tlengine.pgcheck.scenario.server.LabRows;
import io.tlengine.pgcheck.scenario.server.LabSchema;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * PGC-708: write rows to the external database, replace the application's pods, read the rows back
 * through a new connection. The database itself is never stopped: it is not the release's.
 */
public final class ExternalRowsScenario implements Scenario<ExternalRows> {

  private static final int RANDOM_ROWS = 1_000;
  private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration COLD_LOGIN_TIMEOUT = Duration.ofSeconds(60);

  private final Cluster cluster;
  private final String namespace;
  private final ReleaseDatabase.External database;
  private final Optional<Duration> waitSuspend;
  private final Progress progress;

  /**
   * @param waitSuspend how long to stay away so that the provider suspends the database; empty: do
   *     not
   */
  public ExternalRowsScenario(
      Cluster cluster,
      String namespace,
      ReleaseDatabase.External database,
      Optional<Duration> waitSuspend,
      Progress progress) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.database = database;
    this.waitSuspend = waitSuspend;
    this.progress = progress;
  }

  @Override
  public FactKey<ExternalRows> brings() {
    return FactKey.EXTERNAL_ROWS;
  }

  @Override
  public List<String> changes() {
    var changes = new ArrayList<String>();
    changes.add(
        "create the schema "
            + LabSchema.NAME
            + " in the external database, write 3 usuarios and "
            + RANDOM_ROWS
            + " random rows");
    changes.add("delete the pods of Deployment/" + database.deployment() + ", which replaces them");
    waitSuspend.ifPresent(
        w -> changes.add("stay away for " + w.toSeconds() + " s, so that the database suspends"));
    changes.add("drop the schema " + LabSchema.NAME);
    return changes;
  }

  @Override
  public ExternalRows run(Changes changes, Duration timeout)
      throws ScenarioException, InterruptedException {
    var deadline = Instant.now().plus(timeout);
    var url =
        Credentials.url(
            new Secrets(cluster, namespace), database.url().secret(), database.url().key());
    var pods = applicationPods();
    var rows = LabRows.make(RANDOM_ROWS);
    LabSchema.Identity before;
    try (var connection = Login.connect(url, LOGIN_TIMEOUT)) {
      before = LabSchema.identity(connection);
      changes.before(new Entry.ExternalSchema(database.url().secret(), database.url().key()));
      LabSchema.write(connection, rows);
    } catch (SQLException e) {
      throw new ScenarioException(
          "the rows could not be written to "
              + url.host()
              + ": "
              + Failure.of(e)
              + " (SQLSTATE "
              + e.getSQLState()
              + ")",
          "helm pgcheck preflight with this release's chart and values shows the stage that fails");
    }
    progress.step(
        "wrote "
            + rows.usuarios().size()
            + " usuarios and "
            + rows.randomRows().size()
            + " random rows on "
            + url.host());
    try {
      if (!pods.isEmpty()) {
        replace(changes, pods, deadline);
      }
      LabSchema.Identity after;
      List<RowSet> verdict;
      long begun = System.nanoTime();
      long warm;
      try (var connection = Login.connect(url, LOGIN_TIMEOUT)) {
        warm = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        after = LabSchema.identity(connection);
        var found = LabSchema.read(connection);
        verdict = rows.compare(found);
        progress.step("through a new connection, read back " + found.describe());
      }
      var cold = coldStart(url, after.serverStart(), warm, rows);
      return result(url, pods.size(), before, after, Optional.empty(), verdict, cold);
    } catch (SQLException e) {
      return unread(url, pods.size(), before, Failure.of(e));
    } catch (ScenarioException e) {
      return unread(url, pods.size(), before, e.getMessage());
    }
  }

  private Optional<ColdStart> coldStart(
      DatabaseUrl url, String serverStart, long warmMillis, LabRows rows)
      throws SQLException, InterruptedException {
    if (waitSuspend.isEmpty()) {
      return Optional.empty();
    }
    progress.step("nothing is connected for " + waitSuspend.get().toSeconds() + " s");
    var cold =
        ColdStartProbe.observe(
            () -> Login.connect(url, COLD_LOGIN_TIMEOUT),
            waitSuspend.get(),
            serverStart,
            warmMillis,
            rows);
    progress.step(
        (cold.proven() ? "a cold start: connected after " : "no cold start: connected after ")
            + cold.connectMillis()
            + " ms");
    return Optional.of(cold);
  }

  private void replace(Changes changes, List<Pod> pods, Instant deadline)
      throws ScenarioException, InterruptedException {
    var deleter = new Pods(cluster, namespace);
    for (var pod : pods) {
      changes.before();
      deleter.delete(pod);
    }
    progress.step(
        "deleted "
            + pods.size()
            + (pods.size() == 1 ? " pod" : " pods")
            + " of Deployment/"
            + database.deployment());
    for (var pod : pods) {
      deleter.awaitGone(pod, deadline);
    }
    var deployment =
        cluster
            .client()
            .apps()
            .deployments()
            .inNamespace(namespace)
            .withName(database.deployment());
    try {
      deployment.waitUntilCondition(
          d ->
              d != null
                  && d.getStatus().getReadyReplicas() != null
                  && d.getStatus().getReadyReplicas() >= pods.size(),
          Math.max(1, Duration.between(Instant.now(), deadline).toMillis()),
          TimeUnit.MILLISECONDS);
    } catch (KubernetesClientTimeoutException e) {
      throw new ScenarioException(
          "the new pods of Deployment/" + database.deployment() + " are not ready in time",
          "kubectl rollout status deployment/" + database.deployment() + " -n " + namespace);
    } catch (KubernetesClientException e) {
      if (Thread.interrupted() || e.getCause() instanceof InterruptedException) {
        throw new InterruptedException();
      }
      throw e;
    }
    progress.step("the new pods are ready");
  }

  private List<Pod> applicationPods() throws ScenarioException {
    var deployment =
        cluster
            .client()
            .apps()
            .deployments()
            .inNamespace(namespace)
            .withName(database.deployment())
            .get();
    var pods =
        cluster
            .client()
            .pods()
            .inNamespace(namespace)
            .withLabelSelector(deployment.getSpec().getSelector())
            .list()
            .getItems();
    var replicas = deployment.getSpec().getReplicas();
    if (pods.isEmpty() && replicas != null && replicas == 0) {
      // An application that is scaled to 0 has no pods to replace: the new connection alone is
      // shown.
      return pods;
    }
    if (pods.isEmpty() || !pods.stream().allMatch(Pods::ready)) {
      throw new ScenarioException(
          "the pods of Deployment/"
              + database.deployment()
              + " are not all ready, so nothing was changed",
          "kubectl rollout status deployment/" + database.deployment() + " -n " + namespace);
    }
    return pods;
  }

  private ExternalRows unread(
      DatabaseUrl url, int replaced, LabSchema.Identity before, String trouble) {
    return result(url, replaced, before, before, Optional.of(trouble), List.of(), Optional.empty());
  }

  private ExternalRows result(
      DatabaseUrl url,
      int replaced,
      LabSchema.Identity before,
      LabSchema.Identity after,
      Optional<String> trouble,
      List<RowSet> rows,
      Optional<ColdStart> coldStart) {
    return new ExternalRows(
        namespace,
        url.host(),
        "Deployment/" + database.deployment(),
        replaced,
        before.backend(),
        after.backend(),
        before.serverStart(),
        after.serverStart(),
        trouble,
        rows,
        coldStart);
  }
}
