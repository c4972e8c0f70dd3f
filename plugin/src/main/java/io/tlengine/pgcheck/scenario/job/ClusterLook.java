package io.tlengine.pgcheck.scenario.job;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tlengine.pgcheck.fact.Fact;
import io.tlengine.pgcheck.fact.FactKey;
import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.gather.api.Cluster;
import io.tlengine.pgcheck.gather.failure.Failure;
import io.tlengine.pgcheck.gather.saved.LookOrder;
import io.tlengine.pgcheck.gather.saved.PodAnswer;
import io.tlengine.pgcheck.plan.Migrations;
import io.tlengine.pgcheck.plan.Plan;
import io.tlengine.pgcheck.plan.Plan.DatabaseMode;
import io.tlengine.pgcheck.scenario.progress.Progress;
import io.tlengine.pgcheck.scenario.progress.ScenarioException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at names and database from a pod of the release's namespace. The Job that makes the pod is
 * deleted whatever happens, and ends by itself when nobody is left to do so.
 */
public final class ClusterLook {

  /** The facts that a pod brings. */
  public static final Set<FactKey<?>> BRINGS =
      Set.of(
          FactKey.CLUSTER_DNS,
          FactKey.URL,
          FactKey.CONNECTION,
          FactKey.DATABASE_FACTS,
          FactKey.OTHER_DATABASES,
          FactKey.CREATE_PROOF,
          FactKey.ROUTES);

  /** How long the Job outlives the time that we wait for it. */
  private static final Duration MARGIN = Duration.ofSeconds(60);

  private static final Duration SHORTEST = Duration.ofSeconds(10);

  /** For the connections alone: the rest is for the pod to be scheduled and to start. */
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(20);

  private static final int MOST_LOG_BYTES = 4 << 20;
  private static final String RIGHTS =
      "helm pgcheck preflight --print-rbac --from-cluster prints the Role that it takes";

  private final Cluster cluster;
  private final String namespace;
  private final Progress progress;
  private final Duration given;

  /**
   * @param given the user's --timeout, for what did not end in it
   */
  public ClusterLook(Cluster cluster, String namespace, Progress progress, Duration given) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.progress = progress;
    this.given = given;
  }

  /**
   * @param image of pgcheck; absent: the one that the chart names
   * @param wanted the facts to bring, as far as a pod does
   * @param timeout for all of it, the cleaning up included
   * @return what the pod saw
   * @throws ScenarioException when no pod could look, with what stood in the way
   * @throws InterruptedException when the program was told to end; what was made is gone then
   */
  public Facts look(Plan plan, Optional<String> image, Set<FactKey<?>> wanted, Duration timeout)
      throws ScenarioException, InterruptedException {
    var name = image.or(() -> ApplicationPod.image(plan));
    if (name.isEmpty()) {
      throw new ScenarioException(
          "no pgcheck image is named, and a pod needs one to look from the cluster",
          "name one that the nodes can pull: --image REGISTRY/pgcheck:TAG (ci/images/build pgcheck"
              + " makes it)");
    }
    var time = timeout.minus(LookJob.CLEAN_UP);
    time = time.compareTo(SHORTEST) < 0 ? SHORTEST : time;
    var look = time.dividedBy(2);
    try {
      var objects = objects(plan, name.get());
      var order =
          new LookOrder(
              objects.name(),
              plan.mode() == DatabaseMode.EXTERNAL ? plan.urlSources() : List.of(),
              Migrations.of(plan),
              wanted.stream().filter(BRINGS::contains).map(k -> k.name()).sorted().toList(),
              Optional.ofNullable(objects.pod().getDnsPolicy()).orElse("ClusterFirst"),
              (look.compareTo(LONGEST_LOOK) < 0 ? look : LONGEST_LOOK).toMillis());
      return completed(plan, run(objects, order, time));
    } catch (KubernetesClientException e) {
      if (Thread.interrupted() || e.getCause() instanceof InterruptedException) {
        throw new InterruptedException();
      }
      throw refused(e);
    }
  }

  private static Facts completed(Plan plan, Facts facts) {
    var secret = plan.urlSource().map(u -> u.secret()).orElse("");
    boolean rendered =
        plan.secrets().stream().anyMatch(s -> s.name().equals(secret) && s.renderedByChart());
    for (var key : BRINGS) {
      if (plan.mode() == DatabaseMode.STATEFULSET && !key.equals(FactKey.CLUSTER_DNS)) {
        facts = facts.with(key, Fact.notApplicable("the release brings its own database"));
      } else if (rendered && facts.fact(key) instanceof Fact.NotApplicable<?>) {
        facts =
            facts.with(
                key,
                Fact.unavailable(
                    "the chart itself makes the Secret " + secret + ", so no pod can have it yet",
                    "look again after the install, or make the Secret before it"));
      }
    }
    return facts;
  }

  private LookObjects objects(Plan plan, String image) throws ScenarioException {
    var application = ApplicationPod.of(plan);
    var labels = application.map(w -> w.podLabels()).orElse(Map.of());
    refuseEndpoint(labels);
    var pod = application.map(w -> w.pod()).orElseGet(() -> new PodSpecBuilder().build());
    return new LookObjects(
        HelperJob.newName("pgcheck-look"),
        image,
        account(pod.getServiceAccountName()),
        labels,
        pod);
  }

  /** A Service that publishes pods that are not ready would send its clients to ours. */
  private void refuseEndpoint(Map<String, String> labels) throws ScenarioException {
    if (labels.isEmpty()) {
      return;
    }
    var selecting =
        client().services().inNamespace(namespace).list().getItems().stream()
            .filter(s -> selects(s, labels))
            .findFirst();
    if (selecting.isPresent()) {
      var service = selecting.get().getMetadata().getName();
      throw new ScenarioException(
          "the Service "
              + service
              + " publishes pods that are not ready, and would take the pod that looks for one of"
              + " the application's",
          "look by hand from a pod of the application, or let the Service publish ready pods alone:"
              + " kubectl patch service "
              + service
              + " -n "
              + namespace
              + " -p '{\"spec\":{\"publishNotReadyAddresses\":false}}'");
    }
  }

  private static boolean selects(Service service, Map<String, String> labels) {
    var selector = service.getSpec().getSelector();
    return Boolean.TRUE.equals(service.getSpec().getPublishNotReadyAddresses())
        && selector != null
        && !selector.isEmpty()
        && labels.entrySet().containsAll(selector.entrySet());
  }

  /** Before an install the release's own account is not there; who may not look takes default. */
  private String account(@org.jspecify.annotations.Nullable String planned) {
    try {
      return planned != null
              && client().serviceAccounts().inNamespace(namespace).withName(planned).get() != null
          ? planned
          : "default";
    } catch (KubernetesClientException e) {
      return "default";
    }
  }

  private Facts run(LookObjects objects, LookOrder order, Duration time)
      throws ScenarioException, InterruptedException {
    var jobs = new LookJob(cluster, namespace, progress, given);
    jobs.mayBeDeleted();
    try {
      var job = jobs.create(objects.job(order, time.plus(MARGIN)));
      progress.step("made the Job " + objects.name() + ": a pod looks from the cluster");
      return answer(objects, jobs.await(job, time));
    } finally {
      jobs.putAway(objects.name());
    }
  }

  private Facts answer(LookObjects objects, Pod pod) throws ScenarioException {
    var hopeless = ProbeResult.hopeless(pod);
    if (hopeless.isPresent()) {
      throw unbegun(objects.image(), pod, hopeless.get());
    }
    var log =
        client()
            .pods()
            .inNamespace(namespace)
            .withName(pod.getMetadata().getName())
            .inContainer(LookObjects.CONTAINER)
            .limitBytes(MOST_LOG_BYTES)
            .getLog();
    return switch (PodAnswer.read(objects.name(), log)) {
      case PodAnswer.Answer.Complete complete -> {
        progress.step("the pod on " + pod.getSpec().getNodeName() + " has looked");
        yield complete.facts();
      }
      case PodAnswer.Answer.Unusable none ->
          throw new ScenarioException(
              none.why() + ownWords(log),
              "see that --image "
                  + objects.image()
                  + " is pgcheck's, and of the version of this plugin");
    };
  }

  static ScenarioException unbegun(String image, Pod pod, String why) {
    return ProbeResult.withoutImage(pod)
        ? new ScenarioException(
            "the image " + image + " cannot be pulled: " + why,
            "correct --image: it takes one of pgcheck that the nodes can pull, such as"
                + " REGISTRY/pgcheck:TAG")
        : new ScenarioException(
            "the pod that looks did not begin: " + why,
            "name a pgcheck image that the nodes can pull: --image REGISTRY/pgcheck:TAG");
  }

  /** A foreign image may print its variables, so only lines of pgcheck's own are repeated. */
  private static String ownWords(String log) {
    return log.lines().filter(l -> l.startsWith("pgcheck: ")).reduce((a, b) -> b).stream()
        .map(l -> " (" + l + ")")
        .findFirst()
        .orElse("");
  }

  /** Quota, admission and rights have their own codes: nothing was shown about the database. */
  private static ScenarioException refused(KubernetesClientException e) {
    boolean rights = e.getCode() == HttpURLConnection.HTTP_FORBIDDEN;
    return new ScenarioException(
        "no pod could look from the cluster: " + Failure.of(e), rights ? RIGHTS : "run again");
  }

  private KubernetesClient client() {
    return cluster.client();
  }
}
