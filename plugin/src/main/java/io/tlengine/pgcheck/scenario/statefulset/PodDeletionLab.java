package io.tlengine.pgcheck.scenario.statefulset;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.fact.PodDeletion.DeletedPod;
import io.tlengine.pgcheck.fact.PodDeletion.Instance;
import io.tlengine.pgcheck.fact.PodDeletion.Round;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.scenario.journal.Changes;
import io.tlengine.pgcheck.scenario.progress.Progress;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import io.tlengine.pgcheck.scenario.server.LabRows;
import io.tlengine.pgcheck.scenario.server.PodConnection;
import io.tlengine.pgcheck.scenario.server.StandbySql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** The pods of the pod deletion scenario, with what each has to show when it is back. */
public final class PodDeletionLab {

  /** Rows beside the three usuarios, for each pod. */
  public static final int RANDOM_ROWS = 1_000;

  private final SetServers servers;
  private final List<SetServers> standbys;
  private final Changes changes;
  private final Progress progress;
  private final Instant deadline;
  private final Map<String, Subject> subjects = new LinkedHashMap<>();
  private final ReentrantLock speaking = new ReentrantLock();

  public PodDeletionLab(
      SetServers servers,
      List<SetServers> standbys,
      Changes changes,
      Progress progress,
      Instant deadline) {
    this.servers = servers;
    this.standbys = standbys;
    this.changes = changes;
    this.progress = progress;
    this.deadline = deadline;
  }

  /**
   * A pod as it is now.
   *
   * @param position of the primary's WAL behind the rows; a standby shows them once it is there
   */
  private record Subject(
      SetServers servers, Pod pod, Instance instance, LabRows rows, Optional<String> position) {

    private String name() {
      return pod.getMetadata().getName();
    }
  }

  private record Deletion(Subject subject, long startNanos) {}

  private record Returned(DeletedPod seen, Optional<Subject> now) {}

  /** Writes to these pods, and waits until the standbys have it. */
  public void begin(List<String> names) throws ScenarioException, InterruptedException {
    var pods = new LinkedHashMap<String, Pod>();
    for (var name : names) {
      pods.put(name, servers.ready(name));
    }
    for (var pod : pods.entrySet()) {
      try (var server = servers.server(pod.getKey(), deadline)) {
        var rows = servers.rows(RANDOM_ROWS);
        var before = servers.instance(pod.getValue(), server);
        changes.before(servers.entry(pod.getKey()));
        server.write(rows);
        subjects.put(
            pod.getKey(), new Subject(servers, pod.getValue(), before, rows, Optional.empty()));
        if (!standbys.isEmpty() && server instanceof PodConnection primary) {
          addStandbys(rows, StandbySql.position(primary.jdbc()));
        }
        say(
            pod.getKey(),
            "wrote "
                + rows.usuarios().size()
                + " usuarios and "
                + rows.randomRows().size()
                + " random rows on "
                + before.node()
                + (names.size() > 1 ? ", in " + pod.getKey() : ""));
      } catch (SQLException e) {
        throw new ScenarioException(
            "the rows could not be written to "
                + pod.getKey()
                + ", and nothing was deleted: "
                + Failure.of(e),
            servers.remedyOfWriting(pod.getKey()));
      }
    }
  }

  private void addStandbys(LabRows rows, String position)
      throws SQLException, ScenarioException, InterruptedException {
    for (var set : standbys) {
      for (var name : set.set().podNames()) {
        var pod = set.ready(name);
        try (var standby = set.open(name, deadline)) {
          awaitPosition(standby, name, position);
          subjects.put(
              name, new Subject(set, pod, set.instance(pod, standby), rows, Optional.of(position)));
        }
      }
    }
  }

  private void awaitPosition(PodConnection standby, String name, String position)
      throws SQLException, ScenarioException, InterruptedException {
    if (!StandbySql.awaitReplay(standby.jdbc(), position, deadline)) {
      throw new ScenarioException(
          name + " has not replayed the primary's position " + position + " in time",
          "kubectl logs " + name + " -n " + servers.namespace());
    }
  }

  /** Those that were begun with. */
  public List<String> pods() {
    return List.copyOf(subjects.keySet());
  }

  /**
   * Deletes these pods at once and waits for their successors.
   *
   * @param rounds gets one more if anything was deleted
   * @return why one was not deleted
   */
  public Optional<String> delete(List<String> names, List<Round> rounds)
      throws InterruptedException {
    var deletions = new ArrayList<Deletion>();
    Optional<String> obstacle = Optional.empty();
    var pods = servers.pods();
    for (var name : names) {
      var subject = Objects.requireNonNull(subjects.get(name));
      try {
        changes.before();
        pods.delete(subject.pod());
        deletions.add(new Deletion(subject, System.nanoTime()));
        say(name, "deleted the pod " + name);
      } catch (ScenarioException | KubernetesClientException e) {
        unlessInterrupted(e);
        obstacle = Optional.of(Failure.of(e));
        break;
      }
    }
    var returned = new ArrayList<DeletedPod>();
    for (var one : await(deletions)) {
      one.now().ifPresent(s -> subjects.put(s.name(), s));
      returned.add(one.seen());
    }
    if (!returned.isEmpty()) {
      rounds.add(new Round(returned));
    }
    return obstacle;
  }

  /** Each on a thread of its own, so that each has times of its own. */
  private List<Returned> await(List<Deletion> deletions) throws InterruptedException {
    if (deletions.size() == 1) {
      return List.of(await(deletions.getFirst()));
    }
    List<Future<Returned>> answers;
    // Told to end, it ends the others, and closing waits for them.
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      answers =
          threads.invokeAll(
              deletions.stream().<Callable<Returned>>map(d -> () -> await(d)).toList());
    }
    var all = new ArrayList<Returned>();
    for (var answer : answers) {
      try {
        all.add(answer.get());
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
      }
    }
    return all;
  }

  private Returned await(Deletion deletion) throws InterruptedException {
    var subject = deletion.subject();
    var name = subject.name();
    long gone = 0;
    long ready = 0;
    try {
      var pods = servers.pods();
      pods.awaitGone(subject.pod(), deadline);
      gone = millisSince(deletion.startNanos());
      say(name, name + " is gone");
      var successor = pods.awaitSuccessor(subject.pod(), deadline);
      ready = millisSince(deletion.startNanos());
      say(name, name + " is ready again on " + successor.getSpec().getNodeName());
      try (var server = subject.servers().server(name, deadline)) {
        long served = millisSince(deletion.startNanos());
        if (subject.position().isPresent() && server instanceof PodConnection standby) {
          awaitPosition(standby, name, subject.position().get());
        }
        var after = subject.servers().instance(successor, server);
        var found = server.read();
        say(name, "read back " + found.describe() + (subjects.size() > 1 ? " in " + name : ""));
        return new Returned(
            new DeletedPod(
                name,
                subject.instance(),
                Optional.of(after),
                Optional.empty(),
                subject.rows().compare(found),
                gone,
                ready,
                served),
            Optional.of(
                new Subject(
                    subject.servers(), successor, after, subject.rows(), subject.position())));
      }
    } catch (SQLException | ScenarioException | KubernetesClientException e) {
      unlessInterrupted(e);
      return new Returned(
          new DeletedPod(
              name,
              subject.instance(),
              Optional.empty(),
              Optional.of(Failure.of(e)),
              List.of(),
              gone,
              ready,
              0),
          Optional.empty());
    }
  }

  private static void unlessInterrupted(Exception e) throws InterruptedException {
    if (Thread.interrupted() || e.getCause() instanceof InterruptedException) {
      throw new InterruptedException();
    }
  }

  /** Pods that come back at the same time speak at the same time. */
  private void say(String pod, String line) {
    speaking.lock();
    try {
      progress.about(pod);
      progress.step(line);
    } finally {
      speaking.unlock();
    }
  }

  private static long millisSince(long startNanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
  }
}
