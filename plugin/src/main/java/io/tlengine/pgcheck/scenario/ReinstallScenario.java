package io.tlengine.pgcheck.scenario;

import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.PodDeletion.Instance;
import io.tlengine.pgcheck.fact.Reinstall;
import io.tlengine.pgcheck.fact.RowSet;
import io.tlengine.pgcheck.gather.Cluster;
import io.tlengine.pgcheck.gather.Failure;
import io.tlengine.pgcheck.gather.GatherException;
import io.tlengine.pgcheck.gather.Helm;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.scenario.Journal.Entry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * PGC-709: uninstall the release, keeping its history, and roll it back: the claims that stayed are
 * adopted, with their rows. The user's own helm does both.
 */
public final class ReinstallScenario implements Scenario<Reinstall> {

  private static final int RANDOM_ROWS = 1_000;

  private final Cluster cluster;
  private final Helm helm;
  private final String namespace;
  private final String release;
  private final int revision;
  private final DatabaseSet set;
  private final Progress progress;
  private final SetServers servers;

  /**
   * @param revision the release's present one
   */
  public ReinstallScenario(
      Cluster cluster,
      Helm helm,
      String namespace,
      String release,
      int revision,
      DatabaseSet set,
      Progress progress) {
    this.cluster = cluster;
    this.helm = helm;
    this.namespace = namespace;
    this.release = release;
    this.revision = revision;
    this.set = set;
    this.progress = progress;
    this.servers = new SetServers(cluster, namespace, set);
  }

  @Override
  public FactKey<Reinstall> brings() {
    return FactKey.REINSTALL;
  }

  @Override
  public Change change() {
    return Change.UNINSTALLS;
  }

  @Override
  public boolean onlyWhenNamed() {
    return true;
  }

  @Override
  public List<String> changes() {
    return List.of(
        "create the schema " + LabSchema.NAME + " in the database, and write rows",
        "helm uninstall "
            + release
            + " --keep-history: everything of the release but its claims is gone until it is back",
        "helm rollback "
            + release
            + " "
            + revision
            + ": its objects are new ones, and its history has one revision more");
  }

  @Override
  public Reinstall run(Changes changes, Duration timeout)
      throws ScenarioException, InterruptedException {
    var deadline = Instant.now().plus(timeout);
    var name = set.podName(set.firstOrdinal());
    var pod = servers.ready(name);
    progress.about(name);
    var rows = LabRows.make(RANDOM_ROWS);
    Instance before;
    try (var connection = servers.open(name, deadline)) {
      before = servers.instance(pod, connection);
      changes.before(new Entry.PodSchema(set.name(), name));
      LabSchema.write(connection.jdbc(), rows);
    } catch (SQLException e) {
      throw new ScenarioException(
          "the rows could not be written, and nothing was uninstalled: " + Failure.of(e),
          "the role needs the right to create a schema: GRANT CREATE ON DATABASE ... TO ...");
    }
    progress.step("wrote " + rows.describe());
    changes.before(new Entry.Revision(revision));
    long start = System.nanoTime();
    Optional<String> claim = Optional.empty();
    try {
      HelmReleases.uninstall(helm, namespace, release, deadline);
      new Pods(cluster, namespace).awaitGone(pod, deadline);
      claim = servers.claimOf(name).map(c -> c.getMetadata().getUid());
      progress.step("uninstalled " + release + "; its pod is gone");
      changes.before();
      HelmReleases.rollBackUninstalled(helm, namespace, release, revision, deadline);
      var successor = new Pods(cluster, namespace).awaitSuccessor(pod, deadline);
      long away = (System.nanoTime() - start) / 1_000_000;
      progress.step("rolled back to revision " + revision + "; " + name + " is ready");
      try (var connection = servers.open(name, deadline)) {
        var after = servers.instance(successor, connection);
        var found = LabSchema.read(connection.jdbc());
        progress.step("read back " + found.describe());
        return result(
            name, before, claim, Optional.of(after), Optional.empty(), rows.compare(found), away);
      }
    } catch (SQLException | ScenarioException | GatherException e) {
      return result(
          name, before, claim, Optional.empty(), Optional.of(Failure.of(e)), List.of(), 0);
    }
  }

  private Reinstall result(
      String pod,
      Instance before,
      Optional<String> claimWhileGone,
      Optional<Instance> after,
      Optional<String> trouble,
      List<RowSet> rows,
      long awayMillis) {
    return new Reinstall(
        release,
        revision,
        set.name(),
        pod,
        before,
        claimWhileGone,
        after,
        trouble,
        rows,
        awayMillis);
  }
}
