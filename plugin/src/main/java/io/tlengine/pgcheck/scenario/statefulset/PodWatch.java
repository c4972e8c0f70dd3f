package io.tlengine.pgcheck.scenario.statefulset;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.tlengine.pgcheck.fact.Scaling.PodEvent;
import io.tlengine.pgcheck.fact.Scaling.PodEvent.Kind;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.scenario.pod.Pods;
import io.tlengine.pgcheck.scenario.progress.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes down what becomes of a StatefulSet's pods, in the order of the API server's watch: it is
 * one order over all of them, whatever the clocks of the nodes say.
 */
public final class PodWatch implements AutoCloseable {

  private final String prefix;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, Set<Kind>> seen = new HashMap<>();
  private final Map<Integer, String> uids = new HashMap<>();
  private final List<PodEvent> events = new ArrayList<>();
  private Progress progress = line -> {};
  private boolean broken;
  private final Watch watch;

  /**
   * @param progress hears of each pod that is ready or gone
   */
  public PodWatch(
      Cluster cluster, String namespace, String set, LabelSelector selector, Progress progress) {
    this.prefix = set + "-";
    var pods = cluster.client().pods().inNamespace(namespace).withLabelSelector(selector);
    var list = pods.list();
    // What is there already is no event of ours.
    list.getItems().forEach(this::note);
    events.clear();
    this.progress = progress;
    this.watch =
        pods.withResourceVersion(list.getMetadata().getResourceVersion())
            .watch(
                new Watcher<>() {
                  @Override
                  public void eventReceived(Action action, Pod pod) {
                    received(action, pod);
                  }

                  @Override
                  public void onClose(WatcherException cause) {
                    lose();
                  }
                });
  }

  /** What was seen since the last call. */
  public List<PodEvent> take() {
    lock.lock();
    try {
      var taken = List.copyOf(events);
      events.clear();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** False when the watch was lost, so that something may be missing. */
  public boolean complete() {
    lock.lock();
    try {
      return !broken;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until as many pods as this, counted from the first ordinal, are ready and all others are
   * gone, or the watch is lost, or the deadline has passed.
   */
  public void await(int first, int replicas, Instant deadline) throws InterruptedException {
    lock.lock();
    try {
      long nanos = Duration.between(Instant.now(), deadline).toNanos();
      while (!settled(first, replicas) && !broken && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean settled(int first, int replicas) {
    if (uids.size() != replicas) {
      return false;
    }
    for (int ordinal = first; ordinal < first + replicas; ordinal++) {
      var uid = uids.get(ordinal);
      var kinds = uid == null ? Set.<Kind>of() : seen.getOrDefault(uid, Set.of());
      if (!kinds.contains(Kind.READY) || kinds.contains(Kind.ENDING)) {
        return false;
      }
    }
    return true;
  }

  private void received(Watcher.Action action, Pod pod) {
    lock.lock();
    try {
      switch (action) {
        case ADDED, MODIFIED -> note(pod);
        case DELETED -> {
          note(pod);
          add(pod, Kind.GONE);
          ordinal(pod).ifPresent(o -> uids.remove(o, pod.getMetadata().getUid()));
        }
        case ERROR -> broken = true;
        case BOOKMARK -> {}
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void lose() {
    lock.lock();
    try {
      broken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void note(Pod pod) {
    ordinal(pod).ifPresent(o -> uids.put(o, pod.getMetadata().getUid()));
    add(pod, Kind.MADE);
    if (Pods.ready(pod)) {
      add(pod, Kind.READY);
    }
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      add(pod, Kind.ENDING);
    }
  }

  /** Each kind once for each pod. */
  private void add(Pod pod, Kind kind) {
    var ordinal = ordinal(pod);
    if (ordinal.isPresent()
        && seen.computeIfAbsent(pod.getMetadata().getUid(), u -> EnumSet.noneOf(Kind.class))
            .add(kind)) {
      events.add(new PodEvent(ordinal.get(), kind));
      tell(pod.getMetadata().getName(), kind);
    }
  }

  private void tell(String pod, Kind kind) {
    switch (kind) {
      case READY, GONE -> {
        progress.about(pod);
        progress.step(pod + (kind == Kind.READY ? " is ready" : " is gone"));
      }
      case MADE, ENDING -> {}
    }
  }

  private Optional<Integer> ordinal(Pod pod) {
    var name = pod.getMetadata().getName();
    var digits = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
    return digits.matches("\\d{1,9}") ? Optional.of(Integer.parseInt(digits)) : Optional.empty();
  }

  @Override
  public void close() {
    watch.close();
  }
}
