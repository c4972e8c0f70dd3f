package io.tlengine.pgcheck.scenario;

import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.PodDeletion;
import io.tlengine.pgcheck.fact.PodDeletion.Round;
import io.tlengine.pgcheck.fact.RowSet;
import io.tlengine.pgcheck.scenario.journal.Changes;
import io.tlengine.pgcheck.scenario.progress.Progress;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.statefulset.PodDeletionLab;
import io.tlengine.pgcheck.scenario.statefulset.SetServers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * PGC-701, the lab: write rows, delete the pod, wait for its successor, read the rows back. Each
 * pod that is written to in turn, then all at once with the standbys, which PGC-707 restarts one by
 * one. Only the own schema is touched.
 */
public final class PodDeletionScenario implements Scenario<PodDeletion> {

  private final SetServers servers;
  private final List<String> written;
  private final List<SetServers> standbys;
  private final Progress progress;

  /**
   * @param written pods of the set that rows are written to, each rows of its own
   * @param standbys sets of copies of the first one
   */
  PodDeletionScenario(
      SetServers servers, List<String> written, List<SetServers> standbys, Progress progress) {
    this.servers = servers;
    this.written = List.copyOf(written);
    this.standbys = List.copyOf(standbys);
    this.progress = progress;
  }

  @Override
  public FactKey<PodDeletion> brings() {
    return FactKey.POD_DELETION;
  }

  @Override
  public List<String> changes() {
    var changes = new ArrayList<String>();
    var all = new ArrayList<>(written);
    standbys.forEach(s -> all.addAll(s.set().podNames()));
    changes.add(
        servers.writing(
            PodDeletionLab.RANDOM_ROWS,
            written.size() > 1 ? "each pod" : String.join("", written)));
    changes.add(
        (written.size() > 1 ? "delete each of the pods " : "delete the pod ")
            + String.join(", ", written)
            + (written.size() > 1 ? ", one after another" : "")
            + ": clients lose their connections until its successor is ready");
    if (all.size() > 1) {
      changes.add("delete all of " + String.join(", ", all) + " at once: nobody answers meanwhile");
    }
    changes.add(servers.removing());
    return changes;
  }

  @Override
  public PodDeletion run(Changes changes, Duration timeout)
      throws ScenarioException, InterruptedException {
    var deadline = Instant.now().plus(timeout);
    var lab = new PodDeletionLab(servers, standbys, changes, progress, deadline);
    lab.begin(written);
    var turns = new ArrayList<List<String>>();
    written.forEach(pod -> turns.add(List.of(pod)));
    if (lab.pods().size() > 1) {
      turns.add(lab.pods());
    }
    var rounds = new ArrayList<Round>();
    for (var turn : turns) {
      var obstacle = lab.delete(turn, rounds);
      if (obstacle.isEmpty() && rounds.size() < turns.size()) {
        obstacle = whyNotOn(rounds.getLast());
      }
      if (obstacle.isPresent()) {
        return result(rounds, obstacle);
      }
    }
    return result(rounds, Optional.empty());
  }

  /** Where one deletion has shown a loss, another one would only destroy more. */
  private static Optional<String> whyNotOn(Round last) {
    for (var pod : last.pods()) {
      if (pod.trouble().isPresent()) {
        return pod.trouble();
      }
      if (!pod.rows().stream().allMatch(RowSet::intact)) {
        return Optional.of(
            pod.pod() + " had not its rows again, so no other pod was deleted after it");
      }
    }
    return Optional.empty();
  }

  private PodDeletion result(List<Round> rounds, Optional<String> obstacle) {
    return new PodDeletion(
        servers.namespace(), servers.set().name(), servers.software(), rounds, obstacle);
  }
}
