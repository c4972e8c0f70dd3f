package io.tlengine.pgcheck.scenario;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.PodNames;
import io.tlengine.pgcheck.fact.PodNames.Answer;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.plan.DatabaseSet;
import io.tlengine.pgcheck.scenario.journal.Changes;
import io.tlengine.pgcheck.scenario.pod.PodShell;
import io.tlengine.pgcheck.scenario.pod.Pods;
import io.tlengine.pgcheck.scenario.progress.Progress;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * PGC-704: asks for each pod by its own name from inside the cluster, deletes the pod, and asks
 * again when its successor is ready. No data is touched.
 */
public final class PodNamesScenario implements Scenario<PodNames> {

  private static final Duration COMMAND = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(200);

  /** What a DNS server may keep an old address for (CoreDNS in Kubernetes: 30 s at most). */
  private static final Duration DNS_MEMORY = Duration.ofSeconds(45);

  private final Cluster cluster;
  private final String namespace;
  private final List<DatabaseSet> sets;
  private final Progress progress;
  private final Pods pods;

  /**
   * @param sets the database's, and those of its standbys
   */
  public PodNamesScenario(
      Cluster cluster, String namespace, List<DatabaseSet> sets, Progress progress) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.sets = List.copyOf(sets);
    this.progress = progress;
    this.pods = new Pods(cluster, namespace);
  }

  @Override
  public FactKey<PodNames> brings() {
    return FactKey.POD_NAMES;
  }

  @Override
  public List<String> changes() {
    return sets.stream()
        .map(
            s ->
                "delete each pod of StatefulSet/"
                    + s.name()
                    + ", one after another, and ask for it by name from inside the cluster")
        .toList();
  }

  @Override
  public PodNames run(Changes changes, Duration timeout)
      throws ScenarioException, InterruptedException {
    var deadline = Instant.now().plus(timeout);
    var answers = new ArrayList<Answer>();
    for (var set : sets) {
      var service = service(set);
      for (int i = 0; i < set.replicas(); i++) {
        var pod = ready(set.podName(set.firstOrdinal() + i));
        progress.about(pod.getMetadata().getName());
        var name = pod.getMetadata().getName() + "." + service + "." + namespace + ".svc";
        answers.add(ask(set, pod, name, false, deadline));
        changes.before();
        pods.delete(pod);
        progress.step("deleted the pod " + pod.getMetadata().getName());
        var successor = pods.awaitSuccessor(pod, deadline);
        var answer = ask(set, successor, name, true, deadline);
        progress.step(
            name
                + (answer.isThatPod() ? " leads to the new pod" : " does not lead to the new pod")
                + ", "
                + answer.waitedMillis()
                + " ms after it was ready");
        answers.add(answer);
      }
    }
    return new PodNames(namespace, answers);
  }

  private String service(DatabaseSet set) throws ScenarioException {
    var live =
        cluster.client().apps().statefulSets().inNamespace(namespace).withName(set.name()).get();
    var service = live == null ? null : live.getSpec().getServiceName();
    if (service == null || service.isEmpty()) {
      throw new ScenarioException(
          "StatefulSet/" + set.name() + " has no serviceName, so its pods have no names",
          "name a headless Service in spec.serviceName (the set must be made anew)");
    }
    return service;
  }

  private Pod ready(String name) throws ScenarioException {
    var pod = pods.get(name).orElse(null);
    if (pod == null || !Pods.ready(pod)) {
      throw new ScenarioException(
          name + (pod == null ? " does not exist" : " is not ready") + ", so it was not deleted",
          "kubectl describe pod " + name + " -n " + namespace);
    }
    return pod;
  }

  /** Asks until the answer is right, or until no DNS server would remember the old one. */
  private Answer ask(DatabaseSet set, Pod pod, String name, boolean after, Instant deadline)
      throws ScenarioException, InterruptedException {
    var from = asker(pod);
    var shell = new PodShell(cluster, namespace, from.pod(), from.container());
    long start = System.nanoTime();
    var patience = Instant.now().plus(after ? DNS_MEMORY : PAUSE);
    while (true) {
      var ran = shell.script(COMMAND, "server-name", name, String.valueOf(set.port()));
      long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      var answer =
          new Answer(
              pod.getMetadata().getName(),
              name,
              after,
              from.pod(),
              pod.getStatus().getPodIPs().stream().map(PodIP::getIp).toList(),
              lines(ran.out(), "dns"),
              lines(ran.out(), "server").stream().findFirst(),
              lines(ran.out(), "refused").stream().findFirst(),
              !ran.out().isBlank() || ran.code() == 0,
              waited);
      if (answer.isThatPod()
          || Instant.now().isAfter(patience)
          || Instant.now().isAfter(deadline)) {
        return answer;
      }
      TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
    }
  }

  private record Asker(String pod, String container) {}

  /** Another ready pod of the release where there is one: its own name a pod might know itself. */
  private Asker asker(Pod pod) {
    for (var set : sets) {
      for (int i = 0; i < set.replicas(); i++) {
        var name = set.podName(set.firstOrdinal() + i);
        if (!name.equals(pod.getMetadata().getName()) && Pods.ready(pods.get(name).orElse(null))) {
          return new Asker(name, set.container());
        }
      }
    }
    var own = pod.getMetadata().getName();
    return new Asker(
        own,
        sets.stream()
            .filter(s -> own.startsWith(s.name() + "-"))
            .map(DatabaseSet::container)
            .findFirst()
            .orElse(""));
  }

  private static List<String> lines(String text, String word) {
    return text.lines()
        .filter(l -> l.startsWith(word + " "))
        .map(l -> l.substring(word.length() + 1).strip())
        .distinct()
        .toList();
  }
}
