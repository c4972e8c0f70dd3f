package io.tlengine.pgcheck.scenario;

import io.tlengine.pgcheck.fact.CrashRun;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.api.Secrets;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.scenario.crash.CrashLab;
import io.tlengine.pgcheck.scenario.crash.Ledger;
import io.tlengine.pgcheck.scenario.crash.PodServer;
import io.tlengine.pgcheck.scenario.crash.Victim;
import io.tlengine.pgcheck.scenario.journal.Changes;
import io.tlengine.pgcheck.scenario.journal.Journal.Entry;
import io.tlengine.pgcheck.scenario.pod.Pods;
import io.tlengine.pgcheck.scenario.progress.Progress;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.server.Credentials;
import io.tlengine.pgcheck.scenario.server.LabSchema;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * PGC-706: processes of the release's own server are ended by SIGKILL while writers write. Nothing
 * of the kind is ever done to a database that the release does not run.
 */
public final class CommitsSurviveKillScenario implements Scenario<CrashRun> {

  private static final List<Victim> VICTIMS =
      List.of(Victim.OWN_BACKEND, Victim.CHECKPOINTER, Victim.WAL_WRITER);

  private final Cluster cluster;
  private final String namespace;
  private final DatabaseSet set;
  private final Progress progress;
  private final Credentials credentials;

  public CommitsSurviveKillScenario(
      Cluster cluster, String namespace, DatabaseSet set, Progress progress) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.set = set;
    this.progress = progress;
    this.credentials = new Credentials(new Secrets(cluster, namespace));
  }

  @Override
  public FactKey<CrashRun> brings() {
    return FactKey.CRASH_RUN;
  }

  @Override
  public List<String> changes() {
    return List.of(
        "create the schema "
            + LabSchema.NAME
            + " in the database, and write to it from "
            + CrashLab.WRITERS
            + " connections",
        "end "
            + VICTIMS.size()
            + " times a process of the server in "
            + set.podName(set.firstOrdinal())
            + " by SIGKILL, and once more to read the rows behind another restart: clients lose their connections until it has recovered, in seconds",
        "drop the schema " + LabSchema.NAME);
  }

  @Override
  public CrashRun run(Changes changes, Duration timeout)
      throws ScenarioException, InterruptedException {
    var deadline = Instant.now().plus(timeout);
    var name = set.podName(set.firstOrdinal());
    var pod = new Pods(cluster, namespace).get(name).orElse(null);
    if (pod == null || !Pods.ready(pod)) {
      throw new ScenarioException(
          name + (pod == null ? " does not exist" : " is not ready") + ", so nothing was killed",
          "kubectl describe pod " + name + " -n " + namespace);
    }
    progress.about(name);
    try (var server = PodServer.open(cluster, namespace, set, pod, credentials);
        var ledger = Ledger.create()) {
      changes.before(new Entry.PodSchema(set.name(), name));
      return new CrashLab(server, ledger, changes::before, progress, deadline)
          .run(namespace, set.name(), name, VICTIMS);
    }
  }
}
