package io.tlengine.pgcheck.scenario;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Scaling;
import io.tlengine.pgcheck.fact.Scaling.Move;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.scenario.journal.Changes;
import io.tlengine.pgcheck.scenario.journal.Journal.Entry;
import io.tlengine.pgcheck.scenario.progress.Progress;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.statefulset.PodWatch;
import io.tlengine.pgcheck.scenario.statefulset.PrimaryServer;
import io.tlengine.pgcheck.scenario.statefulset.ScalingLab;
import io.tlengine.pgcheck.scenario.statefulset.ScalingPath;
import io.tlengine.pgcheck.scenario.statefulset.SetScale;
import io.tlengine.pgcheck.scenario.statefulset.SetServers;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * PGC-702, 703 and 705: a StatefulSet is scaled in and out while its pods' events are written down;
 * what was written to each pod is read back from the pod of the same ordinal.
 */
public final class ScalingScenario implements Scenario<Scaling> {

  private final Cluster cluster;
  private final String namespace;
  private final DatabaseSet set;
  private final SetServers servers;
  private final Optional<DatabaseSet> primary;
  private final Progress progress;
  private final List<Integer> path;

  /**
   * @param primary of which the set's pods are copies; empty: each pod has data of its own
   */
  ScalingScenario(
      Cluster cluster,
      String namespace,
      SetServers servers,
      Optional<DatabaseSet> primary,
      Progress progress) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.servers = servers;
    this.set = servers.set();
    this.primary = primary;
    this.progress = progress;
    this.path =
        primary.isPresent()
            ? ScalingPath.copies(set.replicas())
            : ScalingPath.independent(set.replicas());
  }

  @Override
  public FactKey<Scaling> brings() {
    return FactKey.SCALING;
  }

  @Override
  public Change change() {
    return Change.SCALES;
  }

  @Override
  public List<String> changes() {
    var numbers = String.join(" -> ", path.stream().map(String::valueOf).toList());
    var changes = new ArrayList<String>();
    changes.add(
        servers.writing(ScalingLab.RANDOM_ROWS, primary.isPresent() ? "the primary" : "each pod"));
    changes.add(
        "scale StatefulSet/"
            + set.name()
            + " "
            + numbers
            + ": clients of a pod that goes lose their connections");
    if (peak() > set.replicas()) {
      changes.add(
          "delete the claims that did not exist before: those of "
              + set.podName(set.firstOrdinal() + set.replicas())
              + " to "
              + set.podName(set.firstOrdinal() + peak() - 1));
    }
    return changes;
  }

  private int peak() {
    return Collections.max(path);
  }

  @Override
  public Scaling run(Changes changes, Duration timeout)
      throws ScenarioException, InterruptedException {
    var deadline = Instant.now().plus(timeout);
    var live =
        cluster.client().apps().statefulSets().inNamespace(namespace).withName(set.name()).get();
    if (live == null || SetScale.replicas(live) != set.replicas()) {
      throw new ScenarioException(
          "StatefulSet/" + set.name() + " was scaled or deleted meanwhile, so it was left alone",
          "wait until nobody changes it, and run again");
    }
    var newClaims = newClaims(live);
    var lab =
        primary.isPresent()
            ? ScalingLab.ofCopies(
                servers, new PrimaryServer(cluster, namespace, primary.get()), changes)
            : ScalingLab.ofIndependent(servers, changes);
    var before = SetScale.before(live);
    var moves = new ArrayList<Move>();
    var ordered = !"Parallel".equals(live.getSpec().getPodManagementPolicy());
    lab.begin(deadline);
    changes.before(before);
    if (!newClaims.isEmpty()) {
      changes.before(new Entry.NewClaims(set.name(), newClaims));
    }
    Optional<String> trouble = Optional.empty();
    try (var watch =
        new PodWatch(cluster, namespace, set.name(), live.getSpec().getSelector(), progress)) {
      lab.visit(ordinals(0, set.replicas()), deadline);
      progress.step(
          "wrote rows of their own to " + (primary.isPresent() ? "the primary" : "each pod"));
      for (int i = 1; i < path.size(); i++) {
        moves.add(move(before, path.get(i - 1), path.get(i), watch, changes, deadline));
        if (path.get(i) < path.get(i - 1)) {
          lab.gone(ordinals(path.get(i), path.get(i - 1)));
        } else {
          lab.visit(ordinals(path.get(i - 1), path.get(i)), deadline);
        }
      }
      lab.end(deadline);
      progress.step("read back the rows of " + lab.returned().size() + " pods that had been away");
    } catch (ScenarioException e) {
      trouble = Optional.of(e.getMessage());
    } catch (SQLException e) {
      trouble = Optional.of(Failure.of(e));
    }
    return new Scaling(
        namespace,
        set.name(),
        primary.isEmpty(),
        ordered,
        path,
        lab.returned(),
        moves,
        lab.replication(),
        trouble);
  }

  private Move move(
      Entry.Replicas before, int from, int to, PodWatch watch, Changes changes, Instant deadline)
      throws ScenarioException, InterruptedException {
    changes.before();
    var scale = new SetScale(cluster, namespace);
    scale.scale(before, from, to);
    watch.await(set.firstOrdinal(), to, deadline);
    scale.awaitPods(set.name(), to, deadline);
    progress.about("");
    progress.step("scaled " + set.name() + " from " + from + " to " + to);
    return new Move(from, to, watch.take(), watch.complete());
  }

  private List<Integer> ordinals(int from, int to) {
    return IntStream.range(set.firstOrdinal() + from, set.firstOrdinal() + to).boxed().toList();
  }

  /**
   * The claims that the set's controller is going to make.
   *
   * @throws ScenarioException when one of them exists: its data is of an earlier time, and a server
   *     would be started on it
   */
  private List<String> newClaims(StatefulSet live) throws ScenarioException {
    var names = new ArrayList<String>();
    for (var template : live.getSpec().getVolumeClaimTemplates()) {
      for (int ordinal : ordinals(set.replicas(), peak())) {
        var name = template.getMetadata().getName() + "-" + set.podName(ordinal);
        if (cluster.client().persistentVolumeClaims().inNamespace(namespace).withName(name).get()
            != null) {
          throw new ScenarioException(
              "the claim "
                  + name
                  + " exists and its pod does not: it holds data of an earlier time, which is left"
                  + " alone",
              "scale StatefulSet/"
                  + set.name()
                  + " so that its pod runs, or, if nobody needs the data: kubectl delete pvc "
                  + name
                  + " -n "
                  + namespace);
        }
        names.add(name);
      }
    }
    return names;
  }
}
