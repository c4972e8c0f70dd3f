package io.tlengine.pgcheck.scenario;

import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.PodDeletion.Instance;
import io.tlengine.pgcheck.fact.Reinstall;
import io.tlengine.pgcheck.fact.RowSet;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.gather.failure.GatherException;
import io.tlengine.pgcheck.gather.helm.Helm;
import io.tlengine.pgcheck.scenario.journal.Changes;
import io.tlengine.pgcheck.scenario.journal.Journal.Entry;
import io.tlengine.pgcheck.scenario.progress.Progress;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.release.HelmReleases;
import io.tlengine.pgcheck.scenario.statefulset.SetServers;
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

  private final Helm helm;
  private final String namespace;
  private final String release;
  private final int revision;
  private final Progress progress;
  private final SetServers servers;

  /**
   * @param revision the release's present one
   */
  ReinstallScenario(
      Helm helm,
      String namespace,
      String release,
      int revision,
      SetServers servers,
      Progress progress) {
    this.helm = helm;
    this.namespace = namespace;
    this.release = release;
    this.revision = revision;
    this.progress = progress;
    this.servers = servers;
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
        servers.writing(RANDOM_ROWS, firstPod()),
        "helm uninstall "
            + release
            + " --keep-history: everything of the release but its claims is gone until it is back",
        "helm rollback "
            + release
            + " "
            + revision
            + ": its objects are new ones, and its history has one revision more");
  }

  private String firstPod() {
    return servers.set().podName(servers.set().firstOrdinal());
  }

  @Override
  public Reinstall run(Changes changes, Duration timeout)
      throws ScenarioException, InterruptedException {
    var deadline = Instant.now().plus(timeout);
    var name = firstPod();
    var pod = servers.ready(name);
    progress.about(name);
    var rows = servers.rows(RANDOM_ROWS);
    Instance before;
    try (var server = servers.server(name, deadline)) {
      before = servers.instance(pod, server);
      changes.before(servers.entry(name));
      server.write(rows);
    } catch (SQLException e) {
      throw new ScenarioException(
          "the rows could not be written, and nothing was uninstalled: " + Failure.of(e),
          servers.remedyOfWriting(name));
    }
    progress.step("wrote " + rows.describe());
    changes.before(new Entry.Revision(revision));
    long start = System.nanoTime();
    Optional<String> claim = Optional.empty();
    try {
      HelmReleases.uninstall(helm, namespace, release, deadline);
      servers.pods().awaitGone(pod, deadline);
      claim = servers.claimOf(name).map(c -> c.getMetadata().getUid());
      progress.step("uninstalled " + release + "; its pod is gone");
      changes.before();
      HelmReleases.rollBackUninstalled(helm, namespace, release, revision, deadline);
      var successor = servers.pods().awaitSuccessor(pod, deadline);
      long away = (System.nanoTime() - start) / 1_000_000;
      progress.step("rolled back to revision " + revision + "; " + name + " is ready");
      try (var server = servers.server(name, deadline)) {
        var after = servers.instance(successor, server);
        var found = server.read();
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
        namespace,
        release,
        revision,
        servers.set().name(),
        pod,
        before,
        claimWhileGone,
        after,
        trouble,
        rows,
        awayMillis);
  }
}
